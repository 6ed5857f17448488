#include "tools/typetest/laboratory.h"

#include <fmt/format.h>

#include <cstring>
#include <functional>
#include <optional>
#include <stdexcept>
#include <systemc>

#include "models/random/random.h"
#include "tools/engine/advance.h"
#include "tools/engine/bus_world.h"
#include "tools/engine/ir_world.h"
#include "tools/engine/mbus_world.h"
#include "tools/engine/meter_world.h"
#include "tools/engine/recorder.h"
#include "tools/typetest/circumstances.h"

namespace tools::typetest {
namespace {

using models::pins::ps_per_ms;
using models::pins::ps_per_s;

constexpr double Ws_per_Wh = 3600;
/// As long as the kernel's clock can run (platform/wide_time.h).
constexpr Ps longest = 199 * 24 * 3600 * ps_per_s;
/// How long a press of a button lights the display is 30 s (manual 6.7): it is pressed sooner.
constexpr Ps press_period = 20 * ps_per_s;
constexpr Ps press_duration = 100 * ps_per_ms;

/// Hears everything and keeps the instants at which the two LEDs go on.
class LedWatcher final : public models::pins::EventSink {
 public:
  explicit LedWatcher(const std::string& meter_id)
      : active_(pulse_instance(meter_id, Output::led_active)),
        reactive_(pulse_instance(meter_id, Output::led_reactive)) {}

  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override {
    const bool active = instance == active_;
    if ((!active && instance != reactive_) || event != "edge") return;
    if (!std::get<bool>(fields.begin()->value)) return;
    (active ? active_flashes : reactive_flashes).push_back(t);
  }

  std::vector<Ps> active_flashes;
  std::vector<Ps> reactive_flashes;

 private:
  std::string active_;
  std::string reactive_;
};

MeterSpec meter_on_mains(const Subject& subject, const Condition& first) {
  MeterSpec spec = subject.meter;
  spec.grid = {mains_of(first, subject.ratings)};
  spec.tariff_input = tariff_voltage_of(first, subject.ratings);
  return spec;
}

Scenario scenario_of(const Subject& subject, const Condition& first) {
  Scenario scenario;
  scenario.duration = longest;
  scenario.seed = subject.seed;
  scenario.meters = {meter_on_mains(subject, first)};
  if (first.accessory == Accessory::bus_traffic) add_bus_traffic(scenario);
  return scenario;
}

SimulationSettings settings_of(const Subject& subject, int repetition, bool led) {
  SimulationSettings settings;
  settings.seed = subject.seed;
  if (repetition != 0) {
    settings.seed =
        models::random::seed_of(subject.seed, "repetition " + std::to_string(repetition));
  }
  settings.led = led;
  return settings;
}

/// Mains of its own for the reference standard: what a meter that is connected rightly is to count,
/// whatever is wrong inside the one under test.
MeterSpec reference_of(const MeterSpec& meter) {
  MeterSpec spec;
  spec.grid = meter.grid;
  return spec;
}

std::uint64_t join(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32U) | low;
}

}  // namespace

struct Laboratory::Bench {
  Bench(const Subject& subject, const Condition& first, int repetition)
      : ratings(subject.ratings),
        scenario(scenario_of(subject, first)),
        settings(settings_of(subject, repetition, true)),
        condition(first),
        leds(scenario.meters.front().id),
        script("_script", longest),
        reference_mains(reference_of(scenario.meters.front())),
        reference_terminals(reference_mains.grid(), models::wiring::Wiring{}),
        reference(reference_terminals, 1) {
    // What comes is decided while the meter runs, but for who reads it.
    script.grant(0);
    const SimulationSettings unled = settings_of(subject, repetition, false);
    if (scenario.bus) {
      bus = std::make_unique<BusWorld>(scenario, unled, false, leds, script);
    }
    if (scenario.mbus) {
      mbus = std::make_unique<MbusWorld>(scenario, unled, false, leds, script);
    }
    ir = std::make_unique<IrWorld>(scenario, unled, false, leds, script);
    models::pins::LinePort* port = bus ? bus->port(0) : nullptr;
    if (mbus) port = mbus->port(0);
    world = std::make_unique<MeterWorld>(scenario, 0, settings, leds, script, port, ir->port(0));
    if (bus) bus->connect(0, world->meter());
    if (mbus) mbus->connect(0, world->meter());
    ir->connect(0, world->meter());
    if (first.accessory == Accessory::backlight) {
      script.add(ps_per_s, [this] { light_display(ps_per_s); });
    }
    script.ready();
    sc_core::sc_start(sc_core::SC_ZERO_TIME);  // elaboration
  }

  Ps now() const { return sc_core::sc_time_stamp().value(); }

  void run_for(Ps duration) {
    if (duration == 0) return;
    script.grant(now() + duration);
    advance(duration);
  }

  /// The world changes a picosecond from now: the meter may have seen the present one already.
  void change(const TimelineEntry& entry) {
    const Ps t = now() + 1;
    script.post(t, [this, t, entry] {
      world->change_mains(t, entry);
      reference_mains.apply(t, entry);
      if (entry.tariff_input) world->surroundings().set_tariff_voltage(t, *entry.tariff_input);
    });
    run_for(2);
  }

  void light_display(Ps t) {
    if (condition.accessory != Accessory::backlight) return;
    world->surroundings().press(t, {true, false, press_duration});
    script.post(t + press_period, [this, t] { light_display(t + press_period); });
  }

  platform::DebugReply ask(
      const std::function<void(platform::DebugPort&, platform::DebugPort::Callback)>& post) {
    std::optional<platform::DebugReply> reply;
    post(world->meter().debug_port(),
         [&reply](const platform::DebugReply& answer) { reply = answer; });
    const Ps limit = now() + patience;
    while (!reply) {
      if (now() >= limit) throw std::runtime_error("the meter does not answer its debug port");
      run_for(ps_per_ms);
    }
    return *reply;
  }

  platform::DebugReply ask_raw(std::uint32_t row) {
    return checked(row, ask([row](platform::DebugPort& port, platform::DebugPort::Callback done) {
                     port.read_raw(row, std::move(done));
                   }));
  }

  static platform::DebugReply checked(std::uint32_t row, platform::DebugReply reply) {
    if (reply.status == metrology::hal::MailboxReply::ok) return reply;
    throw std::runtime_error(fmt::format("the meter refuses its row 0x{:04X}", row));
  }

  /// The firmware answers within a block, unless it has no supply.
  static constexpr Ps patience = ps_per_s;

  Ratings ratings;
  Scenario scenario;
  SimulationSettings settings;
  Condition condition;
  LedWatcher leds;
  Script script;
  GridScript reference_mains;
  models::wiring::Terminals reference_terminals;
  TerminalTruth reference;
  std::unique_ptr<BusWorld> bus;
  std::unique_ptr<MbusWorld> mbus;
  std::unique_ptr<IrWorld> ir;
  std::unique_ptr<MeterWorld> world;
};

Laboratory::Laboratory(const Subject& subject, const Condition& first, int repetition)
    : bench_(std::make_unique<Bench>(subject, first, repetition)) {}

Laboratory::~Laboratory() = default;

Ps Laboratory::now() const { return bench_->now(); }

void Laboratory::apply(const Condition& condition) {
  if (condition.accessory == Accessory::bus_traffic && bench_->scenario.timeline.empty()) {
    throw std::invalid_argument("somebody reads the meter from the beginning or not at all");
  }
  const bool light = condition.accessory == Accessory::backlight &&
                     bench_->condition.accessory != Accessory::backlight;
  bench_->condition = condition;
  TimelineEntry entry;
  entry.set = mains_of(condition, bench_->ratings);
  entry.tariff_input = tariff_voltage_of(condition, bench_->ratings);
  bench_->change(entry);
  if (light) {
    const Ps t = now() + 1;
    bench_->script.post(t, [this, t] { bench_->light_display(t); });
  }
}

void Laboratory::dip(Ps duration, double residual) {
  TimelineEntry entry;
  entry.sags.push_back({{true, true, true}, residual, duration});
  bench_->change(entry);
}

void Laboratory::run_for(Ps duration) { bench_->run_for(duration); }

const std::vector<Ps>& Laboratory::flashes(Kind kind) const {
  return kind == Kind::active ? bench_->leds.active_flashes : bench_->leds.reactive_flashes;
}

double Laboratory::truth_Wh(Kind kind, Ps from, Ps to) const {
  const Output led = kind == Kind::active ? Output::led_active : Output::led_reactive;
  return bench_->reference.output_energy(led, from, to) / Ws_per_Wh;
}

double Laboratory::raw(std::uint32_t row) {
  const platform::DebugReply reply = bench_->ask_raw(row);
  const std::uint64_t bits = join(reply.words[1], reply.words[2]);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

double Laboratory::raw_energy_Wh(std::uint32_t row) {
  const platform::DebugReply reply = bench_->ask_raw(row);
  const auto uWh = static_cast<std::int64_t>(join(reply.words[1], reply.words[2]));
  return static_cast<double>(uWh) * 1e-6 + static_cast<double>(reply.words[3]) * 1e-12;
}

std::uint32_t Laboratory::row_word(std::uint32_t row) {
  return Bench::checked(
             row, bench_->ask([row](platform::DebugPort& port, platform::DebugPort::Callback done) {
               port.read_row(row, std::move(done));
             }))
      .words[0];
}

void Laboratory::write_row_word(std::uint32_t row, std::uint32_t word) {
  platform::MailboxWords words{};
  words[0] = word;
  Bench::checked(row,
                 bench_->ask([&](platform::DebugPort& port, platform::DebugPort::Callback done) {
                   port.write_row(row, words, std::move(done));
                 }));
}

std::vector<std::uint8_t> Laboratory::eeprom() const { return bench_->world->eeprom_image(); }

double Laboratory::inner_temperature_C() const {
  return bench_->world->inner_temperature_C(bench_->now());
}

}  // namespace tools::typetest
