// Which phases are live, and which of them sets the windows: the first live one, L1 before L2
// before L3.
#pragma once

#include <cstdint>

#include "metrology/signal/window.h"

namespace metrology::signal {

/// A phase is live from 100 V on and lost below 80 V r.m.s. of one window [twin]. With ±800 V full
/// scale 100 V are 2^20 LSB; limits are mean squares in 1/256 LSB².
inline constexpr std::int64_t live_mean_square = std::int64_t{1} << 48;
inline constexpr std::int64_t lost_mean_square = live_mean_square / 100 * 64;

struct PhasePresence {
  bool live[3];
  std::uint8_t reference;  ///< 0…2; meaningful while any phase is live
};

/// State before anything was measured: L1 is taken for live.
void reset(PhasePresence& presence);

bool any_live(const PhasePresence& presence);

/// True when a sum of squares over a window of that length makes a mean of at least `limit`.
bool mean_reaches(std::int64_t sum, SampleTime length, std::int64_t limit);

/// Judges the three phases by a closed window's voltages.
void judge(PhasePresence& presence, const Window& window);

/// Makes the first live phase the reference; none live leaves it as it is. Returns true when it is
/// another one than before.
bool choose_reference(PhasePresence& presence);

}  // namespace metrology::signal
