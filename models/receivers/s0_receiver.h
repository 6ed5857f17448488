// What stands behind a pair of S0 terminals: a pulse receiver with a supply of its own. The meter
// only closes a transistor; whether a pulse is seen is decided here, by whether current flows.
//
// Limits of the output (manual: 5–27 V, at most 100 mA, polarity dependent). [twin] The closed
// transistor drops nothing, so the current is voltage / resistance; below 5 V a receiver recognises
// nothing; above the limits pulses still come, and one diagnostic record of each kind says so.
//
// Events: `instance` "edge" {on}; `diagnostics` "s0_over_voltage" {output, voltage_V} and
// "s0_over_current" {output, current_mA}.
#pragma once

#include <cstdint>
#include <string>

#include "models/pins/digital_pin.h"
#include "models/pins/event_sink.h"

namespace models::receivers {

using pins::Ps;

inline constexpr double s0_min_V = 5;
inline constexpr double s0_max_V = 27;
inline constexpr double s0_max_mA = 100;

struct S0Supply {
  double voltage_V = 24;     ///< collector against emitter; negative is the wrong polarity, 0 none
  double series_ohm = 2200;  ///< > 0
};

struct S0State {
  S0Supply supply;
  bool transistor_closed = false;
  bool current_flows = false;
  bool over_voltage_told = false;
  bool over_current_told = false;
  std::uint64_t pulses = 0;  ///< rising edges seen
  std::uint64_t cut = 0;     ///< pulses that ended because the supply went
  Ps last_edge = 0;
};
/// For a kernel whose time 0 lies `by` later: an edge before is at 0.
void rebase(S0State& state, Ps by);

class S0Receiver final : public pins::DigitalInput {
 public:
  /// `instance` e.g. "m1.s0_forward", `diagnostics` e.g. "m1.diagnostic". Throws
  /// std::invalid_argument for a supply beyond ±1000 V or a resistance that is not positive.
  S0Receiver(std::string instance, std::string diagnostics, pins::EventSink& sink,
             const S0Supply& supply);

  /// The transistor's state; the meter calls this.
  void drive(Ps t, bool closed) override;
  /// The supply changes at `t`; a pulse under way is cut or begins.
  void set_supply(Ps t, const S0Supply& supply);
  /// What flows while the transistor is closed.
  double loop_current_mA() const;

  const S0State& state() const { return state_; }
  /// Reports nothing.
  void restore(const S0State& state) { state_ = state; }

 private:
  void settle(Ps t, bool supply_changed);

  std::string instance_;
  std::string diagnostics_;
  pins::EventSink& sink_;
  S0State state_;
};

}  // namespace models::receivers
