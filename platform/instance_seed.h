// Seeds for a meter's own randomness, from the run's seed and the path of whoever draws, so that no
// component's numbers depend on what others draw or on how many there are.
#pragma once

#include <cstdint>
#include <string_view>

namespace platform {

/// FNV-1a of the path, mixed with the run's seed by splitmix64's finaliser.
constexpr std::uint64_t instance_seed(std::uint64_t run_seed, std::string_view path) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char c : path) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100'0000'01B3;
  }
  std::uint64_t z = hash ^ (run_seed + 0x9E37'79B9'7F4A'7C15);
  z = (z ^ (z >> 30)) * 0xBF58'476D'1CE4'E5B9;
  z = (z ^ (z >> 27)) * 0x94D0'49BB'1331'11EB;
  return z ^ (z >> 31);
}

}  // namespace platform
