// The crystal of a meter whose temperature moves. Its frequency follows the meter's own temperature
// in steps of 10 ppb or more, each set at the instant at which the temperature takes the step that
// brings it: 10 ppb are a thousandth of what a meter's error is given in. [twin] A crystal without
// curvature never moves.
#pragma once

#include <cstdint>

#include "models/sensors/crystal.h"
#include "models/thermal/body.h"
#include "platform/meter.h"
#include "tools/engine/script.h"
#include "tools/scenario/scenario.h"

namespace tools {

class CrystalDrift final : private ScriptActor {
 public:
  static constexpr std::int32_t step_ppb = 10;

  struct State {
    std::int32_t constant_ppb;
    std::int32_t set_ppb;
    Ps next;
  };

  /// `body` must outlive this.
  CrystalDrift(const models::thermal::Body& body, const MeterSpec& spec);

  /// What the crystal is off by at time 0, by a world whose changes have been scheduled.
  std::int32_t at_start();
  /// Before the run: from now on it moves the crystal of `meter`.
  void attach(platform::Meter& meter, Script& script);
  /// At `t`, the present kernel time: another constant error, as the timeline sets it.
  void set_constant(Ps t, std::int32_t ppb);
  /// At `t`, the present kernel time: what heats or cools the meter was scheduled anew.
  void world_changed(Ps t);

  State state() const { return {constant_ppb_, set_ppb_, next_}; }
  /// Besides the meter's own state: it has the crystal's error already.
  void restore(const State& state);
  /// At 0 of a run whose world is new: the meter goes on with an error of `set_ppb`, and takes the
  /// one that this world makes.
  void take_over(std::int32_t set_ppb);

 private:
  Ps next_event() const override { return next_; }
  void advance(Ps t) override;
  bool moves() const { return crystal_.curvature_per_K2 != 0; }
  std::int32_t wanted_ppb(double kelvin) const;
  void set(std::int32_t ppb);

  const models::thermal::Body& body_;
  models::sensors::CrystalSpec crystal_;
  std::int32_t constant_ppb_;
  std::int32_t set_ppb_ = 0;
  platform::Meter* meter_ = nullptr;
  Ps next_ = models::pins::ps_never;
};

}  // namespace tools
