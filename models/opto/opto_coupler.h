// The tariff input of terminals 24/25: mains voltage through a bridge, resistors and a zener diode
// onto an opto-coupler whose transistor is one pin of the microcontroller.
//
//   u(t) = √2 · U · sin(2π f (t − origin)),   the transistor conducts while |u| > 120 V [twin]
//
// So the pin sees two pulses a cycle. They are the wider the higher the voltage is: 35.5 % of the
// time at 100 V r.m.s., 64.4 % at 160 V, 76.0 % at 230 V, nothing at all below 84.9 V.
#pragma once

#include <cstdint>

#include "models/grid/exact_phase.h"
#include "models/pins/digital_pin.h"

namespace models::opto {

using pins::Ps;

inline constexpr double conducting_V = 120;

/// State between two edges.
struct OptoCouplerState {
  double rms_V = 0;
  std::int64_t frequency_nHz = 0;
  grid::Int128 origin = 0;      ///< a rising zero crossing of the voltage; may lie before 0
  double conducting_turns = 0;  ///< from a zero crossing to the begin of conduction; 0: never
  std::int64_t edge = 0;        ///< number of the next edge since origin; even: begins to conduct
  bool conducting = false;
};
/// For a kernel whose time 0 lies `by` later; exact.
void rebase(OptoCouplerState& state, Ps by);

class OptoCoupler {
 public:
  /// `output` must outlive this; until a voltage comes it is not driven.
  explicit OptoCoupler(pins::DigitalInput& output) : output_(output) {}

  /// From `t`, the present instant, on the terminals carry `rms_V` (0 … 1000) of `frequency_nHz`
  /// (1 … 1000 Hz), beginning with a rising zero crossing. Drives the output at once if it stops
  /// conducting. Throws std::invalid_argument for values out of range.
  void set_voltage(Ps t, double rms_V, std::int64_t frequency_nHz);

  /// When the output changes next; pins::ps_never without a voltage that makes it conduct.
  Ps next_event() const;
  /// Drives the edge that is due at `t` = next_event().
  void advance(Ps t);

  const OptoCouplerState& state() const { return state_; }
  void restore(const OptoCouplerState& state) { state_ = state; }

 private:
  Ps edge_at(std::int64_t number) const;

  pins::DigitalInput& output_;
  OptoCouplerState state_;
};

}  // namespace models::opto
