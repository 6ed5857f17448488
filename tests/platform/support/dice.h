// Random numbers for generated tests: splitmix64, the same everywhere.
#pragma once

#include <cstdint>

namespace test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    state_ += 0x9E37'79B9'7F4A'7C15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
    z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
    return z ^ (z >> 31);
  }
  /// 0 … n − 1.
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(bits() % n); }
  /// True once in n.
  bool once_in(std::uint32_t n) { return below(n) == 0; }
  /// Folds something seen into all that comes.
  void stir(std::uint64_t seen) { state_ ^= seen * 0xFF51'AFD7'ED55'8CCD; }

 private:
  std::uint64_t state_;
};

}  // namespace test
