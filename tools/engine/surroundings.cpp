#include "tools/engine/surroundings.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "metrology/storage/image.h"
#include "metrology/storage/layout.h"
#include "tools/engine/damage.h"

namespace tools {
namespace {

namespace hal = metrology::hal;
namespace storage = metrology::storage;

metrology::registers::Settings settings_of(const MeterSpec& spec) {
  metrology::registers::Settings settings = metrology::registers::factory_settings(spec.page);
  const SettingsChange& change = spec.settings;
  settings.combined_code = change.combined_code.value_or(settings.combined_code);
  settings.lcd_cycle_s = change.lcd_cycle_s.value_or(settings.lcd_cycle_s);
  settings.backlight = change.backlight.value_or(settings.backlight);
  settings.meter_id = change.meter_id.value_or(settings.meter_id);
  settings.baud = change.baud.value_or(settings.baud);
  settings.parity = change.parity.value_or(settings.parity);
  if (change.scroll_mask) {
    std::copy(change.scroll_mask->begin(), change.scroll_mask->end(), settings.scroll_mask);
  }
  return settings;
}

std::vector<std::uint8_t> factory_image(const MeterSpec& spec) {
  storage::Calibration calibration{};
  std::copy(std::begin(spec.page.calibration), std::end(spec.page.calibration),
            std::begin(calibration.phase));
  storage::Counters counters{};
  counters.accounts = spec.counters;
  counters.accounts.day_start = spec.counters.total.of(metrology::energy::Kind::active,
                                                       metrology::energy::Direction::forward);
  if (spec.settings.saved_tariff) counters.tariff.saved = *spec.settings.saved_tariff;
  std::vector<std::uint8_t> image(storage::eeprom_bytes);
  storage::make_image(settings_of(spec), calibration, counters, image.data());
  return image;
}

std::array<const models::grid::StretchSource*, 3> voltages_of(
    const models::wiring::Terminals& mains) {
  return {&mains.voltage(0), &mains.voltage(1), &mains.voltage(2)};
}

}  // namespace

std::vector<std::uint8_t> eeprom_image(const MeterSpec& spec) {
  if (!spec.eeprom_bytes.empty()) return spec.eeprom_bytes;
  if (spec.eeprom_file.empty()) return factory_image(spec);
  const auto refuse_image = [&spec](const std::string& what) {
    throw InputError(spec.position, "eeprom: found " + in_quotes(spec.eeprom_file) + what +
                                        ", expected an EEPROM's image of " +
                                        std::to_string(storage::eeprom_bytes) + " bytes");
  };
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(spec.eeprom_file, error);
  if (status.type() == std::filesystem::file_type::not_found) return factory_image(spec);
  // A folder, or a device that has no end.
  if (status.type() != std::filesystem::file_type::regular) refuse_image(", which is no file");
  const std::uintmax_t size = std::filesystem::file_size(spec.eeprom_file, error);
  if (!error && size != storage::eeprom_bytes) {
    refuse_image(" of " + std::to_string(size) + " bytes");
  }
  std::vector<std::uint8_t> image(storage::eeprom_bytes);
  std::ifstream file(spec.eeprom_file, std::ios::binary);
  file.read(reinterpret_cast<char*>(image.data()), static_cast<std::streamsize>(image.size()));
  if (error || !file) refuse_image(" unreadable");
  return image;
}

Surroundings::Surroundings(const MeterSpec& spec, std::uint64_t seed,
                           const models::wiring::Terminals& mains, models::eeprom::Eeprom& eeprom,
                           platform::Meter& meter, Script& script)
    : tariff_at_start_(spec.tariff_input),
      meter_(meter),
      eeprom_(eeprom),
      supply_(voltages_of(mains), meter.supply_input(), spec.holdup),
      tariff_input_(meter.gpio_input(hal::GpioPin::tariff_input)) {
  buttons_[left] = std::make_unique<models::buttons::Button>(
      meter.gpio_input(hal::GpioPin::button_left), seed, spec.id + ".button_left");
  buttons_[right] = std::make_unique<models::buttons::Button>(
      meter.gpio_input(hal::GpioPin::button_right), seed, spec.id + ".button_right");
  actors_.push_back(std::make_unique<ActingModel<models::supply::Supply>>(supply_));
  actors_.push_back(std::make_unique<ActingModel<models::opto::OptoCoupler>>(tariff_input_));
  for (const auto& button : buttons_) {
    actors_.push_back(std::make_unique<ActingModel<models::buttons::Button>>(*button));
  }
  script.add(0, [this] { supply_.advance(0); });
  if (spec.tariff_input.rms_V > 0) {
    script.add(0, [this] { set_tariff_voltage(0, tariff_at_start_); });
  }
  for (const auto& actor : actors_) script.add(*actor);
}

void Surroundings::press(Ps t, const Press& press) {
  if (press.left) buttons_[left]->press(t, press.duration);
  if (press.right) buttons_[right]->press(t, press.duration);
}

void Surroundings::set_tariff_voltage(Ps t, const TariffVoltage& voltage) {
  tariff_input_.set_voltage(t, voltage.rms_V, voltage.frequency_nHz);
}

void Surroundings::cut_supply(Ps t, Ps duration) { supply_.cut(t, duration); }

Surroundings::State Surroundings::state() const {
  return {
      supply_.state(), tariff_input_.state(), {buttons_[left]->state(), buttons_[right]->state()}};
}

void Surroundings::restore(const State& state) {
  supply_.restore(state.supply);
  tariff_input_.restore(state.tariff_input);
  buttons_[left]->restore(state.buttons[left]);
  buttons_[right]->restore(state.buttons[right]);
}

void Surroundings::take_over(State state, Ps by, Script& script) {
  rebase(state.supply, by);
  rebase(state.tariff_input, by);
  for (models::buttons::ButtonState& button : state.buttons) {
    button.edges.clear();
    button.next = 0;
    if (button.pressed) button.edges.push_back({0, false});
  }
  restore(state);
  script.add(0, [this] { set_tariff_voltage(0, tariff_at_start_); });
}

void Surroundings::strike(const Fault& fault) { damage(fault, eeprom_, meter_); }

}  // namespace tools
