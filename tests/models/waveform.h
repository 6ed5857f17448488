// What a source says at an instant, and the waveforms of the grid written down anew as formulas.
#pragma once

#include <cmath>

#include "models/pins/analog_source.h"
#include "modulator_oracle.h"

namespace tests {

inline constexpr long double two_pi_l = 6.283185307179586476925286766559L;

/// The source's value at a whole picosecond.
inline double value_of(const models::pins::AnalogSource& source, Ps t) {
  models::pins::Piece piece{};
  source.piece_at(t, piece);
  return static_cast<double>(value_at(piece, {Int128{t}, 1}));
}

/// Turns that a frequency has made by `t`, without the whole ones.
inline long double turns_at(std::int64_t frequency_nHz, Ps t) {
  constexpr Int128 turn = Int128{1'000'000'000'000} * 1'000'000'000;
  return static_cast<long double>(Int128{frequency_nHz} * Int128{t} % turn) * 1e-21L;
}

/// sin of an angle given as turns and degrees.
inline double sine(long double turns, double degrees = 0) {
  return static_cast<double>(
      std::sin(two_pi_l * (turns + static_cast<long double>(degrees) / 360)));
}

}  // namespace tests
