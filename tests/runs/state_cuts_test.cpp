// A run that is cut and goes on from its saved state is the run that was never cut: the logs, one
// behind the other, byte for byte, and the verdicts of its end.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/runs/cut_run.h"

namespace {

using Times = std::vector<std::string>;

/// Five seconds in which everything is under way: a direct meter with errors of its sensors, a
/// crystal that follows the temperature, noise on a bus with a master, a reader of the infra-red
/// port, fingers, a tariff input, ramps, dips and losses of supply.
const char* everything = R"(
duration: 5 s
seed: 11
meter:
  variant: PRO380-Mod
  settings: {s0_rate: 10000 imp/kWh, meter_id: 1}
  sensors:
    parts: drawn
    self_heating: {rise: 40 K, current: 100 A, time_constant: 30 s}
    crystal: {curvature: -0.034 ppm/K2}
bus: {noise: {rate: 20 Hz, width: 3 us, amplitude: 2 V}}
ir: {speed: 9600}
grid: {voltage: 230 V, current: {rms: 80 A, pf: 0.8 ind}}
temperature: 43 degC
timeline:
  - {name: first, at: 300 ms, modbus: {read: P total}}
  - {name: poll, at: 700 ms, modbus: {poll: [U L1, P total], count: 16}}
  - {at: 900 ms, press: {button: right, for: 150 ms}}
  - {at: 1 s, ramp: {over: 500 ms, to: {L1: {current: 20 A}, temperature: 30 degC}}}
  - {at: 1.2 s, dip: {phases: [L2], to: 40 %, for: 200 ms}}
  - {at: 1.5 s, tariff_input: 230 V}
  - {at: 1.7 s, receivers: {s0_forward: {supply: 0 V}}}
  - {at: 1.75 s, receivers: {s0_forward: {supply: 12 V}}}
  - {at: 1.8 s, write: {register: S0 output rate, value: 2000 imp/kWh}}
  - {name: readout, at: 1.9 s, meter: m1, ir: {read: U L1}}
  - {at: 2 s, set: {L3: {current: {rms: 50 A, direction: export}}}}
  - {at: 2.2 s, crystal: 50 ppm}
  - {at: 3.2 s, interruption: {for: 300 ms}}
  - {at: 3.9 s, supply_cut: {for: 30 ms}}
  - {name: late, at: 4.8 s, modbus: {read: U L2}}
expect:
  - {follows_truth: s0_forward, from: 200 ms, to: 1 s, within: 2}
  - {count: led_active, from: 0 s, to: 3 s, equals: truth}
  - {answer: first, no_sooner: 20 ms}
  - {exchanges: poll, outcome: answer, at_least: 10}
  - {at: 1 s, backlight: on}
  - {register: tariff, at: 2.5 s, equals: 2}
  - {register: S0 output rate, at: 2.5 s, equals: 2000 imp/kWh}
  - {accuracy: active_energy, phase: L1, from: 100 ms, to: 3 s, within: 3 %}
  - {width: s0_forward, from: 0 s, to: 1 s, equals: 2.5 ms}
)";

/// Bundled scenarios, short enough, that between them have every kind of line and of event, and
/// where to cut them.
struct Bundled {
  const char* name;
  Times times;
};

}  // namespace

TEST_CASE("a run cut anywhere among everything under way goes on byte for byte") {
  const tests::Folder folder;
  const tests::CutRun run(folder.write("everything.yaml", everything));
  const tests::RunTrace whole = run.whole();
  REQUIRE(whole.said.empty());
  REQUIRE(whole.log.size() > 10000);
  for (const char* time : {
           "1 ps",              // before anything
           "100 ms",            // at rest
           "303 ms",            // in a request, which takes 9.2 ms
           "320 ms",            // between request and answer
           "331 ms",            // in the answer
           "705 ms",            // in a poll
           "899.999999999 ms",  // 1 ps before a press
           "900 ms",            // at it: its contact bounces
           "901 ms",            // in its bounce
           "950 ms",            // held
           "999.9999 ms",       // 100 ns before an entry, so that what is saved stands at it
           "1 s",               // at the begin of a ramp
           "1.25 s",            // in ramp and dip
           "1.505 s",           // the tariff input's first cycles
           "1.72 s",            // without a receiver
           "1.801 s",           // a write in progress, and its save to the EEPROM
           "1.83 s",            // … later
           "2.3 s",             // a session at the infra-red port
           "2.9 s",             // … and on
           "3.2050001 s",       // mains gone, warning yet to come
           "3.25 s",            // held up by its capacitor
           "3.45 s",            // … saved, and waiting
           "3.51 s",            // mains back
           "3.91 s",            // without supply
           "3.95 s",            // starting
           "4.1 s",             // … started
           "4.999 s",           // near the end
       }) {
    run.compare(whole, {time});
  }
}

TEST_CASE("a run cut three times in a row goes on byte for byte") {
  const tests::Folder folder;
  const tests::CutRun run(folder.write("everything.yaml", everything));
  run.compare(run.whole(), {"310 ms", "1.1 s", "3.3 s"});
}

TEST_CASE("a run cut with every line and slot traced goes on byte for byte") {
  const tests::Folder folder;
  const tests::CutRun run(folder.write("everything.yaml", everything),
                          {"--trace", "line", "--trace", "lcd"});
  const tests::RunTrace whole = run.whole();
  run.compare(whole, {"331 ms"});
  run.compare(whole, {"2.4 s"});
}

TEST_CASE("bundled scenarios of every line and variant go on byte for byte where they are cut") {
  const Bundled scenarios[] = {
      {"mbus-power", {"1.05 s", "6.05 s", "9.3 s"}},
      {"mbus-search", {"2 s", "11 s"}},
      {"mbus-selection", {"1.02 s", "7 s"}},
      {"mbus-noise", {"5.03 s"}},
      {"modbus-broken-frames", {"1.003 s", "6.5 s"}},
      {"modbus-same-id", {"2.02 s"}},
      {"modbus-eeprom-dead", {"10 s"}},
      {"receiver-polarity", {"11 s", "21 s"}},
      {"dip-and-interruption", {"10.1 s", "25 s"}},
      {"recording", {"20.003 s", "30 s"}},
      {"frequency-ramp", {"20 s"}},
      {"phase-fired", {"15.0042 s"}},
      {"ct-meter", {"10 s"}},
      {"aron", {"10 s"}},
      {"pulse-saturation", {"12.3 s"}},
      {"walk-the-pages", {"30.05 s"}},
  };
  for (const Bundled& one : scenarios) {
    const tests::CutRun run(tests::repository(std::string("scenarios/") + one.name + ".yaml"));
    run.compare(run.whole(), one.times);
  }
}

TEST_CASE("a reader's session at the infra-red port goes on byte for byte where it is cut") {
  const tests::CutRun run(tests::repository("scenarios/ir-readout.yaml"));
  const tests::RunTrace whole = run.whole();
  run.compare(whole, {"42.35 s", "43.1 s", "44 s", "50 s"});
}

TEST_CASE("a run is cut alike whichever way time is kept") {
  const tests::Folder folder;
  const std::string path = folder.write(
      "second.yaml",
      "duration: 500 ms\nmeter: {variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh}}\n"
      "bus: {}\ngrid: {current: 60 A}\n"
      "timeline:\n  - {name: a, at: 250 ms, modbus: {read: P total}}\n"
      "  - {at: 100 ms, press: {button: left, for: 60 ms}}\n"
      "expect: [{answer: a}]\n");
  const tests::CutRun horizon(path);
  const tests::RunTrace whole = horizon.whole();
  horizon.compare(whole, {"255 ms"});
  const tests::CutRun cycle(path, {"--sync", "cycle"});
  cycle.compare(whole, {"255 ms"});
  CHECK(cycle.whole().log == whole.log);
}

TEST_CASE("waveform and pulse table of two pieces are together those of the whole") {
  const tests::Folder folder;
  const std::string path = folder.write("everything.yaml", everything);
  const auto run = [&](const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> arguments = {
        "run", path, "--vcd", folder.path(name + ".vcd"), "--csv", folder.path(name + ".csv")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(tests::vmeter(arguments).status <= 1);
  };
  run("whole", {});
  run("a", {"--until", "331 ms", "--save-state", folder.path("state")});
  run("b", {"--load-state", folder.path("state")});
  const tests::Waves whole = tests::read_waves(folder.path("whole.vcd"));
  const tests::Waves a = tests::read_waves(folder.path("a.vcd"));
  const tests::Waves b = tests::read_waves(folder.path("b.vcd"));
  std::vector<std::string> joined = a.changes;
  joined.insert(joined.end(), b.changes.begin(), b.changes.end());
  CHECK(whole.changes.size() > 500);
  CHECK(joined == whole.changes);
  CHECK(b.begin == a.end);
  CHECK(b.at_begin == a.at_end);  // the wires' levels over the seam
  std::vector<std::string> starts = tests::pulse_starts(folder.path("a.csv"));
  for (std::string& start : tests::pulse_starts(folder.path("b.csv"))) {
    starts.push_back(std::move(start));
  }
  std::vector<std::string> of_whole = tests::pulse_starts(folder.path("whole.csv"));
  std::sort(starts.begin(), starts.end());
  std::sort(of_whole.begin(), of_whole.end());
  CHECK(of_whole.size() > 100);
  CHECK(starts == of_whole);
}

TEST_CASE("tables of samples of two pieces are one behind the other that of the whole") {
  const tests::Folder folder;
  const std::string path = folder.write("everything.yaml", everything);
  const auto samples = [&](const std::string& name, std::vector<std::string> more) {
    const std::string file = folder.path(name + ".csv");
    std::vector<std::string> arguments = {"run", path, "--samples", file, "--samples-to", "600 ms"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(tests::vmeter(arguments).status <= 1);
    return tests::read_all(file);
  };
  const std::string whole = samples("whole", {});
  const std::string a = samples("a", {"--until", "331 ms", "--save-state", folder.path("state")});
  const std::string b = samples("b", {"--load-state", folder.path("state")});
  // 4096 sets a second, for 600 ms
  CHECK(std::count(whole.begin(), whole.end(), '\n') > 2400);
  const std::string behind_its_header = b.substr(b.find('\n') + 1);
  CHECK((a + behind_its_header == whole));
}

TEST_CASE("sixty meters on one bus go on byte for byte where they are cut") {
  const tests::Folder folder;
  const tests::CutRun run(
      folder.write("sixty.yaml",
                   "duration: 1200 ms\nmeters:\n"
                   "  - {id: m, count: 60, variant: PRO380-Mod, settings: {meter_id: 1}}\n"
                   "grid: {voltage: 230 V, current: 5 A}\nbus: {cable: {length: 1000 m}}\n"
                   "timeline:\n  - {name: each, at: 400 ms, modbus: {read: U L1}}\n"
                   "expect: [{exchanges: each, outcome: answer, at_least: 10}]\n"));
  run.compare(run.whole(), {"500 ms", "700.5 ms"});
}

TEST_CASE("twelve hours of a load profile in three segments are the twelve hours in one") {
  // From 06:00 to 18:00 of a day with sun: L1 feeds in, L2 and L3 draw.
  const tests::Folder folder;
  const tests::CutRun run(folder.write(
      "day.yaml",
      "duration: 12 h\n"
      "meter: {variant: PRO380-S, settings: {s0_rate: 100 imp/kWh, scroll_pages: [P01]}}\n"
      "profile: {file: " +
          tests::repository("scenarios/profiles/household.csv") +
          ", date: Datum, time: Uhrzeit, interval: 15 min, start: 6 h, repeat: on}\n"
          "expect:\n"
          "  - {accuracy: active_energy, phase: L1, direction: reverse, from: 1 min, to: 43100 s, "
          "within: 0.02 %}\n"
          "  - {accuracy: active_energy, phase: L2, from: 1 min, to: 43100 s, within: 0.02 %}\n"
          "  - {count: s0_forward, equals: truth}\n"
          "  - {count: s0_reverse, equals: truth}\n"));
  const tests::RunTrace whole = run.whole();
  INFO(whole.verdicts);
  CHECK(whole.passed);
  run.compare(whole, {"3.6 h", "8.25 h"});
}
