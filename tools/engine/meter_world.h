// One meter with the world around it: mains, wiring, sensors, pulse receivers, and the truth at its
// terminals.
#pragma once

#include <array>
#include <functional>
#include <memory>

#include "models/display/display.h"
#include "models/receivers/s0_receiver.h"
#include "models/sensors/front_end.h"
#include "models/wiring/wiring.h"
#include "platform/meter.h"
#include "tools/engine/crystal_drift.h"
#include "tools/engine/grid_script.h"
#include "tools/engine/script.h"
#include "tools/engine/surroundings.h"
#include "tools/engine/terminal_truth.h"
#include "tools/report/sample_table.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// How a run is to be simulated, beside what the scenario says.
struct SimulationSettings {
  std::uint64_t seed = 0;
  platform::SyncMode sync = platform::SyncMode::horizon;
  bool trace_bus = false;   ///< every bus access and interrupt in the event log
  bool trace_lcd = false;   ///< every slot of the display's multiplexing
  bool trace_line = false;  ///< every edge of serial lines in the event log
  /// Somebody outside leads the run: what the timeline does to the mains is not known ahead.
  bool led = false;
  /// The run goes on from a saved state: nothing happens before that is put back.
  bool awaits_state = false;
  bool old_world = false;       ///< … the world is put back as well, not the meters alone
  platform::WideTime base = 0;  ///< kernel time 0, since the beginning of the world
  /// Who looks at the instructions of a meter that runs an image, by its id; the observer outlives
  /// the run. Empty, or null: nobody.
  std::function<platform::rv32::Observer*(const std::string&)> observer_of;
  /// Is told what a debugger sees of each of them, by its id, for as long as it stands. May be
  /// empty.
  std::function<void(const std::string&, platform::rv32::DebugView&)> view_of;
};

class MeterWorld {
 private:
  /// A receiver as the script speaks of it.
  struct ReceiverSetting {
    double supply_V = models::receivers::S0Supply{}.voltage_V;
    bool reversed = false;
    double series_ohm = models::receivers::S0Supply{}.series_ohm;

    void apply(const ReceiverChange& change);
    models::receivers::S0Supply supply() const;
  };

  static constexpr std::size_t s0_count = 2;

 public:
  /// The meter and all around it that does not follow from the scenario alone.
  struct State {
    platform::SavedMeter meter;
    models::eeprom::EepromState eeprom;
    models::display::DisplayState display;
    std::array<models::receivers::S0State, s0_count> receivers;
    std::array<ReceiverSetting, s0_count> receiver_settings;
    CrystalDrift::State crystal;
    Surroundings::State around;
  };

  /// Builds meter `index` during elaboration; `bus`: where its terminals 22 and 23 are connected,
  /// `ir`: what stands before its infra-red port, both may be null; `samples`: who observes the
  /// ADC, or null. All references must outlive this.
  MeterWorld(const Scenario& scenario, int index, const SimulationSettings& settings,
             models::pins::EventSink& sink, Script& script, models::pins::LinePort* bus,
             models::pins::LinePort* ir, SampleTable* samples = nullptr);

  platform::Meter& meter() { return *meter_; }
  const platform::Meter& meter() const { return *meter_; }
  const MeterTruth& truth() const { return *truth_; }
  /// Changes mains and air as the entry says at `t`, the present kernel time; where a sensor leads,
  /// so much later, as it has seen that far. Throws std::invalid_argument for what the grid
  /// refuses.
  void change_mains(Ps t, const TimelineEntry& entry);
  /// The meter's load profile goes on to `row`, likewise.
  void change_mains(Ps t, const ProfileRow& row);
  /// Changes what reads the S0 outputs from `t`, the present kernel time, on.
  void change_receivers(Ps t, const ReceiversChange& change);
  /// Gives the crystal another constant error from the present kernel time `t` on; what temperature
  /// does to it comes on top.
  void change_crystal(Ps t, std::int32_t ppb) { crystal_.set_constant(t, ppb); }
  /// The temperature inside the meter at `t`, as the world is scheduled now; fixes nothing.
  double inner_temperature_C(Ps t) const {
    return front_end_.body().planned_at(t).kelvin - models::thermal::zero_celsius_K;
  }
  const models::display::Display& display() const { return display_; }
  Surroundings& surroundings() { return *surroundings_; }
  /// The EEPROM's bytes as they stand now.
  std::vector<std::uint8_t> eeprom_image() const { return eeprom_.image(); }

  /// Of a quiet meter.
  State state() const;
  /// Goes on at the present kernel time, at which `state` was saved, in the same scenario.
  void restore(const State& state);
  /// Goes on at kernel time 0 in another world: what is a meter's own is kept.
  void take_over(State state, Script& script);

 private:
  GridScript grid_;
  models::wiring::Terminals terminals_;
  models::sensors::FrontEnd front_end_;
  CrystalDrift crystal_;
  std::array<ReceiverSetting, s0_count> receiver_settings_;
  std::array<std::unique_ptr<models::receivers::S0Receiver>, s0_count> receivers_;
  std::unique_ptr<TerminalTruth> truth_;
  models::display::Display display_;
  models::eeprom::Eeprom eeprom_;
  std::unique_ptr<platform::Meter> meter_;
  std::unique_ptr<Surroundings> surroundings_;
};

}  // namespace tools
