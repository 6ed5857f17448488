// The assembled meter and all that the soak does to it: mains, loads, tariff input, buttons, its
// serial lines, its supply and EEPROM.
//
// Whoever runs the world does things at instants at which it has been run to, or plans them ahead.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "models/buttons/button.h"
#include "models/display/display.h"
#include "models/eeprom/eeprom.h"
#include "models/grid/grid.h"
#include "models/opto/opto_coupler.h"
#include "models/receivers/led_observer.h"
#include "models/receivers/s0_receiver.h"
#include "models/sensors/front_end.h"
#include "models/supply/supply.h"
#include "models/thermal/ambient.h"
#include "models/truth/truth.h"
#include "models/wiring/wiring.h"
#include "platform/meter.h"
#include "tests/end_to_end/kept.h"
#include "tests/soak/diary.h"
#include "tests/soak/line.h"

namespace soak {

using end_to_end::Kept;
using metrology::hal::MeterVariant;

inline constexpr int phase_count = 3;
inline constexpr std::uint32_t serial_number = 0x1450'0001;

/// What flows in a phase.
struct Load {
  double current_A = 0;
  double lag_deg = 0;
};

class World : private models::pins::WorldSchedule {
 public:
  World(MeterVariant variant, std::uint64_t seed, const std::string& log_path);
  ~World() override;

  Ps now() const;
  void run_until(Ps t);
  void run_for(Ps duration) { run_until(now() + duration); }
  /// Runs on in steps until `holds`; a Broken with `what` when it does not within `limit`.
  void run_to(const std::function<bool()>& holds, Ps step, Ps limit, const std::string& what);
  /// `action` happens at `t`, which lies after now.
  void plan(Ps t, std::function<void()> action) { plans_.emplace(t, std::move(action)); }

  // --- what is done to the meter, now

  void set_load(int phase, const Load& load);
  void set_voltage(int phase, double rms_V);
  /// All phases; back to what they had.
  void set_mains(bool on);
  void cut_supply(Ps duration) { supply_->cut(now(), duration); }
  void set_tariff_input(bool on);
  /// Nothing if the button has not come to rest yet.
  void press(bool left, Ps duration);

  // --- what stands

  bool has_bus() const { return bus_ != nullptr; }
  Line& bus() { return *bus_; }
  Line& ir() { return ir_; }
  Diary& diary() { return diary_; }
  MeterVariant variant() const { return variant_; }
  double voltage_V(int phase) const { return voltage_V_[static_cast<std::size_t>(phase)]; }
  const Load& load(int phase) const { return load_[static_cast<std::size_t>(phase)]; }
  /// When a voltage or a current was changed last, the mains' going and coming included.
  Ps changed_at() const { return changed_at_; }
  /// What all changes so far may have moved from one direction or time to another.
  double unsettled_Ws(int phase) const { return unsettled_Ws_[static_cast<std::size_t>(phase)]; }
  bool mains_on() const { return mains_on_; }
  bool tariff_input() const { return tariff_input_; }
  const models::truth::EnergyTruth& truth(int phase) const {
    return *truth_[static_cast<std::size_t>(phase)];
  }
  const models::supply::Supply& supply() const { return *supply_; }
  std::vector<std::uint8_t> image() const { return eeprom_.image(); }

  // --- the firmware

  bool powered() const { return meter_->powered(); }
  bool quiet() const { return meter_->quiet(); }
  /// Runs until the meter sleeps; a Broken if it does not within two seconds.
  void run_quiet();
  /// The firmware that runs has loaded what the EEPROM keeps.
  bool loaded() const;
  const metrology::app::State& firmware() const;
  Kept kept() const { return end_to_end::kept_of(firmware()); }

 private:
  Ps next_event() const override { return horizon_; }
  Ps next_instant() const;
  void act();
  void schedule_voltage(int phase);
  void note_change(int phase);

  Ps horizon_ = 0;
  MeterVariant variant_;
  Diary diary_;
  std::array<double, phase_count> voltage_V_{};
  std::array<Load, phase_count> load_{};
  Ps changed_at_ = 0;
  std::array<double, phase_count> unsettled_Ws_{};
  bool mains_on_ = true;
  bool tariff_input_ = false;
  models::grid::Grid grid_;
  models::wiring::Terminals terminals_;
  models::thermal::Ambient air_;
  models::sensors::FrontEnd front_end_;
  models::eeprom::Eeprom eeprom_;
  models::display::Display display_;
  std::array<models::receivers::LedObserver, 2> leds_;
  std::array<models::receivers::S0Receiver, 2> receivers_;
  std::array<std::unique_ptr<models::truth::EnergyTruth>, phase_count> truth_;
  std::unique_ptr<Line> bus_;  ///< null: the variant has none
  Line ir_;
  std::unique_ptr<platform::Meter> meter_;
  std::unique_ptr<models::supply::Supply> supply_;
  std::unique_ptr<models::opto::OptoCoupler> opto_;
  std::array<std::unique_ptr<models::buttons::Button>, 2> buttons_;
  std::multimap<Ps, std::function<void()>> plans_;
};

}  // namespace soak
