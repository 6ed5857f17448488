// The ADC's samples as a table: held against the waveform's closed form through the sinc³ filter,
// and played again by another run.
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

namespace {

using Catch::Contains;
using tests::Folder;
using tests::vmeter;

constexpr double pi = 3.141592653589793;
constexpr double modulator_Hz = 1'048'576;
/// Half of 766 looks: the middle of the filter's window lies so long before a sample's instant.
constexpr double delay_s = 382.5 / modulator_Hz;

/// What three running means of 256 looks leave of a tone.
double sinc3_gain(double frequency_Hz) {
  const double x = pi * frequency_Hz / modulator_Hz;
  return std::pow(std::sin(256 * x) / (256 * std::sin(x)), 3);
}

constexpr const char* scenario =
    "duration: 1 s\n"
    "meters:\n"
    "  - {id: a, variant: PRO380-S}\n"
    "  - {id: b, variant: PRO380-S CT}\n"
    "grid: {voltage: 230 V, current: 4 A}\n"
    "expect: [{silent: s0_reverse, meter: a}]\n";

struct Row {
  double t;
  std::vector<double> values;
  std::string time;
};

std::vector<Row> rows_of(const std::string& text, std::string& header) {
  std::istringstream lines(text);
  std::getline(lines, header);
  std::vector<Row> rows;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    Row row;
    std::getline(cells, row.time, ',');
    row.t = std::stod(row.time);
    for (std::string cell; std::getline(cells, cell, ',');) row.values.push_back(std::stod(cell));
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("samples are the waveform through the filter at exact instants") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", scenario);
  REQUIRE(vmeter({"run", path, "--samples", folder.path("a.csv")}).status == 0);
  std::string header;
  const std::vector<Row> rows = rows_of(tests::read_all(folder.path("a.csv")), header);
  CHECK(header ==
        "time_s,u1_V,u2_V,u3_V,i1_A,i2_A,i3_A,temperature_C,u1_code,u2_code,u3_code,i1_code,"
        "i2_code,i3_code,temperature_code");
  // 4096 a second from shortly after power-on to the very end.
  REQUIRE(rows.size() > 4'000);
  CHECK(rows.size() <= 4'096);
  CHECK(1 - rows.back().t < 1.0 / 4096 + 1e-9);
  const double gain = sinc3_gain(50);
  CHECK(1 - gain == Approx(7.35e-4).epsilon(0.01));
  double worst_code = 0;
  for (std::size_t n = 0; n < rows.size(); ++n) {
    REQUIRE(rows[n].values.size() == 14);
    // A sample period is 244 140 625 ps exactly.
    if (n > 0) {
      const auto digits = [](std::string text) {
        text.erase(text.find('.'), 1);
        return std::stoll(text);
      };
      CHECK(digits(rows[n].time) - digits(rows[n - 1].time) == 244'140'625);
    }
    for (int phase = 0; phase < 3; ++phase) {
      const double angle = 2 * pi * (50 * (rows[n].t - delay_s) - phase / 3.0);
      const auto k = static_cast<std::size_t>(phase);
      const double volts = 230 * std::sqrt(2.0) * gain * std::sin(angle);
      const double amperes = 4 * std::sqrt(2.0) * gain * std::sin(angle);
      constexpr double full_code = 8'388'608;
      worst_code = std::max(worst_code, std::abs(rows[n].values[7 + k] - volts / 800 * full_code));
      worst_code =
          std::max(worst_code, std::abs(rows[n].values[10 + k] - amperes / 170 * full_code));
      // The value is its code's: nine digits are enough to have the code back.
      CHECK(std::lround(rows[n].values[k] / 800 * full_code) == std::lround(rows[n].values[7 + k]));
    }
    CHECK(rows[n].values[6] == Approx(23).margin(0.1));
  }
  // Half a code of rounding, and the picosecond to which an instant is rounded.
  CHECK(worst_code < 0.51);
}

TEST_CASE("samples of another meter in a window") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", scenario);
  REQUIRE(vmeter({"run", path, "--samples", folder.path("b.csv"), "--samples-meter", "b",
                  "--samples-from", "500 ms", "--samples-to", "600 ms"})
              .status == 0);
  std::string header;
  const std::vector<Row> rows = rows_of(tests::read_all(folder.path("b.csv")), header);
  // 100 ms are 409.6 sample periods.
  CHECK((rows.size() == 409 || rows.size() == 410));
  CHECK(rows.front().t >= 0.5);
  CHECK(rows.back().t < 0.6);
  double highest = 0;
  for (const Row& row : rows) highest = std::max(highest, row.values[10]);
  // A CT meter's full scale is 10.2 A.
  CHECK(highest == Approx(4 * std::sqrt(2.0) * sinc3_gain(50) / 10.2 * 8'388'608).epsilon(0.001));
}

TEST_CASE("samples are the same in both sync modes and change nothing else") {
  const Folder folder;
  const std::string path = folder.write(
      "s.yaml",
      "duration: 400 ms\nmeter: {variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh}}\n"
      "grid: {voltage: 230 V, current: 60 A}\n"
      "expect: [{silent: s0_reverse}]\n");
  const auto run = [&](const char* sync, const char* samples) {
    std::vector<std::string> arguments = {"run", path, "--sync", sync, "--log", folder.path("l")};
    if (samples != nullptr) {
      arguments.insert(arguments.end(), {"--samples", folder.path(samples)});
    }
    REQUIRE(vmeter(arguments).status == 0);
    return tests::read_all(folder.path("l"));
  };
  const std::string log = run("horizon", "h");
  CHECK(run("cycle", "c") == log);
  CHECK(run("horizon", nullptr) == log);
  CHECK(tests::read_all(folder.path("h")) == tests::read_all(folder.path("c")));
}

TEST_CASE("samples are a recording for another run") {
  // What the first meter measured, less the filter's loss, the second one measures again.
  const Folder folder;
  const std::string first = folder.write(
      "first.yaml",
      "duration: 4 s\nmeter: {variant: PRO380-S}\ngrid: {voltage: 230 V, current: 5 A}\n"
      "expect: [{silent: s0_reverse}]\n");
  REQUIRE(vmeter({"run", first, "--samples", folder.path("s.csv"), "--samples-from", "500 ms"})
              .status == 0);
  // The sinc³ filter lowers voltage and current by 0.0735 % each.
  const double volts = 230 * sinc3_gain(50);
  const double watts = 230 * 5 * sinc3_gain(50) * sinc3_gain(50);
  std::ostringstream text;
  text << "duration: 3 s\nmeter: {variant: PRO380-S}\n"
       << "grid:\n  recording: {file: s.csv, time: time_s, L1: {voltage: u1_V, current: i1_A}}\n"
       << "expect:\n"
       << "  - {register: U L1, at: 2.9 s, equals: " << volts << " V, tolerance: 0.05 V}\n"
       << "  - {register: P L1, at: 2.9 s, equals: " << watts << " W, tolerance: 0.5 W}\n";
  const std::string second = folder.write("second.yaml", text.str());
  const tests::ProcessResult result = vmeter({"run", second});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
}

TEST_CASE("a table of samples that cannot be is refused before anything runs") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", scenario);
  const std::string file = folder.path("f");
  const auto refused = [](const std::vector<std::string>& arguments, const std::string& why) {
    const tests::ProcessResult result = vmeter(arguments);
    INFO(result.err);
    CHECK(result.status == 2);
    CHECK_THAT(result.err, Contains(why));
  };
  refused({"run", path, "--samples", file, "--samples-meter", "c"}, "found \"c\"");
  refused({"run", path, "--samples", file, "--samples-from", "1 s"}, "expected one before it");
  refused({"run", path, "--samples", file, "--samples-from", "5"}, "expected a time");
  refused({"run", path, "--samples-to", "1 s"}, "expected --samples F too");
  refused({"run", path, "--samples", file, "--set", "duration=1 h"}, "more than 10000000");
  refused({"run", path, "--gtkw", file}, "expected --vcd F too");
  refused({"run", path, "--samples", file, "--log", file}, "read or written already");
  refused({"run", path, "--samples", folder.path("nowhere/f")}, "No such file");
  CHECK(vmeter({"run", path, "--samples", "/dev/full"}).status == 3);
  CHECK(folder.names() == std::vector<std::string>{"s.yaml"});
}

TEST_CASE("a save file for GTKWave names both files and every wire once") {
  const Folder folder;
  const std::string path = folder.write("s.yaml",
                                        "duration: 100 ms\nmeter: {variant: PRO380-Mod}\nbus: {}\n"
                                        "expect: [{silent: s0_reverse}]\n");
  REQUIRE(vmeter({"run", path, "--vcd", folder.path("w.vcd"), "--gtkw", folder.path("w.gtkw")})
              .status == 0);
  const std::string vcd = tests::read_all(folder.path("w.vcd"));
  const std::string save = tests::read_all(folder.path("w.gtkw"));
  CHECK_THAT(save, Contains("[dumpfile] \"" + folder.path("w.vcd") + "\""));
  CHECK_THAT(save, Contains("[savefile] \"" + folder.path("w.gtkw") + "\""));
  int wires = 0;
  std::istringstream lines(vcd);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("$var", 0) != 0) continue;
    std::istringstream words(line);
    std::string name;
    for (int n = 0; n < 5; ++n) words >> name;
    const std::string full = "\n" + name.substr(0, name.find('_')) + "." + name + "\n";
    INFO(full);
    const std::size_t at = save.find(full);
    CHECK(at != std::string::npos);
    CHECK(save.find(full, at + 1) == std::string::npos);
    ++wires;
  }
  // Six outputs of the meter, the line, two transmitters, one driver.
  CHECK(wires == 10);
}
