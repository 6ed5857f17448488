#include "tests/soak/world.h"

#include <algorithm>
#include <systemc>

#include "metrology/storage/layout.h"
#include "models/masters/ir_reader.h"
#include "platform/metering_firmware.h"
#include "tools/engine/advance.h"

namespace soak {

namespace hal = metrology::hal;

namespace {

constexpr double nominal_V = 230;
constexpr double tariff_V = 230;
/// A change is on its way through filters and windows for so long at most: 196 samples twice, a
/// cycle, a block.
constexpr double settling_s = 0.2;
constexpr std::int64_t mains_nHz = 50'000'000'000;

std::unique_ptr<Line> bus_of(MeterVariant variant, std::uint64_t seed) {
  if (hal::has_modbus(variant)) {
    return std::make_unique<Line>(Line::Kind::rs485, SerialFormat{}, seed);
  }
  if (hal::has_mbus(variant)) {
    return std::make_unique<Line>(Line::Kind::mbus, SerialFormat{}, seed);
  }
  return nullptr;
}

platform::MeterConfig config_of(MeterVariant variant, std::uint64_t seed) {
  platform::MeterConfig config;
  config.seed = seed;
  config.parameters.magic = hal::parameter_page_magic;
  config.parameters.variant = variant;
  config.parameters.connection = hal::Connection::three_phase_four_wire;
  config.parameters.serial_hi = 0x0257;
  config.parameters.serial_lo = serial_number;
  config.parameters.s0_rate_centi = 100'000;
  return config;
}

}  // namespace

World::World(MeterVariant variant, std::uint64_t seed, const std::string& log_path)
    : variant_(variant),
      diary_(log_path),
      terminals_(grid_, models::wiring::Wiring{}),
      front_end_(terminals_, air_, {}),
      eeprom_({"m1.eeprom", metrology::storage::eeprom_device, 5 * ps_per_ms, seed}, diary_, {}),
      display_("m1.display", diary_),
      leds_{{{"m1.led_active", diary_}, {"m1.led_reactive", diary_}}},
      receivers_{{{"m1.s0_forward", "m1.diagnostic", diary_, {}},
                  {"m1.s0_reverse", "m1.diagnostic", diary_, {}}}},
      bus_(bus_of(variant, seed)),
      ir_(Line::Kind::optical, models::masters::IrReader::start_format(), seed) {
  voltage_V_.fill(nominal_V);
  for (int phase = 0; phase < phase_count; ++phase) schedule_voltage(phase);
  platform::MeterTerminals terminals;
  for (int phase = 0; phase < phase_count; ++phase) {
    const auto p = static_cast<std::size_t>(phase);
    terminals.analog[p] = &front_end_.voltage(phase);
    terminals.analog[p + phase_count] = &front_end_.current(phase);
    truth_[p] = std::make_unique<models::truth::EnergyTruth>(std::vector<models::truth::Element>{
        {&terminals_.voltage(phase), &terminals_.current(phase)}});
  }
  terminals.analog[6] = &front_end_.temperature();
  terminals.pulse = {&leds_[0], &leds_[1], &receivers_[0], &receivers_[1]};
  terminals.glass = &display_;
  terminals.i2c_device = &eeprom_;
  terminals.bus = bus_ ? &bus_->meter_port() : nullptr;
  terminals.ir = &ir_.meter_port();
  const models::pins::WorldSchedule& schedule = *this;
  meter_ = std::make_unique<platform::Meter>(config_of(variant, seed), terminals,
                                             platform::metering_firmware(), diary_, schedule);
  if (bus_) bus_->connect(meter_->bus_receiver());
  ir_.connect(meter_->ir_receiver());
  supply_ = std::make_unique<models::supply::Supply>(
      std::array<const models::grid::StretchSource*, phase_count>{
          &terminals_.voltage(0), &terminals_.voltage(1), &terminals_.voltage(2)},
      meter_->supply_input());
  supply_->advance(0);
  opto_ =
      std::make_unique<models::opto::OptoCoupler>(meter_->gpio_input(hal::GpioPin::tariff_input));
  buttons_[0] = std::make_unique<models::buttons::Button>(
      meter_->gpio_input(hal::GpioPin::button_left), seed, "m1.button_left");
  buttons_[1] = std::make_unique<models::buttons::Button>(
      meter_->gpio_input(hal::GpioPin::button_right), seed, "m1.button_right");
}

World::~World() = default;

Ps World::now() const { return sc_core::sc_time_stamp().value(); }

Ps World::next_instant() const {
  Ps next = std::min(supply_->next_event(), opto_->next_event());
  for (const auto& button : buttons_) next = std::min(next, button->next_event());
  if (!plans_.empty()) next = std::min(next, plans_.begin()->first);
  return next;
}

void World::act() {
  const Ps t = now();
  while (!plans_.empty() && plans_.begin()->first <= t) {
    const auto action = std::move(plans_.begin()->second);
    plans_.erase(plans_.begin());
    action();
  }
  for (const auto& button : buttons_) {
    while (button->next_event() <= t) button->advance(t);
  }
  while (opto_->next_event() <= t) opto_->advance(t);
  if (supply_->next_event() <= t) supply_->advance(t);
}

void World::run_until(Ps t) {
  while (now() < t) {
    horizon_ = std::min(t, next_instant());
    if (horizon_ > now()) tools::advance(horizon_ - now());
    act();
  }
}

void World::run_to(const std::function<bool()>& holds, Ps step, Ps limit, const std::string& what) {
  const Ps end = now() + limit;
  while (!holds()) {
    if (now() >= end) throw Broken("expected " + what + " within " + seconds(limit));
    run_for(step);
  }
}

void World::schedule_voltage(int phase) {
  const auto p = static_cast<std::size_t>(phase);
  models::grid::VoltageSpec voltage;
  voltage.rms_V = mains_on_ ? voltage_V_[p] : 0;
  voltage.angle_deg = -120.0 * phase;
  grid_.schedule_voltage(phase, now() == 0 ? 0 : now() + 1, voltage);
}

void World::note_change(int phase) {
  const auto p = static_cast<std::size_t>(phase);
  unsettled_Ws_[p] += voltage_V_[p] * load_[p].current_A * settling_s;
  changed_at_ = now();
}

void World::set_voltage(int phase, double rms_V) {
  note_change(phase);
  voltage_V_[static_cast<std::size_t>(phase)] = rms_V;
  note_change(phase);
  schedule_voltage(phase);
  supply_->advance(now());
}

void World::set_mains(bool on) {
  mains_on_ = on;
  for (int phase = 0; phase < phase_count; ++phase) {
    schedule_voltage(phase);
    note_change(phase);
  }
  supply_->advance(now());
}

void World::set_load(int phase, const Load& load) {
  note_change(phase);
  load_[static_cast<std::size_t>(phase)] = load;
  models::grid::CurrentSpec current;
  current.rms_A = load.current_A;
  current.lag_deg = load.lag_deg;
  grid_.schedule_current(phase, now() + 1, current);
  note_change(phase);
}

void World::set_tariff_input(bool on) {
  tariff_input_ = on;
  opto_->set_voltage(now(), on ? tariff_V : 0, mains_nHz);
}

void World::press(bool left, Ps duration) {
  models::buttons::Button& button = *buttons_[left ? 0 : 1];
  if (button.next_event() == models::pins::ps_never) button.press(now(), duration);
}

void World::run_quiet() {
  run_to([this] { return quiet(); }, ps_per_ms, 2 * ps_per_s, "a CPU that goes back to sleep");
}

bool World::loaded() const {
  return meter_->powered() && meter_->firmware() != nullptr && firmware().storage.loaded;
}

const metrology::app::State& World::firmware() const {
  if (!meter_->powered() || meter_->firmware() == nullptr) throw Broken("no firmware runs");
  return static_cast<const platform::MeteringFirmware*>(meter_->firmware())->firmware().state();
}

}  // namespace soak
