// Meters that run the flashed image, instruction by instruction, against meters that run the same
// firmware natively: what leaves the terminals is the same, byte for byte of the log.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>

#include "metrology/storage/crc32.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/isa/flash_image.h"
#include "tools/report/log_diff.h"
#include "tools/scenario/load.h"

namespace {

using models::pins::Ps;
using models::pins::ps_per_s;

const std::string image = tests::repository("build/firmware/firmware.elf");

/// Bundled scenarios that are no longer than that, all meters' time together, and those named. By
/// command PRO380_IMAGE_SECONDS=N takes all up to N seconds.
std::vector<std::string> chosen() {
  Ps longest = 13 * ps_per_s;
  std::vector<std::string> out = {tests::repository("scenarios/ir-readout.yaml"),
                                  tests::repository("scenarios/rate-change.yaml"),
                                  tests::repository("scenarios/mbus-settings.yaml"),
                                  tests::repository("scenarios/load-step.yaml")};
  if (const char* seconds = std::getenv("PRO380_IMAGE_SECONDS")) {
    longest = std::stoull(seconds) * ps_per_s;
  }
  for (const auto& entry : std::filesystem::directory_iterator(tests::repository("scenarios"))) {
    if (entry.path().extension() != ".yaml") continue;
    const tools::Scenario scenario = tools::load_scenario(entry.path().string());
    if (scenario.duration * scenario.meters.size() <= longest) out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::string log_of(const tests::Folder& folder, const std::string& scenario) {
  return folder.path(std::filesystem::path(scenario).stem().string() + ".jsonl");
}

/// What vmeter says; fails unless it ends with status 0.
std::string run(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "run");
  const tests::ProcessResult result = tests::vmeter(arguments);
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  return result.out;
}

/// Empty when the logs' terminals agree.
std::string terminals_differ(const std::string& first, const std::string& second) {
  const auto difference = tools::first_difference(first, second, 2, tools::LogScope::terminals);
  return difference ? tools::describe(*difference, first, second) : "";
}

constexpr const char* conversation = R"(
duration: 3 s
meters:
  - {id: a, variant: PRO380-Mod, settings: {meter_id: 1}, cpu: iss}
  - {id: b, variant: PRO380-Mod, settings: {meter_id: 2}, cpu: native}
grid: {voltage: 230 V, current: 40 A}
bus: {}
timeline:
  - {name: a at 1, at: 1 s, meter: a, modbus: {read: U L1}}
  - {name: b at 1.15, at: 1.15 s, meter: b, modbus: {read: U L1}}
  - {name: a at 1.3, at: 1.3 s, meter: a, modbus: {read: active total}}
  - {name: b at 1.6, at: 1.6 s, meter: b, modbus: {read: active total}}
  - {name: b at 2, at: 2 s, meter: b, modbus: {read: serial number}}
  - {name: a at 2.2, at: 2.2 s, meter: a, modbus: {read: frequency}}
)";

}  // namespace

TEST_CASE("the flashed image shows at the terminals what the native firmware shows") {
  const tests::Folder native;
  const tests::Folder flashed;
  std::vector<std::string> scenarios = chosen();
  CHECK(scenarios.size() >= 14);
  std::vector<std::string> arguments = scenarios;
  arguments.insert(arguments.end(), {"--jobs", "2", "--report", native.path("")});
  run(arguments);
  arguments.back() = flashed.path("");
  arguments.insert(arguments.end(), {"--cpu", "iss", "--firmware", image});
  run(arguments);
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    CHECK(terminals_differ(log_of(native, scenario), log_of(flashed, scenario)) == "");
  }
}

TEST_CASE("the flashed image gives the same log under both sync modes") {
  const tests::Folder folder;
  for (const char* name : {"ir-sign-on", "modbus-matrix", "mbus-matrix", "power-cut"}) {
    INFO(name);
    std::vector<std::string> arguments = {
        tests::repository(std::string("scenarios/") + name + ".yaml"),
        "--cpu",
        "iss",
        "--firmware",
        image,
        "--until",
        "700 ms",
        "--trace",
        "bus",
        "--log",
        folder.path("horizon")};
    tests::vmeter([&] {
      std::vector<std::string> all = {"run"};
      all.insert(all.end(), arguments.begin(), arguments.end());
      return all;
    }());
    arguments.back() = folder.path("cycle");
    arguments.insert(arguments.begin(), {"run", "--sync", "cycle"});
    tests::vmeter(arguments);
    const std::string horizon = tests::read_all(folder.path("horizon"));
    CHECK(horizon.size() > 100'000);
    CHECK(horizon == tests::read_all(folder.path("cycle")));
  }
}

TEST_CASE("an image and the native firmware stand on one bus and answer as two of a kind") {
  const tests::Folder folder;
  const std::string scenario = folder.write("mixed.yaml", conversation);
  run({scenario, "--firmware", image, "--log", folder.path("mixed")});
  run({scenario, "--set", "meters[0].cpu=native", "--log", folder.path("native")});
  CHECK(terminals_differ(folder.path("mixed"), folder.path("native")) == "");
  CHECK(tests::read_all(folder.path("mixed")).find("a.uart_bus") != std::string::npos);
}

TEST_CASE("a meter that runs an image is saved and goes on byte for byte") {
  const tests::Folder folder;
  const std::string scenario = tests::repository("scenarios/load-step.yaml");
  const std::vector<std::string> iss = {"--cpu", "iss", "--firmware", image};
  const auto with_iss = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), scenario);
    arguments.insert(arguments.end(), iss.begin(), iss.end());
    return arguments;
  };
  run(with_iss({"--log", folder.path("whole")}));
  tests::vmeter([&] {
    std::vector<std::string> all = with_iss(
        {"--until", "7.3 s", "--save-state", folder.path("state"), "--log", folder.path("first")});
    all.insert(all.begin(), "run");
    return all;
  }());
  run(with_iss({"--load-state", folder.path("state"), "--log", folder.path("second")}));
  CHECK(tests::read_all(folder.path("whole")) ==
        tests::read_all(folder.path("first")) + tests::read_all(folder.path("second")));

  const tests::ProcessResult other =
      tests::vmeter({"run", scenario, "--load-state", folder.path("state")});
  CHECK(other.status == 2);
  CHECK(other.err.find("meter m1 on the CPU iss") != std::string::npos);
  CHECK(other.err.find("expected native") != std::string::npos);
}

TEST_CASE("the registers of one image are no state of another that is as whole") {
  const tests::Folder folder;
  // Another word where nothing stands, and the checksum of that.
  std::vector<std::uint32_t> words = tools::read_flash_image(image);
  words[words.size() - 2] ^= 1;
  words.back() = metrology::storage::crc32(reinterpret_cast<const std::uint8_t*>(words.data()),
                                           static_cast<std::uint32_t>(4 * (words.size() - 1)));
  const std::string other = folder.write(
      "other.bin", std::string(reinterpret_cast<const char*>(words.data()), 4 * words.size()));
  const std::string scenario = tests::repository("scenarios/load-step.yaml");
  tests::vmeter({"run", scenario, "--cpu", "iss", "--firmware", image, "--until", "1 s",
                 "--save-state", folder.path("state")});
  const tests::ProcessResult result =
      tests::vmeter({"run", scenario, "--cpu", "iss", "--firmware", other, "--until", "2 s",
                     "--load-state", folder.path("state")});
  CHECK(result.status == 2);
  CHECK(result.err.find("meter m1 on the CPU iss") != std::string::npos);
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
}

TEST_CASE("an image that is none and a meter that would run one are refused in a sentence") {
  const tests::Folder folder;
  const std::string scenario = tests::repository("scenarios/load-step.yaml");
  const auto refused = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"run", scenario});
    const tests::ProcessResult result = tests::vmeter(arguments);
    CHECK(result.status == 2);
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    return result.err;
  };
  CHECK(refused({"--cpu", "riscv"}) == "vmeter: --cpu: found \"riscv\", expected native or iss\n");
  CHECK(refused({"--firmware", image}).find("expected --cpu iss") != std::string::npos);
  CHECK(refused({"--cpu", "iss", "--firmware", folder.path("none.elf")}).find("none.elf") !=
        std::string::npos);
  CHECK(refused({"--cpu", "iss", "--firmware", folder.write("text", "no image")}).find("text") !=
        std::string::npos);
}
