// Another scenario with the same meters begins where a state was saved: counters, clock and log go
// on, the world is its own.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "platform/wide_time.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/cli/version.h"
#include "tools/engine/run.h"

using Catch::Matchers::Contains;

namespace {

constexpr const char* meter = "meter: {variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh}}\n";

struct Chain {
  /// Runs the text, saving its end, and going on from what the run before saved.
  void run(const std::string& text, std::vector<std::string> more = {}) {
    const std::string name = std::to_string(number_);
    std::vector<std::string> arguments = {
        "run",    folder.write(name + ".yaml", text), "--log",        folder.path(name + ".log"),
        "--json", folder.path(name + ".json"),        "--save-state", folder.path(name + ".state")};
    if (number_ > 0) {
      arguments.insert(arguments.end(),
                       {"--load-state", folder.path(std::to_string(number_ - 1) + ".state")});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    const tests::ProcessResult result = tests::vmeter(arguments);
    INFO(result.out << result.err);
    CHECK(result.status == 0);
    REQUIRE(result.status <= 1);
    log += tests::read_all(folder.path(name + ".log"));
    json = nlohmann::json::parse(tests::read_all(folder.path(name + ".json")));
    ++number_;
  }
  /// Every record's time in picoseconds, as digits.
  std::vector<std::string> times() const {
    std::vector<std::string> out;
    std::istringstream lines(log);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t end = line.find(',');
      out.push_back(line.substr(5, end - 5));
    }
    return out;
  }

  tests::Folder folder;
  std::string log;
  nlohmann::json json;

 private:
  int number_ = 0;
};

bool is_later(const std::string& a, const std::string& b) {
  return a.size() != b.size() ? a.size() > b.size() : a > b;
}

}  // namespace

TEST_CASE("a meter that is handed over goes on counting and the log's times go on") {
  Chain chain;
  // 69 kW for 4 s are 76.667 Wh, 6.9 kW for 4 s 7.667 Wh; what flowed in the last 78.125 ms is
  // booked in the next run, and the first two seconds cost half a watt-hour at most.
  chain.run(std::string("duration: 4 s\n") + meter +
            "grid: {current: 100 A}\n"
            "expect: [{raw: active forward total, at: 3.9 s, equals: 0.0727 kWh, tolerance: 0.002 "
            "kWh}]\n");
  CHECK(chain.json["saved_at"]["instant_ps"].get<std::string>().size() == 13);
  chain.run(
      std::string("duration: 4 s\n") + meter +
      "grid: {current: 10 A}\n"
      "expect:\n"
      "  - {raw: active forward total, at: 100 ms, equals: 0.0767 kWh, tolerance: 0.001 kWh}\n"
      "  - {raw: active forward total, at: 3.9 s, equals: 0.0841 kWh, tolerance: 0.001 kWh}\n"
      "  - {register: P total, at: 3.9 s, equals: 6.9 kW, tolerance: 0.1 %}\n"
      "  - {follows_truth: s0_forward, from: 200 ms, within: 2}\n");
  CHECK(chain.json["loaded_from"]["use"] == "handover");
  const std::vector<std::string> times = chain.times();
  REQUIRE(times.size() > 100);
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (is_later(times[i - 1], times[i])) FAIL(times[i - 1] << " before " << times[i]);
  }
  CHECK(is_later(times.back(), "7900000000000"));
}

TEST_CASE("a chain of handovers has one log whose levels alternate over every seam") {
  Chain chain;
  for (const char* current : {"60 A", "100 A", "30 A"}) {
    chain.run(std::string("duration: 700 ms\n") + meter + "grid: {current: " + current +
              "}\nexpect: [{silent: s0_reverse}]\n");
  }
  std::istringstream lines(chain.log);
  bool on = false;
  int edges = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("\"m1.s0_forward\",\"event\":\"edge\"") == std::string::npos) continue;
    const bool rises = line.find("\"on\":true") != std::string::npos;
    CHECK(rises != on);
    on = rises;
    ++edges;
  }
  CHECK(edges > 100);
}

TEST_CASE("a run that was handed a meter and is cut judges pulses by the rate it was handed") {
  // The meter was made with 10000 imp/kWh and has 2000 since the first run. 69 kW for 2 s are
  // 38.3 Wh, 77 pulses; at the rate it was made with they would be 383.
  const std::string second = std::string("duration: 3 s\n") + meter +
                             "grid: {current: 100 A}\n"
                             "expect: [{count: s0_forward, from: 1 s, equals: truth}]\n";
  Chain chain;
  chain.run(std::string("duration: 1 s\n") + meter +
            "timeline:\n"
            "  - {at: 500 ms, write: {register: S0 output rate, value: 2000 imp/kWh}}\n"
            "expect: [{silent: s0_reverse}]\n");
  chain.run(second, {"--until", "2 s"});
  CHECK(chain.json["loaded_from"]["use"] == "handover");
  chain.run(second);
  CHECK(chain.json["loaded_from"]["use"] == "continuation");
}

TEST_CASE("a meter lives on beyond what a kernel's 64 bits of picoseconds hold") {
  // Run here, with a base that no command line can give: 2^64 ps after the world began, less 1 s.
  const tests::Folder folder;
  const std::string first =
      folder.write("first.yaml", std::string("duration: 1500 ms\n") + meter +
                                     "grid: {current: 60 A}\nexpect: [{silent: s0_reverse}]\n");
  const tools::Scenario scenario = tools::load_scenario(first);
  tools::RunOptions options;
  options.simulation.base = (static_cast<platform::WideTime>(1) << 64) - models::pins::ps_per_s;
  options.log_path = folder.path("log");
  options.save_state_path = folder.path("state");
  options.build = {tools::build_name(), tools::firmware_crc()};
  const tools::RunResult result = tools::run_scenario(scenario, options);
  CHECK(result.pass);
  const std::string before = tests::read_all(folder.path("log"));
  // 2^64 = 18446744073709551616.
  CHECK_THAT(before, Contains("{\"t\":1844674"));

  const std::string second = folder.write(
      "second.yaml",
      std::string("duration: 1 s\n") + meter +
          "grid: {current: 60 A}\n"
          "expect:\n"
          // 41.4 kW for 1.5 s are 17.25 Wh, for 2.4 s 27.6 Wh; the first second may cost 0.3 Wh.
          "  - {raw: active forward total, at: 100 ms, equals: 0.0175 kWh, tolerance: 0.0015 kWh}\n"
          "  - {raw: active forward total, at: 900 ms, equals: 0.0267 kWh, tolerance: 0.0015 kWh}\n"
          "  - {follows_truth: s0_forward, from: 100 ms, within: 2}\n");
  const tests::ProcessResult after =
      tests::vmeter({"run", second, "--load-state", folder.path("state"), "--log",
                     folder.path("log2"), "--json", folder.path("json")});
  INFO(after.out << after.err);
  CHECK(after.status == 0);
  const std::string log = tests::read_all(folder.path("log2"));
  // 500 ms beyond 2^64 the second run begins; a second later it ends.
  CHECK(log.substr(0, 15) == "{\"t\":1844674457");
  CHECK_THAT(log, Contains("{\"t\":18446745"));
}

TEST_CASE("a meter that was saved without supply starts in a world with mains") {
  Chain chain;
  chain.run(std::string("duration: 3 s\n") + meter +
            "grid: {current: 100 A}\n"
            "timeline:\n  - {at: 1500 ms, set: {voltage: 0 V, current: 0 A}}\n"
            "expect: [{at: 2.9 s, symbols: none}]\n");
  chain.run(std::string("duration: 4 s\n") + meter +
            "grid: {current: 10 A}\n"
            "expect:\n"
            "  - {register: power-down counter, at: 3 s, equals: 1}\n"
            // 69 kW from the start to 1.5 s: 28.75 Wh, less the first second's rest.
            "  - {raw: active forward total, at: 1 s, at_least: 0.025 kWh}\n");
}

TEST_CASE(
    "a finger at a button and a voltage at the tariff input stay in the world that they were") {
  Chain chain;
  chain.run(std::string("duration: 1 s\n") + meter +
            "timeline:\n"
            "  - {at: 500 ms, tariff_input: 230 V}\n"
            "  - {at: 900 ms, press: {button: right, for: 3 s}}\n"
            "expect: [{register: tariff, at: 950 ms, equals: 2}]\n");
  chain.run(std::string("duration: 8 s\n") + meter +
            "timeline:\n  - {at: 2 s, press: {button: right}}\n"
            "expect:\n  - {register: tariff, at: 7 s, equals: 1}\n");
}

TEST_CASE("a scenario that differs in anything but its layout takes the meters alone") {
  const tests::Folder folder;
  const std::string text = std::string("duration: 2 s\n") + meter +
                           "grid: {current: 5 A}\nexpect: [{silent: s0_reverse}]\n";
  const std::string state = folder.path("state");
  REQUIRE(tests::vmeter(
              {"run", folder.write("a.yaml", text), "--until", "500 ms", "--save-state", state})
              .status == 0);
  const auto use = [&](const std::string& other, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments = {
        "run", folder.write("b.yaml", other), "--load-state", state, "--json", folder.path("json")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const tests::ProcessResult result = tests::vmeter(arguments);
    INFO(result.err);
    REQUIRE(result.status == 0);
    return nlohmann::json::parse(tests::read_all(folder.path("json")))["loaded_from"]["use"]
        .get<std::string>();
  };
  CHECK(use("# the same\n" + text) == "continuation");
  CHECK(use(text + "title: another\n") == "handover");
  CHECK(use(text, {"--set", "grid.current=6 A"}) == "handover");
  CHECK(use(text, {"--seed", "5"}) == "handover");
  // Saved at its end, the same scenario begins once more.
  REQUIRE(tests::vmeter({"run", folder.path("a.yaml"), "--save-state", state}).status == 0);
  CHECK(use(text) == "handover");
}
