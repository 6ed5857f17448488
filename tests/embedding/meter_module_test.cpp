// The meter as a module of somebody else's model: what comes in unannounced never lies in its past,
// and comes exactly one input delay later.
#include "tools/embedding/meter_module.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "tests/platform/support/child_run.h"

namespace {

using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using platform::SyncMode;

constexpr Ps duration = 180 * ps_per_ms;

enum class What { volts, amperes, button, tariff, supply, receive };

struct Change {
  Ps t;
  What what;
  double value;
};

/// Everything that can come in, at instants of no order: picoseconds as they fall, some of them
/// together, some on core clock edges' own picosecond. A power cut at 90 ms.
std::vector<Change> everything() {
  std::mt19937 dice(4711);
  std::vector<Change> changes;
  for (Ps t = 1; t < duration; t += 1 + dice() % (200 * ps_per_us)) {
    const auto what = static_cast<What>(dice() % 4);
    const Ps at = dice() % 4 == 0 ? t / 39'736 * 39'736 : t;
    const auto amount = static_cast<double>(dice() % 600);
    changes.push_back({at, what, what == What::volts ? 300 - amount : amount < 300 ? 0.0 : 1.0});
    if (dice() % 8 == 0) changes.push_back({at, What::button, amount < 300 ? 0.0 : 1.0});
  }
  changes.push_back({120 * ps_per_ms + 13, What::supply, 0});
  changes.push_back({155 * ps_per_ms + 5, What::supply, 1});
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.t < b.t; });
  return changes;
}

/// Bits of a request at 9600 Bd, 8E1, from 70 ms on: 01 03 20 08 00 02 4E 09.
void add_request(std::vector<Change>& changes) {
  Ps t = 70 * ps_per_ms;
  for (const unsigned byte : {0x01u, 0x03u, 0x20u, 0x08u, 0x00u, 0x02u, 0x4Eu, 0x09u}) {
    unsigned bits = byte << 1 | 1u << 10;
    for (unsigned n = 0; n < 8; ++n) bits ^= (byte >> n & 1u) << 9;
    for (int n = 0; n < 11; ++n, t += 104'166'667) {
      changes.push_back({t, What::receive, 1.0 * (bits >> n & 1u)});
    }
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.t < b.t; });
}

struct Outside : sc_core::sc_module {
  SC_HAS_PROCESS(Outside);

  Outside(const sc_core::sc_module_name& name, vmeter::Meter& meter, std::vector<Change> script,
          Ps later)
      : sc_module(name), changes(std::move(script)), shift(later) {
    meter.volts[0].bind(volts);
    meter.amperes[0].bind(amperes);
    meter.button_left.bind(button);
    meter.tariff_input.bind(tariff);
    meter.supply.bind(supply);
    meter.bus_rx.bind(receive);
    SC_THREAD(run);
  }
  void run() {
    for (const Change& change : changes) {
      const Ps at = change.t + (change.what == What::receive ? 0 : shift);
      const Ps now = sc_core::sc_time_stamp().value();
      if (at > now) wait(sc_core::sc_time::from_value(at - now));
      switch (change.what) {
        case What::volts:
          volts.write(change.value);
          break;
        case What::amperes:
          amperes.write(20 * change.value);
          break;
        case What::button:
          button.write(change.value > 0);
          break;
        case What::tariff:
          tariff.write(change.value > 0);
          break;
        case What::supply:
          supply.write(change.value > 0);
          break;
        case What::receive:
          receive.write(change.value > 0);
          break;
      }
    }
  }

  std::vector<Change> changes;
  Ps shift;
  sc_core::sc_signal<double> volts{"volts"};
  sc_core::sc_signal<double> amperes{"amperes"};
  sc_core::sc_signal<bool> button{"button"};
  sc_core::sc_signal<bool> tariff{"tariff"};
  sc_core::sc_signal<bool> supply{"supply", true};
  sc_core::sc_signal<bool> receive{"receive", true};
};

vmeter::MeterOptions options_of(platform::EventLog& log, SyncMode sync, Ps delay) {
  vmeter::MeterOptions options;
  options.parameters = vmeter::factory_page(metrology::hal::MeterVariant::mod, 1'000'000);
  options.log = &log;
  options.sync = sync;
  options.input_delay = sc_core::sc_time::from_value(delay);
  options.trace_bus = true;
  options.holdup = sc_core::sc_time(20, sc_core::SC_MS);
  return options;
}

std::string simulate(SyncMode sync, Ps delay, Ps shift, const std::vector<Change>& changes) {
  return test::log_of([&](platform::EventLog& log) {
    vmeter::Meter meter("m", options_of(log, sync, delay));
    Outside outside("outside", meter, changes, shift);
    meter.read_row(0x2008, nullptr);
    sc_core::sc_start(sc_core::sc_time::from_value(duration + platform::latest_report_ps));
    return duration;
  });
}

int count_of(const std::string& log, const std::string& text) {
  int count = 0;
  for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) {
    ++count;
  }
  return count;
}

bool has(const std::string& log, const std::string& text) {
  return log.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("embedding: whatever comes in unannounced both sync modes write the same log") {
  std::vector<Change> changes = everything();
  add_request(changes);
  for (const Ps delay : {Ps{1}, 100 * ps_per_us}) {
    INFO("delay " << delay << " ps");
    const std::string horizon = simulate(SyncMode::horizon, delay, 0, changes);
    const std::string cycle = simulate(SyncMode::cycle, delay, 0, changes);
    CHECK(test::first_difference(horizon, cycle) == test::no_difference);
    // An answer: ID, function, count, four bytes, CRC.
    CHECK(count_of(horizon, "\"instance\":\"m.uart_bus\",\"event\":\"byte\"") == 9);
    CHECK(has(horizon, "\"cause\":\"power_on\""));

    CHECK(has(horizon, "m.display"));
  }
}

TEST_CASE("embedding: an input delay is a delay of the inputs and nothing else") {
  // What comes later by the delay, without one, must leave the same log.
  const std::vector<Change> changes = everything();
  const std::string immediate = simulate(SyncMode::horizon, 0, 100 * ps_per_us, changes);
  const std::string delayed = simulate(SyncMode::horizon, 100 * ps_per_us, 0, changes);
  CHECK(test::first_difference(immediate, delayed) == test::no_difference);
  CHECK(test::line_count(delayed) > 50);
}

TEST_CASE("embedding: signals that stand when simulation begins have always stood") {
  // No supply, whatever the voltage inputs say: the warning comes at once, not after 10 ms, and the
  // capacitor, full at first, lasts for its 20 ms.
  const std::string log = test::log_of([](platform::EventLog& sink) {
    vmeter::Meter meter("m", options_of(sink, SyncMode::horizon, 100 * ps_per_us));
    sc_core::sc_signal<double> volts("volts", 325.0);
    sc_core::sc_signal<bool> dark("dark", false);
    meter.volts[0].bind(volts);
    meter.supply.bind(dark);
    sc_core::sc_start(300, sc_core::SC_MS);
    if (meter.inside().powered()) throw std::runtime_error("a meter without supply is powered");
    return 300 * ps_per_ms;
  });
  CHECK_FALSE(has(log, "FAILED"));
  CHECK(has(log, R"({"t":0,"instance":"m.supply","event":"mains","on":false})"));
  CHECK(has(log, R"({"t":20000000000,"instance":"m.supply","event":"rail","on":false})"));
  CHECK_FALSE(has(log, "m.supply\",\"event\":\"rail\",\"on\":true"));
}

TEST_CASE("embedding: options that cannot be are refused") {
  const auto refused = [](const std::function<void(vmeter::MeterOptions&)>& spoil) {
    vmeter::MeterOptions options;
    spoil(options);
    try {
      // What the kernel was once told of, it knows for good.
      const vmeter::Meter meter(sc_core::sc_gen_unique_name("m"), options);
    } catch (const std::invalid_argument&) {
      return true;
    }
    return false;
  };
  CHECK(refused([](auto& o) { o.input_delay = sc_core::sc_time(10'001, sc_core::SC_US); }));
  CHECK(refused([](auto& o) { o.holdup = sc_core::sc_time(61, sc_core::SC_SEC); }));
  CHECK(refused([](auto& o) { o.crystal_ppb = 1'000'001; }));
  CHECK(refused([](auto& o) { o.eeprom_image.resize(100); }));
  CHECK_FALSE(refused([](auto& o) { o.input_delay = sc_core::sc_time(10, sc_core::SC_MS); }));
}

TEST_CASE("embedding: two meters in modules of the same name are told apart in the log") {
  struct Box : sc_core::sc_module {
    vmeter::Meter meter;
    Box(const sc_core::sc_module_name& name, const vmeter::MeterOptions& options)
        : sc_module(name), meter("m", options) {}
  };
  const std::string log = test::log_of([](platform::EventLog& sink) {
    const vmeter::MeterOptions options = options_of(sink, SyncMode::horizon, 100 * ps_per_us);
    Box left("left", options);
    Box right("right", options);
    sc_core::sc_start(100, sc_core::SC_MS);
    return 100 * ps_per_ms;
  });
  CHECK(has(log, "\"instance\":\"left_m.reset\""));
  CHECK(has(log, "\"instance\":\"right_m.reset\""));
}
