// A meter whose firmware is a function of the test, on a bench where nothing is connected unless
// the test does it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "platform/meter.h"
#include "tests/platform/support/recorder.h"
#include "tests/platform/support/script.h"
#include "tests/platform/support/waveform.h"

namespace test {

using metrology::hal::Bus;
using peripherals::Cycle;

/// What a life of the firmware does; `run` that returns sleeps for ever.
struct ScriptedFirmware {
  std::function<void(Bus&)> run;
  std::function<void(Bus&)> interrupt = [](Bus&) {};
};

inline platform::FirmwareFactory factory_of(ScriptedFirmware script) {
  class Core : public platform::FirmwareCore {
   public:
    Core(Bus& bus, const ScriptedFirmware& script) : bus_(bus), script_(script) {}
    void run() override {
      script_.run(bus_);
      bus_.disable_interrupts();
      while (true) bus_.wait_for_interrupt();
    }
    void external_interrupt() override { script_.interrupt(bus_); }

   private:
    Bus& bus_;
    const ScriptedFirmware& script_;
  };
  return [script = std::move(script)](Bus& bus) { return std::make_unique<Core>(bus, script); };
}

struct ScriptedMeter {
  ScriptedMeter(models::pins::Ps duration, ScriptedFirmware firmware,
                platform::SyncMode sync = platform::SyncMode::horizon)
      : script(duration) {
    config.id = "m1";
    config.sync = sync;
    config.trace_bus = true;
    config.costs.start_up = 10;
    for (const models::pins::AnalogSource*& source : terminals.analog) source = &silence;
    meter = std::make_unique<platform::Meter>(config, terminals, factory_of(std::move(firmware)),
                                              events, script);
  }

  Cycle cycle_of(models::pins::Ps t) const { return meter->clock().at_or_after(t); }
  models::pins::Ps edge(Cycle n) const { return meter->clock().edge(n); }

  /// Commit edges of the accesses to `address`.
  std::vector<Cycle> commits(std::uint32_t address) const {
    std::vector<Cycle> found;
    for (const Recorder::Event& access : events.of("m1.cpu", "access")) {
      if (access.number("address") == address) found.push_back(cycle_of(access.t));
    }
    return found;
  }
  std::vector<Cycle> edges_of(const std::string& event) const {
    std::vector<Cycle> found;
    for (const Recorder::Event& e : events.of("m1.cpu", event)) found.push_back(cycle_of(e.t));
    return found;
  }
  void drive_at(models::pins::Ps t, metrology::hal::GpioPin pin, bool level) {
    script.at(t, [this, pin, level] {
      meter->gpio_input(pin).drive(sc_core::sc_time_stamp().value(), level);
    });
  }

  Script script;
  Recorder events;
  SteppedSine silence{{{0, 0.0}}};
  platform::MeterConfig config;
  platform::MeterTerminals terminals;
  std::unique_ptr<platform::Meter> meter;
};

}  // namespace test
