// A proof that cannot fail proves nothing: each of these meters breaks one rule of the design, and
// the comparison of the two sync modes must notice.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <systemc>
#include <vector>

#include "models/display/display.h"
#include "platform/parts_maker.h"
#include "tests/platform/support/child_run.h"
#include "tests/platform/support/generated_run.h"
#include "tests/platform/support/scripted_meter.h"

namespace {

using platform::SyncMode;

constexpr models::pins::Ps duration = 5 * models::pins::ps_per_ms;

std::string difference_of_modes(test::GeneratedRun run) {
  const std::string horizon = test::log_of(run);
  run.sync = SyncMode::cycle;
  const std::string cycle = test::log_of(run);
  // A crash would not show that the comparison works.
  if (horizon.rfind("FAILED", 0) == 0 || cycle.rfind("FAILED", 0) == 0) return {};
  return test::first_difference(horizon, cycle);
}

std::string difference_of_modes(const platform::PartsMaker* maker, std::uint64_t seed = 7) {
  test::GeneratedRun run{seed, duration, SyncMode::horizon};
  run.maker = maker;
  return difference_of_modes(run);
}

/// In one of a few runs, for some bugs end a run in an error before they show.
bool is_found_out(const platform::PartsMaker& maker) {
  for (std::uint64_t seed = 7; seed < 17; ++seed) {
    if (difference_of_modes(&maker, seed) != test::no_difference) return true;
  }
  return false;
}

/// What comes with the frames of a display, one alone in each meter, lest one covers another.
enum class WithFrames { slots, glass, lamp };

/// The log of a meter that switches something on, computes over the begin of a frame, and switches
/// it off.
std::string log_of_frames(SyncMode sync, const platform::PartsMaker& maker, WithFrames what) {
  return test::log_of([sync, &maker, what](platform::EventLog& log) {
    namespace hal = metrology::hal;
    const models::pins::Ps end = 50 * models::pins::ps_per_ms;
    test::Script script(end);
    test::SteppedSine silence{{{0, 0.0}}};
    platform::MeterConfig config;
    config.sync = sync;
    config.costs.start_up = 10;
    config.trace_lcd = what == WithFrames::slots;
    platform::MeterTerminals terminals;
    for (const models::pins::AnalogSource*& source : terminals.analog) source = &silence;
    models::display::Display display("m1.display", log);
    terminals.glass = &display;
    constexpr std::uint32_t backlight = 1u << static_cast<int>(hal::GpioPin::backlight);
    constexpr std::uint32_t frame = hal::lcd::ticks_per_frame * hal::rtc::core_cycles_per_tick;
    platform::Meter meter(config, terminals, test::factory_of({[what](test::Bus& bus) {
                            const auto turn = [&bus, what](bool on) {
                              if (what == WithFrames::lamp) {
                                bus.write(hal::gpio::base + hal::gpio::direction, backlight);
                                bus.write(hal::gpio::base + hal::gpio::output, on ? backlight : 0);
                                return;
                              }
                              if (what == WithFrames::glass) {
                                bus.write(hal::lcd::base + hal::lcd::segment_0, on ? 1 : 0);
                              }
                              bus.write(hal::lcd::base + hal::lcd::control, on ? 1 : 0);
                            };
                            turn(true);
                            bus.charge(frame + 1000);
                            turn(false);
                          }}),
                          log, script, maker);
    script.run();
    return end;
  });
}

/// A peripheral that takes the kernel's time for its own.
class KernelTimePulseTimers : public peripherals::PulseTimers {
 public:
  KernelTimePulseTimers(peripherals::Agenda& agenda, const peripherals::CoreClock& clock,
                        const peripherals::CoreCounter& counter, peripherals::IrqLine& irq,
                        const platform::PartsMaker::PulseOutputs& outputs)
      : PulseTimers("pulse_timers", agenda, clock, counter, irq, outputs), clock_(clock) {}

 protected:
  bool write(std::uint32_t offset, peripherals::Cycle, std::uint32_t value) override {
    const models::pins::Ps now = sc_core::sc_time_stamp().value();
    return PulseTimers::write(offset, clock_.at_or_after(now), value);
  }

 private:
  const peripherals::CoreClock& clock_;
};

class KernelTimeMaker : public platform::PartsMaker {
 public:
  std::unique_ptr<peripherals::PulseTimers> make_pulse_timers(
      platform::EventAgenda& agenda, const platform::ClockTree& clock,
      const peripherals::CoreCounter& counter, peripherals::IrqLine& irq,
      const PulseOutputs& outputs) const override {
    return std::make_unique<KernelTimePulseTimers>(agenda, clock, counter, irq, outputs);
  }
};

/// A horizon that lies some cycles too far.
class FarAgenda : public platform::EventAgenda {
 public:
  FarAgenda(const platform::ClockTree& clock, peripherals::Cycle too_far)
      : EventAgenda(clock), too_far_(too_far) {}
  peripherals::Cycle earliest() const override {
    const peripherals::Cycle right = EventAgenda::earliest();
    return right == peripherals::cycle_never ? right : right + too_far_;
  }

 private:
  peripherals::Cycle too_far_;
};

/// Others may act on the meter, and the CPU runs ahead as if they could not.
class DeafAgenda : public platform::EventAgenda {
 public:
  using EventAgenda::EventAgenda;
  peripherals::Cycle run_ahead() const override { return peripherals::cycle_never; }
};

class DeafMaker : public platform::PartsMaker {
 public:
  std::unique_ptr<platform::EventAgenda> make_agenda(
      const platform::ClockTree& clock) const override {
    return std::make_unique<DeafAgenda>(clock);
  }
};

class FarMaker : public platform::PartsMaker {
 public:
  explicit FarMaker(peripherals::Cycle too_far) : too_far_(too_far) {}
  std::unique_ptr<platform::EventAgenda> make_agenda(
      const platform::ClockTree& clock) const override {
    return std::make_unique<FarAgenda>(clock, too_far_);
  }

 private:
  peripherals::Cycle too_far_;
};

/// A horizon in which one due time is missing.
class BlindAgenda : public platform::EventAgenda {
 public:
  BlindAgenda(const platform::ClockTree& clock, std::string missing)
      : EventAgenda(clock), missing_(std::move(missing)) {}
  void add(peripherals::DueTime& slot) override {
    EventAgenda::add(slot);
    const std::string name = slot.event().name();
    const bool is_missing = name.size() > missing_.size() &&
                            name.compare(name.size() - missing_.size(), name.npos, missing_) == 0;
    if (!is_missing) seen_.push_back(&slot);
  }
  peripherals::Cycle earliest() const override {
    peripherals::Cycle found = peripherals::cycle_never;
    for (const peripherals::DueTime* slot : seen_) found = std::min(found, slot->cycle());
    return found;
  }

 private:
  std::string missing_;
  std::vector<peripherals::DueTime*> seen_;
};

class BlindMaker : public platform::PartsMaker {
 public:
  explicit BlindMaker(std::string missing) : missing_(std::move(missing)) {}
  std::unique_ptr<platform::EventAgenda> make_agenda(
      const platform::ClockTree& clock) const override {
    return std::make_unique<BlindAgenda>(clock, missing_);
  }

 private:
  std::string missing_;
};

/// A horizon that is not worked out again when a write has set a due time.
class StaleAgenda : public platform::EventAgenda {
 public:
  using EventAgenda::EventAgenda;
  std::uint64_t version() const override { return 0; }
};

class StaleMaker : public platform::PartsMaker {
 public:
  std::unique_ptr<platform::EventAgenda> make_agenda(
      const platform::ClockTree& clock) const override {
    return std::make_unique<StaleAgenda>(clock);
  }
};

}  // namespace

TEST_CASE("seeded bugs: without one, the scenario's logs are equal") {
  CHECK(difference_of_modes(nullptr) == test::no_difference);
}

TEST_CASE("seeded bugs: a peripheral that reads kernel time is found out") {
  const KernelTimeMaker maker;
  CHECK(is_found_out(maker));
}

TEST_CASE("seeded bugs: a horizon 400 cycles too far is found out") {
  const FarMaker maker(400);
  CHECK(is_found_out(maker));
}

TEST_CASE("seeded bugs: a horizon one cycle too far is found out") {
  const FarMaker maker(1);
  CHECK(is_found_out(maker));
}

TEST_CASE("seeded bugs: a horizon that forgets what others do on the line is found out") {
  const DeafMaker maker;
  CHECK(is_found_out(maker));
}

TEST_CASE("seeded bugs: a horizon that misses no due time changes nothing") {
  const BlindMaker maker("no such due time");
  CHECK(difference_of_modes(&maker) == test::no_difference);
}

TEST_CASE("seeded bugs: a horizon that misses one due time is found out, whichever it is") {
  // All that the meter has, but for three more: the ADC's
  // keep_up_due only bounds how far back the world is asked; whoever sees the wires that the I2C
  // master's release_due lets go waits for the kernel anyway; and the supervisor's rail_due stands
  // at the first edge after an instant that the world announced, which holds the CPU by itself.
  // What comes with the display's frames alone has a case of its own.
  for (const char* missing :
       {"pulse_timers.due_0", "pulse_timers.due_1", "pulse_timers.due_2", "pulse_timers.due_3",
        "gpio.captures_due", "gpio.pads_due", "debug_mailbox.request_due",
        "debug_mailbox.reply_due", "dma.block_due", "rtc.alarm_due", "i2c_master.step_due",
        "power_monitor.captures_due", "watchdog.bite_due", "uart_bus.due", "uart_ir.due"}) {
    const std::string name = missing;
    const BlindMaker maker(missing);
    int runs = 0;
    bool found = false;
    for (; runs < 100 && !found; ++runs) {
      test::GeneratedRun run{100 + static_cast<std::uint64_t>(runs), 45 * models::pins::ps_per_ms,
                             SyncMode::horizon};
      run.steady = name != "watchdog.bite_due";  // nothing bites in a steady run
      run.maker = &maker;
      found = difference_of_modes(run) != test::no_difference;
    }
    INFO(missing << " missing, " << runs << " runs");
    CHECK(found);
  }
}

TEST_CASE("seeded bugs: a horizon that misses what comes with the display's frames is found out") {
  const platform::PartsMaker right;
  struct Row {
    const char* missing;
    WithFrames what;
    const char* shows;
  };
  for (const Row& row : {Row{"lcd.slot_due", WithFrames::slots, "slot"},
                         Row{"lcd.change_due", WithFrames::glass, "show"},
                         Row{"gpio.paced_due", WithFrames::lamp, "m1.backlight"}}) {
    INFO(row.missing);
    const BlindMaker blind(row.missing);
    const std::string horizon = log_of_frames(SyncMode::horizon, right, row.what);
    CHECK(horizon.find(row.shows) != std::string::npos);
    CHECK(test::first_difference(horizon, log_of_frames(SyncMode::cycle, right, row.what)) ==
          test::no_difference);
    CHECK(test::first_difference(log_of_frames(SyncMode::horizon, blind, row.what),
                                 log_of_frames(SyncMode::cycle, blind, row.what)) !=
          test::no_difference);
  }
}

TEST_CASE("seeded bugs: a horizon not recomputed after a write is found out") {
  const StaleMaker maker;
  CHECK(is_found_out(maker));
}
