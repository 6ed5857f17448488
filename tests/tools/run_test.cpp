// Whole runs of the real program: what it writes, and that it is the same every time.
#include <catch2/catch.hpp>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;
using tests::Folder;
using tests::ProcessResult;
using tests::vmeter;

namespace {

const std::string short_run =
    "duration: 700 ms\n"
    "seed: 5\n"
    "meter: {variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh, crystal: 7 ppm}}\n"
    "sensors: {adc_noise: 20}\n"
    "grid: {current: 20 A}\n"
    "timeline:\n"
    "  - {at: 300.000000001 ms, write: {register: 0x1066, value: 2000 imp/kWh}}\n"
    "  - {at: 350 ms, set: {L1: {current: {rms: 90 A, direction: export}}}}\n"
    "  - {at: 400 ms, crystal: -300 ppm}\n"
    "  - {at: 450 ms, receivers: {s0_reverse: {supply: 0 V}}}\n"
    "expect:\n  - {register: 0x1066, at: 500 ms, equals: 2000 imp/kWh}\n";

}  // namespace

TEST_CASE("two runs, and both ways to synchronise, write byte for byte the same log") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", short_run);
  REQUIRE(vmeter({"run", path, "--log", folder.path("a")}).status == 0);
  REQUIRE(vmeter({"run", path, "--log", folder.path("b")}).status == 0);
  REQUIRE(vmeter({"run", path, "--log", folder.path("c"), "--sync", "cycle"}).status == 0);
  const std::string log = tests::read_all(folder.path("a"));
  CHECK(log.size() > 1000);
  CHECK(log == tests::read_all(folder.path("b")));
  CHECK(log == tests::read_all(folder.path("c")));
  // Another seed is another noise, so other edges.
  REQUIRE(vmeter({"run", path, "--log", folder.path("d"), "--seed", "6"}).status == 0);
  CHECK(log != tests::read_all(folder.path("d")));
}

TEST_CASE("the log ends before the end of the run") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", short_run);
  REQUIRE(vmeter({"run", path, "--log", folder.path("a")}).status == 0);
  std::istringstream lines(tests::read_all(folder.path("a")));
  std::uint64_t previous = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::uint64_t t = nlohmann::json::parse(line)["t"];
    CHECK(t >= previous);
    CHECK(t < 700'000'000'000ull);
    previous = t;
  }
}

TEST_CASE("what is scheduled after the end is not reached: a failed expectation") {
  const Folder folder;
  const std::string path =
      folder.write("s.yaml",
                   "duration: 500 ms\nmeter: {variant: PRO380-S}\n"
                   "timeline:\n  - {at: 600 ms, set: {current: 5 A}}\n"
                   "expect:\n  - {register: U L1, at: 600 ms, equals: 230 V}\n"
                   "  - {silent: s0_forward, to: 501 ms}\n  - {silent: s0_forward, to: 500 ms}\n");
  const ProcessResult result = vmeter({"run", path, "--json", folder.path("r")});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("not reached"));
  const auto json = nlohmann::json::parse(tests::read_all(folder.path("r")));
  CHECK(json["verdict"] == "fail");
  CHECK(json["expectations"][0]["seen"].is_null());
  CHECK(json["expectations"][1]["seen"].is_null());
  CHECK(json["expectations"][2]["verdict"] == "pass");
  CHECK(json["expectations"][3]["name"] == "event in line 4");
  CHECK(json["expectations"][3]["verdict"] == "fail");
  CHECK(json["expectations"][3]["seen"].is_null());
}

TEST_CASE("an event at the very end is not reached, an endless one ends with the run") {
  const Folder folder;
  const std::string head = "duration: 500 ms\nmeter: {variant: PRO380-S}\ntimeline:\n  - ";
  const auto run = [&](const std::string& event) {
    return vmeter({"run", folder.write("s.yaml", head + event + "\n")}).status;
  };
  CHECK(run("{at: 500 ms, set: {current: 5 A}}") == 1);
  CHECK(run("{at: 499.999999999 ms, set: {current: 5 A}}") == 0);
  CHECK(run("{every: 100 ms, until: 500 ms, set: {current: 5 A}}") == 1);
  CHECK(run("{every: 100 ms, until: 400 ms, set: {current: 5 A}}") == 0);
  CHECK(run("{every: 100 ms, set: {current: 5 A}}") == 0);
  CHECK(run("{at: 500 ms, write: {register: 0x1066, value: 2000 imp/kWh}}") == 1);
}

TEST_CASE("an answer counts when it comes before the end, and not a picosecond later") {
  const Folder folder;
  const std::string rest =
      "meter: {variant: PRO380-S}\n"
      "timeline:\n  - {at: 1 s, write: {register: 0x1066, value: 2000 imp/kWh}}\n"
      "expect:\n  - {register: U L1, at: 1 s, at_most: 1 kV}\n";
  const auto run = [&](const std::string& duration) {
    vmeter({"run", folder.write("s.yaml", "duration: " + duration + "\n" + rest), "--json",
            folder.path("r")});
    return nlohmann::json::parse(tests::read_all(folder.path("r")));
  };
  const double at = run("2 s")["expectations"][0]["at"];
  const auto ps = static_cast<std::uint64_t>(std::llround(at * 1e12));
  CHECK(run(std::to_string(ps) + " ps")["expectations"][0]["seen"].is_null());
  CHECK(run(std::to_string(ps + 1) + " ps")["expectations"][0]["verdict"] == "pass");
  // The write was asked for before the reading, and answered before it.
  CHECK(run(std::to_string(ps) + " ps")["expectations"].size() == 1);
}

TEST_CASE("a reader who goes away costs the table, not the files") {
  const Folder folder;
  std::string text = "duration: 1 s\nmeter: {variant: PRO380-S}\nexpect:\n";
  for (int i = 0; i < 2000; ++i) {
    text += "  - {silent: s0_reverse, name: quiet " + std::to_string(i) + "}\n";
  }
  const ProcessResult result = tests::run_process(
      {"bash", "-c", "\"$0\" run \"$1\" --json \"$2\" | true; exit ${PIPESTATUS[0]}", PRO380_VMETER,
       folder.write("s.yaml", text), folder.path("r")});
  CHECK(result.status == 3);
  CHECK_THAT(result.err, Contains("standard output: could not be written"));
  CHECK(nlohmann::json::parse(tests::read_all(folder.path("r")))["expectations"].size() == 2000);
  CHECK(folder.names() == std::vector<std::string>{"r", "s.yaml"});
}

TEST_CASE("a closed standard output is no place for a file") {
  const Folder folder;
  const ProcessResult result =
      tests::run_process({"bash", "-c", "\"$0\" run \"$1\" --json \"$2\" <&- >&-", PRO380_VMETER,
                          folder.write("s.yaml", short_run), folder.path("r")});
  CHECK(result.status == 3);
  CHECK(nlohmann::json::parse(tests::read_all(folder.path("r")))["verdict"] == "pass");
}

TEST_CASE("a simulation that is killed leaves no part of a file behind") {
  const Folder folder;
  const std::string path = folder.write(
      "s.yaml", "duration: 100 d\nmeter: {variant: PRO380-Mod}\ngrid: {current: 5 A}\n");
  const std::string script =
      "\"$0\" run \"$1\" --log \"$2/l\" --vcd \"$2/v\" & sleep 1; "
      "kill -9 $(cat /proc/$!/task/$!/children); wait $!";
  const ProcessResult result =
      tests::run_process({"bash", "-c", script, PRO380_VMETER, path, folder.path("")});
  CHECK(result.status == 3);
  CHECK_THAT(result.err, Contains("died of signal 9"));
  CHECK(folder.names() == std::vector<std::string>{"s.yaml"});
}

TEST_CASE("a file's name that is no text is shown as text, in every report") {
  const Folder folder;
  const std::string path = folder.write("a\xFF\x01z.yaml", short_run);
  const ProcessResult result = vmeter({"run", path, "--json", folder.path("r"), "--junit",
                                       folder.path("j"), "--log", folder.path("l")});
  CHECK(result.status == 0);
  CHECK(nlohmann::json::parse(tests::read_all(folder.path("r")))["scenario"] == "a??z");
  CHECK_THAT(tests::read_all(folder.path("j")), Contains("name=\"a??z\""));
}

TEST_CASE("an accuracy up to a step is one of what was before the step") {
  const Folder folder;
  const ProcessResult result = vmeter(
      {"run", folder.write("s.yaml",
                           "duration: 6 s\nmeter: {variant: PRO380-S}\ngrid: {current: 3 A}\n"
                           "timeline:\n  - {at: 5 s, set: {current: 100 A}}\n"
                           "expect:\n"
                           "  - {accuracy: active_power, from: 2 s, to: 5 s, within: 0.01 %}\n"
                           "  - {accuracy: active_energy, from: 2 s, to: 5 s, within: 0.01 %, of: "
                           "apparent}\n")});
  INFO(result.out);
  CHECK(result.status == 0);
}

TEST_CASE("an expectation that does not hold says what was expected and seen, and when") {
  const Folder folder;
  const std::string path = folder.write("s.yaml",
                                        "duration: 4 s\nmeter: {variant: PRO380-S}\n"
                                        "expect:\n  - {register: U L1, at: 3 s, equals: 231 V}\n");
  const ProcessResult result = vmeter({"run", path, "--junit", folder.path("j")});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("231 V") && Contains("230 V at 3.0") && Contains("FAIL"));
  CHECK_THAT(tests::read_all(folder.path("j")), Contains("expected 231 V, seen 230 V at 3.0"));
}

TEST_CASE("a write that the meter refuses is a failure of its own") {
  const Folder folder;
  const std::string path =
      folder.write("s.yaml",
                   "duration: 1 s\nmeter: {variant: PRO380-S}\n"
                   "timeline:\n  - {at: 100 ms, write: {register: 0x1066, value: 77 imp/kWh}}\n");
  const ProcessResult result = vmeter({"run", path});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("write of 77 imp/kWh") && Contains("bad value"));
}

TEST_CASE("the report's folder holds every file of every scenario") {
  const Folder folder;
  const std::string a = folder.write("a.yaml", short_run);
  const std::string b = folder.write("b.yaml", short_run);
  REQUIRE(vmeter({"run", a, b, "--report", folder.path("out/deep")}).status == 0);
  for (const char* name : {"report.txt", "results.json", "junit.xml", "a.jsonl", "a.vcd", "a.csv",
                           "b.jsonl", "b.vcd", "b.csv"}) {
    INFO(name);
    CHECK_FALSE(tests::read_all(folder.path(std::string("out/deep/") + name)).empty());
  }
  const auto json = nlohmann::json::parse(tests::read_all(folder.path("out/deep/results.json")));
  CHECK(json.size() == 2);
}

TEST_CASE("output comes in the order of the files, however many run at a time") {
  const Folder folder;
  std::vector<std::string> arguments = {"run", "--jobs", "3"};
  // The longest first, so that it ends last.
  for (const char* duration : {"60 s", "5 s", "200 ms", "300 ms"}) {
    const std::string name = "s" + std::to_string(arguments.size()) + ".yaml";
    arguments.push_back(folder.write(name, std::string("duration: ") + duration +
                                               "\nmeter: {variant: PRO380-S}\n" +
                                               "expect:\n  - {silent: s0_reverse}\n"));
  }
  const ProcessResult result = vmeter(arguments);
  CHECK(result.status == 0);
  std::size_t at = 0;
  for (const char* name : {"s3: pass", "s4: pass", "s5: pass", "s6: pass"}) {
    INFO(name);
    const std::size_t found = result.out.find(name);
    REQUIRE(found != std::string::npos);
    CHECK(found >= at);
    at = found;
  }
}

TEST_CASE("a signal to stop ends a run cleanly, with its files written, and status 130") {
  const int signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  const Folder folder;
  const std::string path =
      folder.write("s.yaml",
                   "duration: 100 d\nmeter: {variant: PRO380-Mod}\ngrid: {current: 5 A}\n"
                   "expect:\n  - {register: U L1, at: 5 s, equals: 230 V}\n"
                   "  - {count: s0_forward, from: 1 d, equals: truth}\n");
  tests::ProcessOptions options;
  options.interrupt_after_ms = 1000;
  options.signal = signal;
  const ProcessResult result =
      vmeter({"run", path, "--log", folder.path("l"), "--json", folder.path("r"), "--vcd",
              folder.path("v"), "--csv", folder.path("c")},
             options);
  CHECK(result.status == 130);
  CHECK(result.err.empty());
  const auto json = nlohmann::json::parse(tests::read_all(folder.path("r")));
  CHECK(json["expectations"][0]["verdict"] == "pass");
  CHECK(json["expectations"][1]["seen"].is_null());
  CHECK(json["simulated_s"] > 5.0);
  CHECK(json["simulated_s"] < 8'640'000.0);
  for (const char* name : {"l", "v", "c"}) CHECK(tests::read_all(folder.path(name)).size() > 1000);
  CHECK(folder.names() == std::vector<std::string>{"c", "l", "r", "s.yaml", "v"});
}

TEST_CASE("a full disk is one clear sentence and status 3, whichever file it is") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", short_run);
  for (const char* option : {"--log", "--vcd", "--csv", "--json", "--junit"}) {
    const ProcessResult result = vmeter({"run", path, option, "/dev/full"});
    INFO(option << ": " << result.err);
    CHECK(result.status == 3);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, Contains("/dev/full") && Contains("No space left on device"));
  }
  tests::ProcessOptions options;
  options.stdout_path = "/dev/full";
  const ProcessResult result = vmeter({"run", path}, options);
  CHECK(result.status == 3);
  CHECK_THAT(result.err, Contains("standard output") && Contains("No space left on device"));
  CHECK(folder.names() == std::vector<std::string>{"s.yaml"});
}

TEST_CASE("an output that cannot be made is refused before anything runs") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", short_run);
  for (const char* option : {"--log", "--vcd", "--csv", "--json", "--junit"}) {
    const ProcessResult result = vmeter({"run", path, option, folder.path("nowhere/f")});
    INFO(option << ": " << result.err);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, Contains("nowhere/f") && Contains("No such file"));
  }
  CHECK(folder.names() == std::vector<std::string>{"s.yaml"});
}

TEST_CASE("a progress bar is drawn on a terminal only") {
  const Folder folder;
  const std::string path = folder.write(
      "s.yaml", "duration: 20 s\nmeter: {variant: PRO380-S}\nexpect:\n  - {silent: s0_forward}\n");
  CHECK(vmeter({"run", path}).err.empty());
  const ProcessResult terminal = tests::run_process(
      {"script", "-qec", std::string(PRO380_VMETER) + " run " + path, "/dev/null"});
  CHECK(terminal.status == 0);
  CHECK_THAT(terminal.out, Contains("[###") && Contains("% s") && Contains("s: pass"));
}

TEST_CASE("an instant late in a long run is told to the picosecond") {
  const Folder folder;
  const std::string path =
      folder.write("s.yaml",
                   "duration: 1 s\nmeter: {variant: PRO380-S}\n"
                   "expect:\n  - {silent: s0_forward, to: 150.0000000001 d}\n");
  CHECK_THAT(vmeter({"run", path}).out, Contains("not reached at 12960000.00000864 s"));
}

TEST_CASE("a file that a later scenario cannot write is refused before the first one runs") {
  const Folder folder;
  const std::string a = folder.write("a.yaml", short_run);
  const std::string b = folder.write("b.yaml", short_run);
  std::filesystem::create_directories(folder.path("report/b.csv"));
  const ProcessResult result = vmeter({"run", a, b, "--report", folder.path("report")});
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, Contains("b.csv: cannot be written: it is a directory"));
  CHECK_FALSE(std::filesystem::exists(folder.path("report/a.csv")));
}
