// Phase as an integer, so that a thousand days of 50 Hz end where they should: 1e-21 of a turn is
// what one nanohertz does in one picosecond.
#pragma once

#include <cstdint>

#include "models/pins/time.h"

namespace models::grid {

__extension__ using Int128 = __int128;

/// Phase in 1e-21 turns, whole turns included.
using Phase = Int128;
inline constexpr Phase one_turn = Phase{1'000'000'000'000} * 1'000'000'000;

/// What a frequency adds between two instants; `to` may lie before `from`.
constexpr Phase phase_between(std::int64_t frequency_nHz, pins::Ps from, pins::Ps to) {
  return Phase{frequency_nHz} * (Phase{to} - Phase{from});
}

/// `a` modulo `b`, 0 <= result < b, for b > 0.
constexpr Int128 floor_mod(Int128 a, Int128 b) {
  const Int128 r = a % b;
  return r < 0 ? r + b : r;
}

/// a / b rounded down, for b > 0.
constexpr Int128 floor_div(Int128 a, Int128 b) {
  const Int128 q = a / b;
  return q * b > a ? q - 1 : q;
}

/// a / b to the nearest integer, halves up, for b > 0.
constexpr Int128 round_div(Int128 a, Int128 b) { return floor_div(2 * a + b, 2 * b); }

/// An angle as a phase; the nearest a long double can name.
constexpr Phase phase_of_degrees(double degrees) {
  const long double turns = static_cast<long double>(degrees) / 360;
  return static_cast<Phase>(turns * static_cast<long double>(one_turn));
}

/// The fraction of a turn, 0 <= result <= 1.
constexpr double turns_of(Phase phase) {
  return static_cast<double>(floor_mod(phase, one_turn)) * 1e-21;
}

}  // namespace models::grid
