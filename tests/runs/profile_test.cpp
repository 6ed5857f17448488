// Load profiles: how a table is read, what becomes of its values at the terminals, and what of it
// is refused, with its place.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/recordings/recording.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/engine/grid_script.h"
#include "tools/scenario/load_parts.h"
#include "tools/scenario/profile_stamps.h"
#include "tools/scenario/profile_table.h"

using Catch::Matchers::Contains;
using tools::Ps;

namespace {

constexpr Ps second = models::pins::ps_per_s;
constexpr Ps minute = 60 * second;

/// Seconds between two stamps, the first of which sets the kind.
double seconds_between(const char* first, const char* then) {
  tools::ProfileStamps stamps;
  const auto a = stamps.read(first);
  const auto b = stamps.read(then);
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  return static_cast<double>(*b - *a) * 1e-12;
}

tools::ProfileTable read(const std::string& text, const tools::ProfileFormat& format = {}) {
  const tests::Folder folder;
  return tools::read_profile(folder.write("load.csv", text), format);
}

/// The sentence that a table is refused with, from its line on.
std::string refusal_of(const std::string& text, const tools::ProfileFormat& format = {}) {
  try {
    read(text, format);
  } catch (const models::recordings::RecordingError& error) {
    const std::string sentence = error.what();
    return sentence.substr(sentence.find("load.csv") + 8);
  }
  return "";
}

/// The mains of a meter with that profile, all of which is scheduled.
std::unique_ptr<tools::GridScript> mains(const std::string& csv, const std::string& meter,
                                         const std::string& more = "") {
  const tests::Folder folder;
  folder.write("load.csv", csv);
  const tools::Scenario scenario = tools::load_scenario(
      folder.write("s.yaml", "duration: 1 h\nmeter: {variant: PRO380-Mod" + meter +
                                 "}\nprofile: {file: load.csv" + more + "}\n"));
  auto script = std::make_unique<tools::GridScript>(scenario.meters[0]);
  script->apply_all(scenario, 0);
  return script;
}

}  // namespace

TEST_CASE("stamps of a profile are seconds or a time of the day or a date with a zone") {
  CHECK(seconds_between("0", "900") == 900);
  CHECK(seconds_between("0.5", "2.25") == 1.75);
  CHECK(seconds_between("00:00", "00:15") == 900);
  CHECK(seconds_between("9:45", "10:00:30") == 930);
  CHECK(seconds_between("23:45", "24:00") == 900);
  CHECK(seconds_between("23:45", "00:00") == 900);  // of the next day
  CHECK(seconds_between("2026-02-28T23:45", "2026-03-01T00:00") == 900);
  CHECK(seconds_between("2024-02-28 23:45:00", "2024-02-29 00:00:00") == 900);
  CHECK(seconds_between("28.02.2026 23:45", "01.03.2026 00:00") == 900);
  CHECK(seconds_between("2026-10-25T02:45:00+02:00", "2026-10-25T02:00:00+01:00") == 900);
  CHECK(seconds_between("2026-01-01T00:00:00Z", "2025-12-31T19:15:00-0500") == 900);
  CHECK(seconds_between("2026-01-01", "2026-01-02") == 86400);
}

TEST_CASE("what is no stamp or one of another kind is none") {
  for (const char* text :
       {"", "noon", "25:01", "12:60", "12:00:60", "2026-02-29", "2026-13-01", "2026-01-01T",
        "2026-01-01T12", "2026-01-01T00:00+1", "1e30", "12:00 "}) {
    INFO(text);
    CHECK_FALSE(tools::ProfileStamps().read(text).has_value());
  }
  tools::ProfileStamps stamps;
  REQUIRE(stamps.read("2026-01-01T00:00"));
  CHECK_FALSE(stamps.read("900").has_value());
}

TEST_CASE("a utility's table is read with semicolons and decimal commas and quotes and a mark") {
  tools::ProfileFormat format;
  format.time = "Uhrzeit";
  format.date = "Datum";
  format.header_line = 2;
  format.columns = {{"P", "Wirkleistung", "kW"}};
  const tools::ProfileTable table = read(
      "\xEF\xBB\xBF"
      "Netzbetreiber;;;\r\nDatum;Uhrzeit;Wirkleistung;Status\r\n"
      "01.01.2026;23:45;1,5;W\r\n02.01.2026;00:00;\"-0,25\";W\r\n\r\n",
      format);
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0].begin == 0);
  CHECK(table.rows[1].begin == 15 * minute);
  CHECK(table.length == 30 * minute);
  CHECK(table.rows[0].phases[2].load == 1500);
  CHECK(table.rows[1].phases[0].load == -250);
  CHECK(table.total_load);
  CHECK(table.ignored == std::vector<std::string>{"Status"});
}

TEST_CASE("a comma between cells leaves the point for decimals but for a cell in quotes") {
  tools::ProfileFormat format;
  format.interval = 15 * minute;
  const tools::ProfileTable table = read("P1 [W],U1 [V]\n100.5,\"229,5\"\n", format);
  CHECK(table.rows[0].phases[0].load == 100.5);
  CHECK(table.rows[0].phases[0].voltage_V == 229.5);
}

TEST_CASE("energies are power over the time of their row") {
  // 0.25 kWh in a quarter of an hour are 1 kW, in half an hour 500 W.
  const tools::ProfileTable table = read("time,E1 [kWh]\n00:00,0.25\n00:15,0.25\n00:45,0.5\n");
  CHECK(table.rows[0].phases[0].load == Approx(1000));
  CHECK(table.rows[1].phases[0].load == Approx(500));
  CHECK(table.rows[2].phases[0].load == Approx(1000));  // lasts as long as the one before it
  CHECK(table.length == 75 * minute);
}

TEST_CASE("a stamp at the end of a row lets it hold since the stamp before it") {
  tools::ProfileFormat format;
  format.stamps_at_end = true;
  const tools::ProfileTable table = read("time,P [W]\n00:15,1\n00:30,2\n01:00,3\n", format);
  CHECK(table.rows[0].begin == 0);
  CHECK(table.rows[1].begin == 15 * minute);
  CHECK(table.rows[2].begin == 30 * minute);
  CHECK(table.length == 60 * minute);
}

TEST_CASE("a table that cannot be meant is refused with line and column") {
  tools::ProfileFormat quarter;
  quarter.interval = 15 * minute;
  const auto check = [](const std::string& sentence, const char* wanted) {
    CHECK_THAT(sentence, Contains(wanted));
  };
  check(refusal_of(""), ":1: found the end, expected the names of the columns");
  check(refusal_of("P [W]\n1\n"), ":1:1: found no column time, expected one, or the key time");
  check(refusal_of("time,P1\n0,1\n"), ":1:6: found \"P1\" without a unit, expected W, kW or MW");
  check(refusal_of("time,P1 [hp]\n0,1\n"), ":1:6: found the unit \"hp\", expected W, kW or MW");
  check(refusal_of("time,load\n0,1\n"), "expected columns such as P [kW]");
  check(refusal_of("time,P [W],P1 [W]\n"), ":1:12: found \"P1 [W]\", expected P once");
  check(refusal_of("time,P [W],I1 [A]\n"), "expected one of P, E and I of a phase");
  check(refusal_of("time,Q [var],I1 [A]\n"), "found Q without P, expected P or E beside it");
  check(refusal_of("time,P [W],Q [var],PF\n"), "expected one of Q and PF of a phase");
  check(refusal_of("time,P [W]\n"), "found no row, expected at least one");
  check(refusal_of("time,P [W]\n0,1\n"), "found one row, expected two at least, or an interval");
  check(refusal_of("time,P [W]\n0,1\n1,2,3\n"), ":3:5: found 3 cells, expected 2");
  check(refusal_of("time,P [W]\n0,1\n1\n"), ":3:2: found 1 cells, expected 2");
  check(refusal_of("time,P [W]\n0,1\n900,\n"), ":3:5: found \"\", expected a number");
  check(refusal_of("time;P [W]\n0;1\n900; 1.000,5\n"),
        ":3:6: found \"1.000,5\", expected a number");
  check(refusal_of("time,I1 [A]\n0,2e5\n"), ":2:3: found \"2e5\", expected a value of I from");
  check(refusal_of("time,P [W],PF\n0,1,1.01\n"), ":2:5: found \"1.01\", expected a value of PF");
  check(refusal_of("time,U1 [V]\n0,-1\n"), "expected a value of U from 0 to");
  check(refusal_of("time,P [W]\n0,1\n0,1\n"), ":3:1: found \"0\", expected a time after");
  check(refusal_of("time,P [W]\n2026-10-25 02:45,1\n2026-10-25 02:00,1\n"), "a time after");
  check(refusal_of("time,P [W]\n00:00,1\nlater,1\n"),
        ":3:1: found \"later\", expected a time like");
  check(refusal_of("time,P [W]\n00:00,1\n00:30,1\n", quarter),
        "expected a time one interval, 900 s, after the one before it");
}

TEST_CASE("powers become currents at the voltage that is set") {
  // 2300 W and 1725 var at 230 V: 2875 VA, 12.5 A, lagging by atan(0.75) = 36.87 degrees.
  const auto script = mains(
      "time,P1 [W],Q1 [var],P2 [kW],Q2 [kvar],P3 [W],Q3 [var]\n"
      "0,0,0,0,0,0,0\n900,2300,1725,-2.3,1.725,0,0\n",
      "");
  const models::grid::CurrentSpec import = script->grid().current_spec(0, 1000 * second);
  CHECK(import.rms_A == Approx(12.5));
  CHECK(import.lag_deg == Approx(36.8698976).margin(1e-6));
  const models::grid::CurrentSpec exported = script->grid().current_spec(1, 1000 * second);
  CHECK(exported.rms_A == Approx(12.5));
  CHECK(std::cos(exported.lag_deg * 3.14159265358979 / 180) == Approx(-0.8));
  CHECK(std::sin(exported.lag_deg * 3.14159265358979 / 180) == Approx(0.6));
  CHECK(script->grid().current_spec(2, 1000 * second).rms_A == 0);
  CHECK(script->grid().current_spec(0, 900 * second - 1).rms_A == 0);
  CHECK(script->grid().current_spec(0, 900 * second).rms_A == Approx(12.5));
}

TEST_CASE("a power of all phases is shared evenly and is L1's in a meter of one phase") {
  const std::string csv = "time,P [kW],PF,U [V]\n0,6.9,0.5,115\n900,6.9,-0.5,115\n";
  // 2300 W at 115 V and a factor of 0.5: 40 A, lagging 60 degrees, or leading.
  const auto three = mains(csv, "");
  for (int phase = 0; phase < 3; ++phase) {
    CHECK(three->grid().voltage_spec(phase, second).rms_V == 115);
    CHECK(three->grid().current_spec(phase, second).rms_A == Approx(40));
    CHECK(three->grid().current_spec(phase, second).lag_deg == Approx(60));
    CHECK(three->grid().current_spec(phase, 901 * second).lag_deg == Approx(-60));
  }
  const auto one = mains(csv, ", connection: 1p2w");
  CHECK(one->grid().current_spec(0, second).rms_A == Approx(120));
  CHECK(one->grid().current_spec(1, second).rms_A == 0);
}

TEST_CASE("a profile repeats or holds its last row and begins where it is told") {
  const std::string csv = "time,I [A]\n0,1\n600,-2\n1200,3\n";  // 30 min long
  const auto held = mains(csv, "");
  CHECK(held->grid().current_spec(0, 3599 * second).rms_A == 3);
  CHECK(held->grid().current_spec(0, 700 * second).lag_deg == 180);
  const auto again = mains(csv, "", ", repeat: on, scale: 2");
  CHECK(again->grid().current_spec(0, 1799 * second).rms_A == 6);
  CHECK(again->grid().current_spec(0, 1800 * second).rms_A == 2);
  CHECK(again->grid().current_spec(0, 2400 * second).rms_A == 4);
  const auto late = mains(csv, "", ", repeat: on, start: 11 min");
  CHECK(late->grid().current_spec(0, 0).rms_A == 2);
  CHECK(late->grid().current_spec(0, 540 * second - 1).rms_A == 2);
  CHECK(late->grid().current_spec(0, 540 * second).rms_A == 3);
  CHECK(late->grid().current_spec(0, 1140 * second).rms_A == 1);
}

TEST_CASE("check tells what of a profile is passed over or missing") {
  const tests::Folder folder;
  folder.write("load.csv", "time,I [A],P4\n0,1,0\n600,2,0\n1200,3,0\n");
  const auto said = [&](const char* duration) {
    return tests::vmeter({"check", folder.write("s.yaml", std::string("duration: ") + duration +
                                                              "\nmeter: {variant: PRO380-Mod}\n"
                                                              "profile: {file: load.csv}\n")})
        .err;
  };
  CHECK_THAT(said("10 min"), Contains("found 2 rows after the end at 600 s"));
  CHECK_THAT(said("1 h"),
             Contains("found a table that is over at 1800 s, before the end at 3600 s"));
  CHECK_THAT(said("30 min"), Contains("found a column \"P4\", which means nothing"));
}

TEST_CASE("a profile and an entry do not change one quantity at one time") {
  const tests::Folder folder;
  folder.write("load.csv", "time,I1 [A]\n0,1\n600,2\n1200,3\n");
  const auto status = [&](const char* entry) {
    return tests::vmeter(
        {"check", folder.write("s.yaml", std::string("duration: 30 min\nmeter: {variant: "
                                                     "PRO380-Mod}\nprofile: {file: load.csv}\n"
                                                     "timeline:\n  - ") +
                                             entry + "\n")});
  };
  CHECK(status("{at: 11 min, set: {L1: {current: 7 A}}}").status == 0);
  CHECK(status("{at: 10 min, set: {L2: {current: 7 A}}}").status == 0);
  CHECK_THAT(status("{at: 10 min, set: {L1: {current: 7 A}}}").err,
             Contains("s.yaml:5:5: found the current of L1 changing at 600 s, expected nothing to "
                      "change it there besides the profile in line 3"));
  CHECK_THAT(status("{at: 9 min, ramp: {over: 2 min, to: {current: 7 A}}}").err,
             Contains("besides the profile in line 3"));
}

TEST_CASE("a meter counts what a profile draws and a profile of its own goes before that of all") {
  const tests::Folder folder;
  folder.write("load.csv", "time,P [kW]\n0,0\n2,36\n4,-18\n6,9\n");
  folder.write("own.csv", "P1 [kW]\n9\n");
  const std::string path = folder.write(
      "s.yaml",
      "duration: 10 s\nmeters:\n"
      "  - {id: a, variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh}}\n"
      "  - {id: b, variant: PRO380-Mod, profile: {file: own.csv, interval: 1 h}}\n"
      "profile: {file: load.csv}\n"
      "expect:\n"
      // 36 kW for 2 s and 9 kW for 4 s are 30 Wh, 18 kW for 2 s are 10; a step from one direction
      // to the other within a cycle costs both a thousandth of them. 10 imp/Wh, less what is under
      // way.
      "  - {meter: a, accuracy: active_energy, from: 1 s, to: 9 s, within: 0.3 %}\n"
      "  - {meter: a, accuracy: active_energy, direction: reverse, from: 1 s, to: 9 s, "
      "within: 0.3 %}\n"
      "  - {meter: a, count: s0_forward, equals: 300, tolerance: 3}\n"
      "  - {meter: a, count: s0_reverse, equals: 100, tolerance: 1}\n"
      "  - {meter: b, register: P L1, at: 8 s, equals: 9 kW, tolerance: 0.1 %}\n");
  const tests::ProcessResult result = tests::vmeter({"run", path});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
}
