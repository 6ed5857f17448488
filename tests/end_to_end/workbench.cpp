#include "tests/end_to_end/workbench.h"

#include <cstring>
#include <stdexcept>
#include <systemc>

#include "platform/metering_firmware.h"

namespace end_to_end {

namespace hal = metrology::hal;

namespace {

models::wiring::Wiring wiring_of(Connection connection) {
  models::wiring::Wiring wiring;
  switch (connection) {
    case Connection::three_phase_four_wire:
      wiring.connection = models::wiring::Connection::four_wire;
      break;
    case Connection::aron:
      wiring.connection = models::wiring::Connection::aron;
      break;
    case Connection::one_phase_two_wire:
      wiring.connection = models::wiring::Connection::one_phase;
      break;
  }
  return wiring;
}

hal::ParameterPage page_of(const Setup& setup) {
  hal::ParameterPage page{};
  page.magic = hal::parameter_page_magic;
  page.variant = setup.variant;
  page.connection = setup.connection;
  page.serial_hi = 0x0257;
  page.serial_lo = 0x1450'0001;
  page.ct_primary_A = hal::is_ct(setup.variant) ? setup.ct_primary_A : 0;
  page.s0_rate_centi = setup.s0_rate_centi;
  for (std::size_t phase = 0; phase < 3; ++phase)
    page.calibration[phase] = setup.calibration[phase];
  return page;
}

std::uint64_t join(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32) | low;
}

}  // namespace

void EdgeCollector::record(Ps t, std::string_view instance, std::string_view event,
                           std::initializer_list<models::pins::Field> fields) {
  ++counts_[std::string(instance) + " " + std::string(event)];
  if (event != "edge") return;
  std::vector<Pulse>& pulses = pulses_[std::string(instance)];
  if (std::get<bool>(fields.begin()->value)) {
    pulses.push_back({t, 0});
  } else if (!pulses.empty()) {
    pulses.back().end = t;
  }
}

int EdgeCollector::count(const std::string& event) const {
  const auto found = counts_.find(event);
  return found == counts_.end() ? 0 : found->second;
}

Workbench::Workbench(const Setup& setup) : terminals_(grid_, wiring_of(setup.connection)) {
  platform::MeterTerminals terminals;
  std::vector<models::truth::Element> elements;
  const int last = setup.connection == Connection::one_phase_two_wire ? 1 : 3;
  for (int phase = 0; phase < 3; ++phase) {
    const auto p = static_cast<std::size_t>(phase);
    const models::truth::Element element{&terminals_.voltage(phase), &terminals_.current(phase)};
    phase_truth_.push_back(
        std::make_unique<models::truth::EnergyTruth>(std::vector<models::truth::Element>{element}));
    if (phase < last) elements.push_back(element);
    sensors_.push_back(
        std::make_unique<models::sensors::Sensor>(*element.voltage, setup.voltage_errors[p]));
    terminals.analog[p] = sensors_.back().get();
    sensors_.push_back(
        std::make_unique<models::sensors::Sensor>(*element.current, setup.current_errors[p]));
    terminals.analog[p + 3] = sensors_.back().get();
  }
  total_truth_ = std::make_unique<models::truth::EnergyTruth>(elements);
  terminals.analog[6] = &room_;

  using models::receivers::LedObserver;
  using models::receivers::S0Receiver;
  outputs_.push_back(std::make_unique<LedObserver>("m1.led_active", edges_));
  outputs_.push_back(std::make_unique<LedObserver>("m1.led_reactive", edges_));
  outputs_.push_back(std::make_unique<S0Receiver>("m1.s0_forward", "m1.diagnostic", edges_,
                                                  models::receivers::S0Supply{}));
  outputs_.push_back(std::make_unique<S0Receiver>("m1.s0_reverse", "m1.diagnostic", edges_,
                                                  models::receivers::S0Supply{}));
  for (std::size_t n = 0; n < outputs_.size(); ++n) terminals.pulse[n] = outputs_[n].get();

  platform::MeterConfig config;
  config.parameters = page_of(setup);
  config.crystal_ppb = setup.crystal_ppb;
  const models::pins::WorldSchedule& schedule = *this;
  meter_ = std::make_unique<platform::Meter>(config, terminals, platform::metering_firmware(),
                                             edges_, schedule);
}

Workbench::~Workbench() = default;

Ps Workbench::now() const { return sc_core::sc_time_stamp().value(); }

void schedule(models::grid::Grid& grid, Ps at, const Load& load) {
  for (int phase = 0; phase < 3; ++phase) {
    models::grid::VoltageSpec voltage;
    voltage.rms_V = load.voltage_V;
    voltage.angle_deg = -120.0 * phase;
    grid.schedule_voltage(phase, at, voltage);
    models::grid::CurrentSpec current;
    current.rms_A = load.phases[static_cast<std::size_t>(phase)] ? load.current_A : 0;
    current.lag_deg = load.lag_deg;
    grid.schedule_current(phase, at, current);
  }
}

void Workbench::run_until(Ps t) {
  horizon_ = t;
  if (t > now()) sc_core::sc_start(sc_core::sc_time::from_value(t - now()));
}

platform::DebugReply Workbench::ask(
    const std::function<void(platform::DebugPort::Callback)>& post) {
  bool answered = false;
  platform::DebugReply reply{};
  post([&](const platform::DebugReply& r) {
    reply = r;
    answered = true;
  });
  const Ps limit = now() + ps_per_s;
  while (!answered) {
    if (now() >= limit) throw std::runtime_error("the debug port did not answer within a second");
    run_until(now() + ps_per_ms);
  }
  if (reply.status != hal::MailboxReply::ok) throw std::runtime_error("the debug port refused");
  return reply;
}

double Workbench::raw(std::uint32_t row) {
  const auto reply = ask([&](auto callback) { meter_->debug_port().read_raw(row, callback); });
  const std::uint64_t bits = join(reply.words[1], reply.words[2]);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

BookedEnergy Workbench::raw_energy(std::uint32_t row) {
  const auto reply = ask([&](auto callback) { meter_->debug_port().read_raw(row, callback); });
  const auto uWh = static_cast<std::int64_t>(join(reply.words[1], reply.words[2]));
  const auto cycles = static_cast<std::int64_t>(join(reply.words[4], reply.words[5]));
  const Ps edge = meter_->clock().edge(cycles + meter_->counter_origin());
  const double rest_ps = static_cast<double>(reply.words[6]) * 0x1p-32 * 39736.0;
  return {static_cast<double>(uWh) * 1e-6 + static_cast<double>(reply.words[3]) * 1e-12,
          edge + static_cast<Ps>(rest_ps)};
}

float Workbench::row_float(std::uint32_t row) {
  const auto reply = ask([&](auto callback) { meter_->debug_port().read_row(row, callback); });
  float value = 0;
  std::memcpy(&value, reply.words.data(), sizeof value);
  return value;
}

std::uint32_t Workbench::row_integer(std::uint32_t row) {
  return ask([&](auto callback) { meter_->debug_port().read_row(row, callback); }).words[0];
}

void Workbench::write_rate(float imp_per_kWh) {
  platform::MailboxWords words{};
  std::memcpy(words.data(), &imp_per_kWh, sizeof imp_per_kWh);
  ask([&](auto callback) { meter_->debug_port().write_row(0x1066, words, callback); });
}

models::truth::Quantities Workbench::quantities(int phase, Ps t) const {
  return models::truth::quantities_at({&terminals_.voltage(phase), &terminals_.current(phase)}, t);
}

}  // namespace end_to_end
