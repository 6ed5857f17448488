// Books measuring windows: sums become energy, the sign of a window picks its direction, phases are
// never netted (pro380 §2).
#pragma once

#include <cstdint>

#include "metrology/energy/accounts.h"
#include "metrology/energy/scale.h"
#include "metrology/energy/starting.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/signal/window.h"

namespace metrology::energy {

/// Holds for whole windows.
struct BookingSetup {
  hal::Connection connection;
  Scale secondary[phase_count];
  Scale primary[phase_count];
  /// Per phase and kind, µW or µvar: added to what is measured, before direction and no-load are
  /// judged.
  std::int32_t secondary_offset[phase_count][kind_count];
  std::int32_t primary_offset[phase_count][kind_count];
  bool has_offsets;
  StartingLimits limits[kind_count];
};
BookingSetup make_booking_setup(const hal::ParameterPage& page, const Conditions& conditions);

/// Changes of the tariff that windows still to be booked will need. They come at block boundaries,
/// of which a window never has more than two: there is room for more than can be pending.
inline constexpr int max_tariff_changes = 8;
struct TariffChange {
  signal::SampleTime at;
  Tariff tariff;  ///< from then on
};

struct EnergyState {
  Accounts accounts;
  /// Per phase and kind; Aron uses row 0 for the sum. false: no-load.
  bool booking[phase_count][kind_count];
  /// End of the newest booked window; before it the begin of the first one.
  signal::SampleTime booked_until;
  Tariff tariff;                            ///< in force at `booked_until`
  TariffChange change[max_tariff_changes];  ///< after it, oldest first
  std::uint32_t change_count;
};

/// Books to `tariff` from `at` on. Of several changes at one instant the last one counts; `at`
/// never lies before an earlier change's, and what is booked already stays as booked.
void change_tariff(EnergyState& state, signal::SampleTime at, Tariff tariff);

/// The tariff after all changes known so far.
constexpr Tariff newest_tariff(const EnergyState& state) {
  return state.change_count == 0 ? state.tariff : state.change[state.change_count - 1].tariff;
}

/// The tariff from `at` on, which is not before the newest booked window's end, as far as changes
/// are known.
Tariff tariff_from(const EnergyState& state, signal::SampleTime at);

/// What a booked window gives each pulse output, in its pulse timer's order: LEDs secondary, both
/// directions; S0 primary.
struct PulseEnergies {
  std::uint64_t output_pWh[hal::pulse::channel_count];
};

/// Books `window` into `state` and returns what the pulse outputs have to play of it. Energy of a
/// window in which the tariff changed, any number of times, is shared in proportion to the samples
/// before and after each change; each share is rounded down but the last one, which has the rest.
PulseEnergies book(EnergyState& state, const BookingSetup& setup, const signal::Window& window);

/// Whether phase `phase` stands still: both its powers are below their starting limits.
bool no_load(const EnergyState& state, const BookingSetup& setup, int phase);

}  // namespace metrology::energy
