// What a meter has around it besides mains, sensors and pulse receivers: its supply, its EEPROM,
// the fingers at its buttons and the voltage at its tariff input.
#pragma once

#include <array>
#include <memory>

#include "models/buttons/button.h"
#include "models/eeprom/eeprom.h"
#include "models/opto/opto_coupler.h"
#include "models/supply/supply.h"
#include "models/wiring/wiring.h"
#include "platform/meter.h"
#include "tools/engine/script.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// The EEPROM of a meter as production leaves it, or as its file has it. Throws InputError when
/// what is there is no regular file, cannot be read or has another size.
std::vector<std::uint8_t> eeprom_image(const MeterSpec& spec);

class Surroundings {
 public:
  struct State {
    models::supply::SupplyState supply;
    models::opto::OptoCouplerState tariff_input;
    std::array<models::buttons::ButtonState, 2> buttons;
  };

  /// `eeprom` is built before the meter, whose wires it is on; all references must outlive this.
  Surroundings(const MeterSpec& spec, std::uint64_t seed, const models::wiring::Terminals& mains,
               models::eeprom::Eeprom& eeprom, platform::Meter& meter, Script& script);

  // At `t`, the present kernel time:
  void press(Ps t, const Press& press);
  void set_tariff_voltage(Ps t, const TariffVoltage& voltage);
  void cut_supply(Ps t, Ps duration);
  void strike(const Fault& fault);
  /// The voltages were scheduled anew from `t` on.
  void mains_changed(Ps t) { supply_.advance(t); }

  State state() const;
  void restore(const State& state);
  /// Goes on at 0 of a run whose world is new: the capacitor as it was charged, no finger at a
  /// button, and the tariff input's voltage as this world has it.
  void take_over(State state, Ps by, Script& script);

 private:
  enum Side : std::size_t { left, right };

  TariffVoltage tariff_at_start_;
  platform::Meter& meter_;
  models::eeprom::Eeprom& eeprom_;
  models::supply::Supply supply_;
  models::opto::OptoCoupler tariff_input_;
  std::array<std::unique_ptr<models::buttons::Button>, 2> buttons_;
  std::vector<std::unique_ptr<ScriptActor>> actors_;
};

}  // namespace tools
