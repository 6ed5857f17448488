// Recordings through the whole program: in either way of keeping time, from every format, and what
// the bundled one was made of.
#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>

#include "models/recordings/read.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"

namespace {

constexpr double pi = 3.14159265358979323846;

std::string recording(const std::string& more) {
  return "grid:\n  recording:\n    file: " +
         tests::repository("scenarios/recordings/rectifier.cfg") +
         "\n    L1: {voltage: VA, current: IA}\n    L2: {voltage: VB, current: IB}\n" + more;
}

}  // namespace

TEST_CASE("the bundled recording is what its formula says to half a step") {
  const models::recordings::Recording read = models::recordings::read_recording(
      tests::repository("scenarios/recordings/rectifier.cfg"), {});
  REQUIRE(read.samples == 1280);
  REQUIRE(read.channels.size() == 6);
  const auto tone = [](double percent, int order, double x, double degrees) {
    return percent / 100 * std::sin(order * x + degrees * pi / 180);
  };
  for (std::size_t k = 0; k < read.samples; ++k) {
    const double t = static_cast<double>(k) / 6400;
    for (std::size_t phase = 0; phase < 3; ++phase) {
      const double x = 2 * pi * (50 * t - static_cast<double>(phase) / 3);
      const double u = std::sqrt(2.0) * 230 * (std::sin(x) + tone(3, 5, x, 180) + tone(2, 7, x, 0));
      const double i = std::sqrt(2.0) * 20 * (1 + 0.15 * std::sin(2 * pi * t / 0.2)) *
                       (tone(100, 1, x, -20) + tone(22, 5, x, -40) + tone(11, 7, x, 30) +
                        tone(8, 11, x, -60) + tone(6, 13, x, 90));
      if (std::abs(read.channels[phase].samples[k] - u) > 400.0 / 32767 * 0.501 ||
          std::abs(read.channels[3 + phase].samples[k] - (phase == 2 ? -i : i)) >
              60.0 / 32767 * 0.501) {
        FAIL("sample " << k << " of L" << phase + 1);
      }
    }
  }
}

TEST_CASE("a recording gives the same log whichever way time is kept") {
  const tests::Folder folder;
  const std::string path = folder.write(
      "a.yaml",
      "duration: 700 ms\nmeter: {variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh}}\n" +
          recording("    scale: {current: 4}\n    start: 3 ms\n") +
          "timeline:\n  - {at: 400 ms, set: {L1: {voltage: 220 V}}}\n"
          "expect:\n  - {silent: s0_reverse}\n");
  for (const char* sync : {"horizon", "cycle"}) {
    const tests::ProcessResult result =
        tests::vmeter({"run", path, "--sync", sync, "--log", folder.path(sync)});
    INFO(result.out << result.err);
    REQUIRE(result.status == 0);
  }
  CHECK(tests::read_all(folder.path("horizon")) == tests::read_all(folder.path("cycle")));
}

TEST_CASE("a table and a single file are played with their energy within 0.02 %") {
  const tests::Folder folder;
  // 230 V and 10 A with a fifth harmonic each, at an angle of 60°, for two cycles of 50 Hz.
  std::string table = "t;u;i\n";
  for (int k = 0; k < 256; ++k) {
    const double x = 2 * pi * k / 128;
    char line[120];
    std::snprintf(line, sizeof line, "%.9f;%.6f;%.6f\n", k / 6400.0,
                  325.269 * (std::sin(x) + 0.05 * std::sin(5 * x)),
                  14.1421 * (std::sin(x - pi / 3) + 0.2 * std::sin(5 * x + 1)));
    table += line;
  }
  folder.write("a.csv", table);
  const std::string path = folder.write(
      "a.yaml",
      "duration: 8 s\nmeter: {variant: PRO380-Mb}\n"
      "grid:\n  recording: {file: a.csv, time: t, loop: on, L1: {voltage: u, current: i},\n"
      "              L2: {voltage: u}, scale: {current: -2}}\n  L2: {current: 20 A}\n"
      "expect:\n"
      "  - {accuracy: active_energy, phase: L1, direction: reverse, from: 2 s, to: 7 s, within: "
      "0.02 %}\n"
      "  - {accuracy: active_energy, phase: L2, from: 2 s, to: 7 s, within: 0.02 %}\n"
      "  - {accuracy: reactive_energy, phase: L1, direction: reverse, from: 2 s, to: 7 s, within: "
      "0.02 %}\n"
      "  - {register: frequency, at: 6 s, equals: 50 Hz, tolerance: 0.01 Hz}\n"
      // −2 · 230 V · 10 A · (cos 60° + 0.05 · 0.2 · cos 1).
      "  - {register: P L1, at: 6 s, equals: -2.325 kW, tolerance: 0.1 %}\n");
  const tests::ProcessResult result = tests::vmeter({"run", path});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
}

TEST_CASE("a recording that ends takes the mains with it and a looped one does not") {
  const tests::Folder folder;
  const bool loop = GENERATE(true, false);
  const std::string path = folder.write(
      "a.yaml",
      "duration: 3 s\nmeter: {variant: PRO380-Mod, holdup: 400 ms}\n" +
          recording(loop ? "    loop: on\n" : "") +
          "expect:\n  - {register: U L1, at: 2.5 s, equals: 230.1 V, tolerance: 0.1 %}\n");
  const tests::ProcessResult result = tests::vmeter({"run", path});
  INFO(result.out << result.err);
  CHECK(result.status == (loop ? 0 : 1));
}

TEST_CASE("no output may take the place of a recording") {
  const tests::Folder folder;
  folder.write("a.csv", "u\n1\n2\n");
  const std::string path =
      folder.write("a.yaml",
                   "duration: 1 s\nmeter: {variant: PRO380-S}\n"
                   "grid: {recording: {file: a.csv, rate: 1 kHz, L1: {voltage: u}}}\n");
  CHECK(tests::vmeter({"run", path, "--log", folder.path("a.csv")}).status == 2);
  CHECK(tests::read_all(folder.path("a.csv")) == "u\n1\n2\n");
}
