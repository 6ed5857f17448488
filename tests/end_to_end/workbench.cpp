#include "tests/end_to_end/workbench.h"

#include <cstring>
#include <stdexcept>
#include <systemc>
#include <utility>

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

double value_of(const platform::DebugReply& raw_reply) {
  const std::uint64_t bits = join(raw_reply.words[1], raw_reply.words[2]);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

float float_of(const platform::DebugReply& row_reply) {
  float value = 0;
  std::memcpy(&value, row_reply.words.data(), sizeof value);
  return value;
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

Workbench::Workbench(const Setup& setup)
    : terminals_(grid_, wiring_of(setup.connection)), front_end_(terminals_, air_, setup.sensors) {
  platform::MeterTerminals terminals;
  std::vector<models::truth::Element> elements;
  const int last = setup.connection == Connection::one_phase_two_wire ? 1 : 3;
  for (int phase = 0; phase < 3; ++phase) {
    const auto p = static_cast<std::size_t>(phase);
    const models::truth::Element element{&terminals_.voltage(phase), &terminals_.current(phase)};
    phase_truth_.push_back(
        std::make_unique<models::truth::EnergyTruth>(std::vector<models::truth::Element>{element}));
    if (phase < last) elements.push_back(element);
    terminals.analog[p] = &front_end_.voltage(phase);
    terminals.analog[p + 3] = &front_end_.current(phase);
  }
  total_truth_ = std::make_unique<models::truth::EnergyTruth>(elements);
  terminals.analog[6] = &front_end_.temperature();

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

std::vector<platform::DebugReply> Workbench::answers(const std::vector<Post>& posts) {
  std::vector<platform::DebugReply> replies;
  for (const Post& post : posts) {
    post(meter_->debug_port(),
         [&replies](const platform::DebugReply& reply) { replies.push_back(reply); });
  }
  const Ps limit = now() + ps_per_s;
  while (replies.size() < posts.size()) {
    if (now() >= limit) throw std::runtime_error("the debug port did not answer within a second");
    run_until(now() + ps_per_ms);
  }
  return replies;
}

std::vector<platform::DebugReply> Workbench::ask(const std::vector<Post>& posts) {
  std::vector<platform::DebugReply> replies = answers(posts);
  for (const platform::DebugReply& reply : replies) {
    if (reply.status != hal::MailboxReply::ok) throw std::runtime_error("the debug port refused");
  }
  return replies;
}

Workbench::Post Workbench::raw_of(std::uint32_t row) {
  return [row](platform::DebugPort& port, platform::DebugPort::Callback callback) {
    port.read_raw(row, std::move(callback));
  };
}

Workbench::Post Workbench::row_of(std::uint32_t row) {
  return [row](platform::DebugPort& port, platform::DebugPort::Callback callback) {
    port.read_row(row, std::move(callback));
  };
}

BookedEnergy Workbench::booked_energy(const platform::DebugReply& reply) const {
  const auto uWh = static_cast<std::int64_t>(join(reply.words[1], reply.words[2]));
  const auto cycles = static_cast<std::int64_t>(join(reply.words[4], reply.words[5]));
  const Ps edge = meter_->clock().edge(cycles + meter_->counter_origin());
  const double rest_ps = static_cast<double>(reply.words[6]) * 0x1p-32 * 39736.0;
  return {static_cast<double>(uWh) * 1e-6 + static_cast<double>(reply.words[3]) * 1e-12, uWh,
          reply.words[3], edge + static_cast<Ps>(rest_ps)};
}

double Workbench::raw(std::uint32_t row) { return raws({row}).front(); }

std::vector<double> Workbench::raws(const std::vector<std::uint32_t>& rows) {
  std::vector<Post> posts;
  posts.reserve(rows.size());
  for (const std::uint32_t row : rows) posts.push_back(raw_of(row));
  std::vector<double> values;
  for (const platform::DebugReply& reply : ask(posts)) values.push_back(value_of(reply));
  return values;
}

BookedEnergy Workbench::raw_energy(std::uint32_t row) { return raw_energies({row}).front(); }

std::vector<BookedEnergy> Workbench::raw_energies(const std::vector<std::uint32_t>& rows) {
  std::vector<Post> posts;
  posts.reserve(rows.size());
  for (const std::uint32_t row : rows) posts.push_back(raw_of(row));
  std::vector<BookedEnergy> energies;
  for (const platform::DebugReply& reply : ask(posts)) energies.push_back(booked_energy(reply));
  return energies;
}

std::uint32_t Workbench::row_integer(std::uint32_t row) { return read_rows({row})[0].words[0]; }

std::vector<platform::DebugReply> Workbench::read_rows(const std::vector<std::uint32_t>& rows) {
  std::vector<Post> posts;
  posts.reserve(rows.size());
  for (const std::uint32_t row : rows) posts.push_back(row_of(row));
  return ask(posts);
}

std::vector<platform::DebugReply> Workbench::row_between_raws(std::uint32_t row) {
  for (int tries = 0; tries < 10; ++tries) {
    auto replies = ask({raw_of(row), row_of(row), raw_of(row)});
    if (replies[0].words == replies[2].words) return replies;
  }
  throw std::runtime_error("the value changed at each of ten readings");
}

ShownValue Workbench::shown_value(std::uint32_t row) {
  const auto replies = row_between_raws(row);
  return {value_of(replies[0]), float_of(replies[1])};
}

ShownEnergy Workbench::shown_energy(std::uint32_t row) {
  const auto replies = row_between_raws(row);
  return {booked_energy(replies[0]).uWh, float_of(replies[1])};
}

Ps Workbench::write_rate(float imp_per_kWh) {
  platform::MailboxWords words{};
  std::memcpy(words.data(), &imp_per_kWh, sizeof imp_per_kWh);
  constexpr std::uint32_t s0_rate_row = 0x1066;
  return ask({[&](platform::DebugPort& port, platform::DebugPort::Callback callback) {
           port.write_row(s0_rate_row, words, std::move(callback));
         }})[0]
      .at;
}

platform::DebugReply Workbench::write(std::uint32_t row, std::uint32_t first_word) {
  platform::MailboxWords words{};
  words[0] = first_word;
  return answers({[&](platform::DebugPort& port, platform::DebugPort::Callback callback) {
    port.write_row(row, words, std::move(callback));
  }})[0];
}

platform::DebugReply Workbench::write_two_bytes(std::uint32_t row, std::uint16_t value) {
  return write(row, std::uint32_t{value} << 16U);
}

platform::DebugReply Workbench::write_four_bytes(std::uint32_t row, std::int32_t value) {
  return write(row, static_cast<std::uint32_t>(value));
}

models::truth::Quantities Workbench::quantities(int phase, Ps t) const {
  return models::truth::quantities_at({&terminals_.voltage(phase), &terminals_.current(phase)}, t);
}

}  // namespace end_to_end
