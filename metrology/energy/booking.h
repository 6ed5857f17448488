// Books measuring windows: sums become energy, the sign of a window picks its direction, phases are
// never netted (pro380 §2).
#pragma once

#include <cstdint>

#include "metrology/energy/counter.h"
#include "metrology/energy/scale.h"
#include "metrology/energy/starting.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/signal/window.h"

namespace metrology::energy {

inline constexpr int phase_count = 3;
enum class Direction : std::uint8_t { forward, reverse };
inline constexpr int direction_count = 2;

/// Counters of one phase or of the total.
struct Account {
  EnergyCounter counter[kind_count][direction_count];

  constexpr EnergyCounter& of(Kind kind, Direction direction) {
    return counter[static_cast<int>(kind)][static_cast<int>(direction)];
  }
  constexpr const EnergyCounter& of(Kind kind, Direction direction) const {
    return counter[static_cast<int>(kind)][static_cast<int>(direction)];
  }
};

/// Fixed when the meter starts.
struct BookingSetup {
  hal::Connection connection;
  Scale secondary[phase_count];
  Scale primary[phase_count];
  StartingLimits limits[kind_count];
};
BookingSetup make_booking_setup(const hal::ParameterPage& page);

struct EnergyState {
  Account phase[phase_count];  ///< Aron: the elements in L1 and L3, each by its own sign
  Account total;               ///< Aron: the elements' sum by its sign; else the phases' sum
  /// Per phase and kind; Aron uses row 0 for the sum. false: no-load.
  bool booking[phase_count][kind_count];
  /// End of the newest booked window; before it the begin of the first one.
  signal::SampleTime booked_until;
};

/// What a booked window gives each pulse output, in its pulse timer's order: LEDs secondary, both
/// directions; S0 primary.
struct PulseEnergies {
  std::uint64_t output_pWh[hal::pulse::channel_count];
};

/// Books `window` into `state` and returns what the pulse outputs have to play of it.
PulseEnergies book(EnergyState& state, const BookingSetup& setup, const signal::Window& window);

/// Whether phase `phase` stands still: both its powers are below their starting limits.
bool no_load(const EnergyState& state, const BookingSetup& setup, int phase);

}  // namespace metrology::energy
