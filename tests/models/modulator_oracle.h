// What the ADC must show, found the long way: the waveform at every single modulator clock, not
// quantised, through three running sums of 256, rounded once.
#pragma once

#include <cstdint>
#include <vector>

#include "models/pins/analog_source.h"
#include "rational_clock.h"

namespace tests {

/// Value of a piece at an exact instant.
long double value_at(const models::pins::Piece& piece, const RationalClock::Instant& t);

/// Codes of samples first … first + count − 1. Modulator clocks before edge 0 see the first piece,
/// continued backwards.
std::vector<std::int32_t> walk_modulator(const models::pins::AnalogSource& source,
                                         const RationalClock& clock, peripherals::Cycle start,
                                         int offset, std::int64_t first, int count,
                                         double full_scale);

/// Largest |a[k] − b[k]|.
std::int64_t largest_difference(const std::vector<std::int32_t>& a,
                                const std::vector<std::int32_t>& b);

}  // namespace tests
