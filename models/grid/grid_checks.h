// What a script may not ask for. Each function throws std::invalid_argument with one sentence.
#pragma once

#include <cstdint>

#include "models/grid/waveform_spec.h"
#include "models/pins/time.h"

namespace models::grid {

using pins::Ps;

inline constexpr double most_volts = 100'000;
inline constexpr double most_amperes = 100'000;
inline constexpr double most_percent = 1'000;
inline constexpr double most_residual = 5;
inline constexpr std::int64_t least_grid_nHz = 1'000'000'000;
inline constexpr std::int64_t most_grid_nHz = 1'000'000'000'000;
inline constexpr std::int64_t most_tone_nHz = 150'000'000'000'000;
inline constexpr std::int64_t most_order_milli = 2'500'000;  ///< 150 kHz at 60 Hz

void check_phase(int phase);
void check_rms_V(double rms_V);
void check_rms_A(double rms_A);
void check_voltage(const VoltageSpec& spec);
void check_current(const CurrentSpec& spec);
void check_frequency(std::int64_t frequency_nHz);
/// An instant of a segment, later than everything that has been asked for.
void check_future(Ps at, Ps asked_until);
/// A span of time that begins at a permitted instant and has an end after it.
void check_span(Ps from, Ps to, Ps asked_until);
void check_residual(double residual);

}  // namespace models::grid
