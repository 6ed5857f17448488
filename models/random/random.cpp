#include "models/random/random.h"

#include <cmath>

namespace models::random {

namespace {

constexpr std::uint64_t rotated(std::uint64_t x, int bits) {
  return (x << bits) | (x >> (64 - bits));
}

}  // namespace

std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15u;
  std::uint64_t x = state;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

std::uint64_t seed_of(std::uint64_t run_seed, std::string_view instance_path) {
  constexpr std::uint64_t fnv_prime = 0x100000001B3u;
  std::uint64_t hash = 0xCBF29CE484222325u ^ splitmix64(run_seed);
  for (const char letter : instance_path) {
    hash = (hash ^ static_cast<unsigned char>(letter)) * fnv_prime;
  }
  return splitmix64(hash);
}

Random::Random(std::uint64_t run_seed, std::string_view instance_path) {
  std::uint64_t seed = seed_of(run_seed, instance_path);
  for (std::uint64_t& word : state_.words) word = splitmix64(seed);
}

std::uint64_t Random::bits() {
  auto& [a, b, c, d] = state_.words;
  const std::uint64_t result = rotated(b * 5, 7) * 9;
  const std::uint64_t shifted = b << 17;
  c ^= a;
  d ^= b;
  b ^= c;
  a ^= d;
  c ^= shifted;
  d = rotated(d, 45);
  return result;
}

double Random::uniform() { return 0x1p-53 * static_cast<double>(bits() >> 11); }

std::uint64_t Random::below(std::uint64_t n) {
  // Words past the last whole multiple of n would favour small results: draw again.
  const std::uint64_t rest = (UINT64_MAX % n + 1) % n;
  std::uint64_t word = bits();
  while (word > UINT64_MAX - rest) word = bits();
  return word % n;
}

double Random::gaussian() {
  if (state_.has_spare) {
    state_.has_spare = false;
    return state_.spare;
  }
  double x = 0;
  double y = 0;
  double square = 0;
  do {
    x = 2 * uniform() - 1;
    y = 2 * uniform() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square == 0);
  const double factor = std::sqrt(-2 * std::log(square) / square);
  state_.spare = y * factor;
  state_.has_spare = true;
  return x * factor;
}

}  // namespace models::random
