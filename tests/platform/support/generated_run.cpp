#include "tests/platform/support/generated_run.h"

#include <string>
#include <vector>

#include "models/display/display.h"
#include "models/eeprom/eeprom.h"
#include "platform/clock_tree.h"
#include "platform/meter.h"
#include "tests/peripherals/support/line.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/dice.h"
#include "tests/platform/support/exerciser.h"
#include "tests/platform/support/script.h"
#include "tests/platform/support/waveform.h"

namespace test {

namespace {

namespace hal = metrology::hal;
using models::pins::Ps;

/// Hands a meter's output to one of its own inputs, once both exist.
class Loopback : public models::pins::DigitalInput {
 public:
  void drive(Ps t, bool level) override {
    if (input != nullptr) input->drive(t, level);
  }
  models::pins::DigitalInput* input = nullptr;
};

/// Somebody on a line who acts at any time and announces nothing.
class Heckler : public sc_core::sc_module {
 public:
  Heckler(const sc_core::sc_module_name& name, std::uint64_t seed, Line::End& end)
      : sc_core::sc_module(name), dice_(seed), end_(end) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.set_sensitivity(&next_);
    sc_core::sc_spawn([this] { act(); }, "act", &options);
  }

 private:
  /// At nominal clock edges and next to them, which for a meter of another crystal is anywhere.
  void act() {
    const Ps now = sc_core::sc_time_stamp().value();
    if (now > 0) {
      end_.drive(now, dice_.once_in(3)   ? LineDrive::released
                      : dice_.once_in(2) ? LineDrive::space
                                         : LineDrive::mark);
    }
    edge_ += dice_.once_in(12) ? 200 + dice_.below(30'000) : 1 + dice_.below(60);
    next_.notify(sc_core::sc_time::from_value(clock_.edge(edge_) + dice_.below(3) - 1 - now));
  }

  Dice dice_;
  Line::End& end_;
  platform::ClockTree clock_;
  platform::Cycle edge_ = 0;
  sc_core::sc_event next_{"next"};
};

/// One meter and its part of the world.
class Bench {
 public:
  Bench(const GeneratedRun& run, int number, Line& line, platform::EventLog& log, Script& script)
      : dice_(run.seed * 8191 + static_cast<std::uint64_t>(number)) {
    platform::MeterConfig config;
    config.id = "m" + std::to_string(number);
    config.sync = run.sync;
    config.trace_bus = true;
    config.seed = run.seed;
    config.image = run.image;
    config.crystal_ppb = static_cast<std::int32_t>(dice_.below(200'001)) - 100'000;
    config.costs.start_up = 16 + dice_.below(200);
    config.adc_noise_codes.fill(dice_.below(3) * 100.0);

    platform::MeterTerminals terminals;
    for (std::size_t k = 0; k < terminals.analog.size(); ++k) {
      sources_.push_back(std::make_unique<SteppedSine>(steps(run.duration), 0.125 * double(k)));
      terminals.analog[k] = sources_.back().get();
    }
    terminals.pulse[dice_.below(4)] = &loopback_;
    config.trace_lcd = dice_.once_in(2);
    models::eeprom::EepromConfig eeprom_config;
    eeprom_config.instance = config.id + ".eeprom";
    eeprom_config.write_time = (dice_.once_in(4) ? 100 : 3000) * models::pins::ps_per_us;
    eeprom_config.seed = run.seed;
    eeprom_ = std::make_unique<models::eeprom::Eeprom>(eeprom_config, log);
    display_ = std::make_unique<models::display::Display>(config.id + ".display", log);
    if (!dice_.once_in(8)) terminals.i2c_device = eeprom_.get();
    terminals.glass = display_.get();

    Line::End& end = line.add();
    terminals.bus = &end;
    // The infra-red port on the same line: what the one says the other hears.
    Line::End& head = line.add();
    terminals.ir = &head;

    ExerciserSettings exerciser_settings;
    exerciser_settings.seed = dice_.bits();
    exerciser_settings.one_reset_in = run.steady ? 0 : 40 + dice_.below(600);
    exerciser_settings.lets_blocks_overrun = run.steady;
    exerciser_settings.starts_watchdog = !run.steady && dice_.once_in(2);
    exerciser_settings.one_sleep_in = run.duration > 60 * models::pins::ps_per_ms ? 2 : 20;
    static const platform::PartsMaker usual;
    meter_ =
        std::make_unique<platform::Meter>(config, terminals, exerciser(exerciser_settings), log,
                                          script, run.maker != nullptr ? *run.maker : usual);
    end.listener = &meter_->bus_receiver();
    head.listener = &meter_->ir_receiver();
    if (dice_.once_in(2)) loopback_.input = &meter_->gpio_input(hal::GpioPin::button_right);
    plan(run.duration, config.crystal_ppb, script);
    plan_supply(run, config.crystal_ppb, script);
  }

 private:
  std::vector<SteppedSine::Step> steps(Ps duration) {
    std::vector<SteppedSine::Step> result{{0, 100.0 + dice_.below(500)}};
    for (Ps t = dice_.below(4) * duration / 4; t < duration && t > 0; t += duration / 3) {
      result.push_back({t + dice_.below(1000), 1.0 + dice_.below(1200)});
    }
    return result;
  }

  /// An instant at, 1 ps before, 1 ps after, or somewhere near a clock edge.
  Ps near_an_edge(const platform::ClockTree& clock, platform::Cycle edge) {
    const Ps at = clock.edge(edge);
    switch (dice_.below(4)) {
      case 0:
        return at - 1;
      case 1:
        return at;
      case 2:
        return at + 1;
      default:
        return at + dice_.below(39'000);
    }
  }

  void plan(Ps duration, std::int32_t ppb, Script& script) {
    const platform::ClockTree clock(ppb);
    const auto edges = static_cast<std::uint32_t>(clock.at_or_after(duration)) - 100;
    const auto bursts = static_cast<int>(duration / (200 * models::pins::ps_per_us)) + 1;
    for (int burst = 0; burst < bursts; ++burst) {
      platform::Cycle edge = 2 + dice_.below(edges);
      const auto pin = static_cast<hal::GpioPin>(dice_.below(3));
      for (std::uint32_t count = dice_.below(6); count > 0; --count) {
        script.at(near_an_edge(clock, edge), [this, pin, level = dice_.once_in(2)] {
          meter_->gpio_input(pin).drive(sc_core::sc_time_stamp().value(), level);
        });
        edge += dice_.below(5);
      }
      if (dice_.once_in(2)) {
        script.at(near_an_edge(clock, 2 + dice_.below(edges)), [this, row = dice_.below(0x4000)] {
          meter_->debug_port().write_row(row, {row, 1, 2}, nullptr);
          // One more waits for the first one's answer.
          if (row % 2 == 0) meter_->debug_port().write_row(row + 1, {}, nullptr);
        });
      }
    }
    if (dice_.once_in(3)) {
      script.at(near_an_edge(clock, 2 + dice_.below(edges)),
                [this, to = static_cast<std::int32_t>(dice_.below(200'001)) - 100'000] {
                  meter_->set_crystal_ppb(to);
                });
    }
  }

  /// Warnings, and but for steady runs cuts, some of which last less than a clock.
  void plan_supply(const GeneratedRun& run, std::int32_t ppb, Script& script) {
    const platform::ClockTree clock(ppb);
    const auto edges = static_cast<std::uint32_t>(clock.at_or_after(run.duration)) - 100;
    const auto now = [] { return sc_core::sc_time_stamp().value(); };
    for (std::uint32_t count = dice_.below(6); count > 0; --count) {
      platform::Cycle edge = 2 + dice_.below(edges);
      for (std::uint32_t changes = dice_.below(5); changes > 0; --changes) {
        script.at(near_an_edge(clock, edge),
                  [this, now, level = dice_.once_in(2), mains = dice_.once_in(2)] {
                    models::pins::SupplyInput& supply = meter_->supply_input();
                    mains ? supply.mains(now(), level) : supply.charged(now(), level);
                  });
        edge += dice_.below(3);
      }
    }
    if (run.steady) return;
    for (std::uint32_t count = dice_.below(4); count > 0; --count) {
      const platform::Cycle off = 2 + dice_.below(edges);
      const platform::Cycle on = off + dice_.below(dice_.once_in(2) ? 3 : 20'000);
      script.at(near_an_edge(clock, off),
                [this, now] { meter_->supply_input().rail(now(), false); });
      script.at(near_an_edge(clock, on), [this, now] { meter_->supply_input().rail(now(), true); });
    }
  }

  Dice dice_;
  std::unique_ptr<models::eeprom::Eeprom> eeprom_;
  std::unique_ptr<models::display::Display> display_;
  std::vector<std::unique_ptr<SteppedSine>> sources_;
  Loopback loopback_;
  std::unique_ptr<platform::Meter> meter_;
};

}  // namespace

Ps simulate(const GeneratedRun& run, platform::EventLog& log) {
  const Ps end = run.end != 0 ? run.end : run.duration;
  Script script(end);
  std::vector<std::unique_ptr<Line>> lines;
  std::vector<std::unique_ptr<Heckler>> hecklers;
  std::vector<std::unique_ptr<Bench>> benches;
  for (int number = 0; number < run.meters; ++number) {
    if (run.only >= 0 && number != run.only) continue;
    if (lines.empty() || !run.one_line) {
      lines.push_back(std::make_unique<Line>());
      hecklers.push_back(std::make_unique<Heckler>(
          ("heckler_" + std::to_string(number)).c_str(),
          run.seed * 127 + static_cast<std::uint64_t>(number), lines.back()->add()));
    }
    benches.push_back(std::make_unique<Bench>(run, number, *lines.back(), log, script));
  }
  script.run();
  return end;
}

std::string log_of(const GeneratedRun& run) {
  return log_of([&run](platform::EventLog& log) { return simulate(run, log); });
}

}  // namespace test
