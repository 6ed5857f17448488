// World time: whole picoseconds since the start of the simulation segment.
#pragma once

#include <cstdint>

namespace models::pins {

/// Picoseconds since kernel time 0. A segment of a simulation is at most 200 days (1.73e19 ps).
using Ps = std::uint64_t;
inline constexpr Ps ps_per_ns = 1'000;
inline constexpr Ps ps_per_us = 1'000'000;
inline constexpr Ps ps_per_ms = 1'000'000'000;
inline constexpr Ps ps_per_s = 1'000'000'000'000;
inline constexpr Ps ps_max_segment = 200ull * 86'400 * ps_per_s;
/// "Never": later than any instant of a segment.
inline constexpr Ps ps_never = ~Ps{0};

/// An instant as it counts in a kernel whose time 0 lies `by` later; what is over by then becomes
/// 0.
constexpr Ps rebased(Ps t, Ps by) {
  if (t == ps_never) return ps_never;
  return t > by ? t - by : 0;
}

}  // namespace models::pins
