// The meter's own power supply: whichever phase is there feeds a hold-up capacitor, and that feeds
// the microcontroller.
//
//   level of the capacitor, in time that it can hold the meter up
//   capacity ┤‾‾‾‾‾‾\              ___/‾‾‾
//    60 %    ┤       \  charged   /          "charged": enough for a save of everything
//    20 %    ┤        \       ___/           rail on again, once mains are back
//     0      ┤         \_____/               rail off
//                    │ │
//         mains fail ┘ └ 10 ms later the brown-out warning: `mains` falls
//
// A phase feeds from 100 V r.m.s. on until it is below 80 V (pro380 §10). Everything else is
// [twin]: with mains the capacitor fills from empty in 1 s, whatever the voltage; without, it gives
// the meter up to `holdup`; warning and all-clear come 10 ms after the mains' change, when it has
// lasted. A hold-up of 0 is a capacitor dried out: the rail goes with the mains, before any
// warning.
#pragma once

#include <array>
#include <cstdint>

#include "models/grid/stretch.h"
#include "models/pins/supply.h"

namespace models::supply {

using pins::Ps;

inline constexpr double feeds_from_V = 100;
inline constexpr double feeds_until_V = 80;
inline constexpr Ps fill_ps = pins::ps_per_s;
inline constexpr Ps recognition_ps = 10 * pins::ps_per_ms;
/// Of the capacity, in percent.
inline constexpr int charged_percent = 60;
inline constexpr int start_percent = 20;

inline constexpr Ps default_holdup_ps = 500 * pins::ps_per_ms;
inline constexpr Ps longest_holdup_ps = 60 * pins::ps_per_s;

/// The r.m.s. value of all that a stretch is made of, d.c. included. A stretch with a switch is
/// none: voltages have none. What is played from a recording counts over its stretch, a cycle.
double rms_of(const grid::Stretch& stretch);

/// The three levels, as pins::SupplyInput is told them.
struct SupplyLevels {
  bool mains = true;
  bool charged = true;
  bool rail = true;
};

struct SupplyState {
  Ps capacity = default_holdup_ps;
  Ps now = 0;    ///< the instant of the last advance
  Ps level = 0;  ///< then: the time that the capacitor can hold the meter up
  std::array<bool, 3> phase_feeds{};
  bool feeding = false;             ///< mains, less a cut of the supply
  bool mains = false;               ///< any phase feeds
  Ps mains_known = 0;               ///< when its last begin or end is recognised
  Ps stretch_end = pins::ps_never;  ///< until here the voltages stay as they are
  Ps cut_until = 0;                 ///< the internal supply is cut until then
  SupplyLevels levels;              ///< as told
  bool at_begin = true;             ///< at 0 the mains have been as they are for ever
};
/// For a kernel whose time 0 lies `by` later, an instant not beyond the next event: what is under
/// way goes on, the capacitor's level is taken there. The voltages are looked at anew by
/// Supply::advance(0), and a change that it finds is one that came at 0.
void rebase(SupplyState& state, Ps by);

class Supply {
 public:
  /// What feeds: the three voltage terminals (in Aron and one-phase connection those that carry
  /// one). All must outlive this. `holdup`: at most `longest_holdup_ps`, else
  /// std::invalid_argument. At 0 the capacitor is full if any phase feeds, and empty if none does.
  Supply(const std::array<const grid::StretchSource*, 3>& voltages, pins::SupplyInput& meter,
         Ps holdup = default_holdup_ps);

  /// The next instant at which a voltage or a level may change; pins::ps_never if nothing will.
  Ps next_event() const;
  /// Lets time pass up to `t`, at most next_event(), and tells the meter what has changed then. To
  /// be called first at 0, or after restore() of a state that was rebased, and whenever the
  /// voltages were scheduled anew from `t` on.
  void advance(Ps t);
  /// Cuts the microcontroller's supply from `t`, the present instant, for `duration`: the capacitor
  /// is empty and the rail off at once, without a warning. The mains stay as they are.
  void cut(Ps t, Ps duration);

  const SupplyState& state() const { return state_; }
  void restore(const SupplyState& state) { state_ = state; }

 private:
  void look_at_mains(Ps t);
  void tell(Ps t);
  Ps reaches(Ps level) const;

  std::array<const grid::StretchSource*, 3> voltages_;
  pins::SupplyInput& meter_;
  SupplyState state_;
  grid::Stretch stretch_{};
};

}  // namespace models::supply
