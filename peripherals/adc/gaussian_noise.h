// White Gaussian noise by number: value n is a function of (seed, n) alone, whoever asks in
// whatever order.
//
// The ziggurat method (Marsaglia and Tsang): the bell is cut into 256 layers of one area, so that
// 98.8 % of all values cost one random word, one table entry and one comparison; the rest, edges
// and tail, are decided exactly with further words drawn from the first. So the distribution is the
// Gaussian itself, to the 53 bits of a double.
#pragma once

#include <cstdint>

namespace peripherals {

class GaussianNoise {
 public:
  /// Mean 0; `rms` >= 0; a seed different for every user.
  GaussianNoise(std::uint64_t seed, double rms);

  double rms() const { return rms_; }
  /// values[k] += value `first` + k, for k = 0 … count − 1.
  void add(std::int64_t first, int count, double* values) const;

 private:
  std::uint64_t origin_;
  double rms_;
};

}  // namespace peripherals
