// Random numbers that are the same on every machine: xoshiro256** (Blackman, Vigna), its state
// filled by splitmix64 from the run's seed and the path of whoever draws, so that no component's
// numbers depend on what others draw.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace models::random {

/// One step of splitmix64: also a good mixing function of 64 bits.
std::uint64_t splitmix64(std::uint64_t& state);

/// A seed of an instance's own: the run's seed, then each byte of the path folded in by FNV-1a,
/// mixed by splitmix64.
std::uint64_t seed_of(std::uint64_t run_seed, std::string_view instance_path);

struct RandomState {
  std::array<std::uint64_t, 4> words;
  double spare = 0;  ///< the second value of a Gaussian pair
  bool has_spare = false;
};

class Random {
 public:
  Random(std::uint64_t run_seed, std::string_view instance_path);
  explicit Random(const RandomState& state) : state_(state) {}

  std::uint64_t bits();
  /// [0, 1), 53 bits.
  double uniform();
  /// 0 … n − 1, each equally likely; n > 0.
  std::uint64_t below(std::uint64_t n);
  /// Mean 0, variance 1 (Marsaglia's polar method).
  double gaussian();

  const RandomState& state() const { return state_; }

 private:
  RandomState state_;
};

}  // namespace models::random
