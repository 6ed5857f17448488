#include "tests/end_to_end/power_bench.h"

#include <algorithm>
#include <stdexcept>
#include <systemc>

#include "platform/metering_firmware.h"

namespace end_to_end {

namespace hal = metrology::hal;

namespace {

constexpr std::uint32_t led_rate_centi = 1'000'000;
constexpr const char* outputs[] = {"m1.led_active", "m1.led_reactive", "m1.s0_forward",
                                   "m1.s0_reverse"};

/// L1 and L2 draw at a lag of 35°, L3 feeds back: every direction and kind is booked.
void schedule_currents(models::grid::Grid& grid, Ps at, double current_A) {
  for (int phase = 0; phase < 3; ++phase) {
    models::grid::CurrentSpec current;
    current.rms_A = current_A / (phase + 1);
    current.lag_deg = phase == 2 ? 215 : 35;
    grid.schedule_current(phase, at, current);
  }
}

void schedule_voltages(models::grid::Grid& grid, Ps at, double voltage_V) {
  for (int phase = 0; phase < 3; ++phase) {
    models::grid::VoltageSpec voltage;
    voltage.rms_V = voltage_V;
    voltage.angle_deg = -120.0 * phase;
    grid.schedule_voltage(phase, at, voltage);
  }
}

}  // namespace

void Chronicle::record(Ps t, std::string_view instance, std::string_view event,
                       std::initializer_list<models::pins::Field> fields) {
  if (event == "edge" && std::get<bool>(fields.begin()->value)) {
    const auto* output = std::find(std::begin(outputs), std::end(outputs), instance);
    if (output != std::end(outputs)) ++started[static_cast<std::size_t>(output - outputs)];
  } else if (event == "write" && instance == "m1.eeprom") {
    const auto page = std::get<std::uint64_t>(fields.begin()->value);
    writes.push_back({t, static_cast<std::uint32_t>(page)});
  } else if (event == "torn") {
    ++torn;
  } else if (event == "mains" && !std::get<bool>(fields.begin()->value)) {
    warnings.push_back(t);
  } else if (event == "reset") {
    ++resets;
  }
}

void Tap::scl_rises(Ps t, bool sda) {
  if (listening) bits.push_back(t);
  device_.scl_rises(t, sda);
}

PowerBench::PowerBench(const Setup& setup)
    : current_A_(setup.current_A),
      terminals_(grid_, models::wiring::Wiring{}),
      front_end_(terminals_, air_, {}),
      eeprom_({"m1.eeprom", 0x50, 5 * ps_per_ms, setup.seed}, chronicle, setup.image),
      rates_{led_rate_centi, led_rate_centi, setup.s0_rate_centi, setup.s0_rate_centi} {
  schedule_voltages(grid_, 0, voltage_V_);
  schedule_currents(grid_, 0, current_A_);
  platform::MeterTerminals terminals;
  for (int phase = 0; phase < 3; ++phase) {
    const auto p = static_cast<std::size_t>(phase);
    terminals.analog[p] = &front_end_.voltage(phase);
    terminals.analog[p + 3] = &front_end_.current(phase);
  }
  terminals.analog[6] = &front_end_.temperature();
  terminals.i2c_device = &tap_;
  platform::MeterConfig config;
  config.parameters.magic = hal::parameter_page_magic;
  config.parameters.variant = hal::MeterVariant::mod;
  config.parameters.connection = hal::Connection::three_phase_four_wire;
  config.parameters.serial_hi = 0x0257;
  config.parameters.serial_lo = 0x1450'0001;
  config.parameters.s0_rate_centi = setup.s0_rate_centi;
  const models::pins::WorldSchedule& schedule = *this;
  meter_ = std::make_unique<platform::Meter>(config, terminals, platform::metering_firmware(),
                                             chronicle, schedule);
  supply_ = std::make_unique<models::supply::Supply>(
      std::array<const models::grid::StretchSource*, 3>{
          &terminals_.voltage(0), &terminals_.voltage(1), &terminals_.voltage(2)},
      meter_->supply_input(), setup.holdup);
  supply_->advance(0);
}

PowerBench::~PowerBench() = default;

Ps PowerBench::now() const { return sc_core::sc_time_stamp().value(); }

void PowerBench::run_until(Ps t) {
  while (now() < t) {
    const Ps next = supply_->next_event();
    horizon_ = std::min(t, next);
    if (horizon_ > now()) sc_core::sc_start(sc_core::sc_time::from_value(horizon_ - now()));
    if (now() == next) supply_->advance(next);
  }
}

void PowerBench::run_to(const std::function<bool()>& holds, Ps step, Ps limit, const char* what) {
  const Ps end = now() + limit;
  while (!holds()) {
    if (now() >= end) throw std::runtime_error(std::string(what) + " did not come in time");
    run_for(step);
  }
}

void PowerBench::set_mains(double voltage_V) {
  voltage_V_ = voltage_V;
  schedule_voltages(grid_, now() + 1, voltage_V_);
  announce();
}

void PowerBench::set_current(double current_A) {
  current_A_ = current_A;
  schedule_currents(grid_, now() + 1, current_A_);
}

void PowerBench::write_row(std::uint32_t row, std::uint16_t value, bool waits) {
  platform::MailboxWords words{};
  words[0] = std::uint32_t{value} << 16U;
  bool refused = false;
  meter_->debug_port().write_row(row, words, [&refused, waits](const platform::DebugReply& reply) {
    if (waits) refused = reply.status != hal::MailboxReply::ok;
  });
  if (!waits) return;
  run_to([this] { return meter_->debug_port().waiting() == 0; }, ps_per_ms, ps_per_s, "an answer");
  if (refused) throw std::runtime_error("the debug port refused");
}

void PowerBench::begin_write(std::uint32_t row, std::int32_t value) {
  platform::MailboxWords words{};
  words[0] = static_cast<std::uint32_t>(value);
  meter_->debug_port().write_row(row, words, [](const platform::DebugReply&) {});
}

const metrology::app::State& PowerBench::firmware() const {
  if (!meter_->powered() || meter_->firmware() == nullptr) {
    throw std::runtime_error("no firmware runs");
  }
  return static_cast<const platform::MeteringFirmware*>(meter_->firmware())->firmware().state();
}

bool PowerBench::loaded() const {
  return meter_->powered() && meter_->firmware() != nullptr && firmware().storage.loaded;
}

bool PowerBench::memory_good() const { return !firmware().status.memory_fault; }

void PowerBench::run_saved() {
  run_to(
      [this] {
        const auto& task = firmware().storage;
        return !task.save_due && !task.look && !task.transfer_over &&
               metrology::storage::is_idle(task.store);
      },
      ps_per_ms, ps_per_s, "the end of the save");
}

}  // namespace end_to_end
