// No-load and starting: below a small power the meter books nothing (pro380 §2 [twin]). Booking
// stops below half of Un·Ist and resumes above 0.6 of it; judged per window on the secondary side.
#pragma once

#include <cstdint>

#include "metrology/hal/parameter_page.h"

namespace metrology::energy {

/// Powers in µW or µvar.
struct StartingLimits {
  std::uint32_t stop_uW;    ///< booking stops below
  std::uint32_t resume_uW;  ///< … and resumes above
};

enum class Kind : std::uint8_t { active, reactive };
inline constexpr int kind_count = 2;

/// The limits of a meter; in Aron three times a phase's, because the sum is judged.
StartingLimits starting_limits(Kind kind, bool ct, hal::Connection connection);

/// Whether a window is booked, given whether the one before was: `energy_pWh` (magnitude) over
/// `duration` (1/65536 sample periods, > 0) against the limits, without rounding.
bool books(bool booked_before, const StartingLimits& limits, std::uint64_t energy_pWh,
           std::int64_t duration);

}  // namespace metrology::energy
