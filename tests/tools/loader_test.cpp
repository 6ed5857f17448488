#include <catch2/catch.hpp>

#include "tests/tools/files.h"
#include "tools/scenario/load.h"

using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using tests::load;

namespace {

const std::string head = "duration: 10 s\nmeter: {variant: PRO380-Mod CT}\n";

bool warns(const tools::Scenario& scenario, const std::string& fragment) {
  for (const std::string& warning : tools::warnings_of(scenario)) {
    if (warning.find(fragment) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a meter has the defaults of its variant") {
  const tools::MeterSpec direct = load("duration: 1 s\nmeter: {variant: PRO380-Mb}\n").meters[0];
  CHECK(direct.id == "m1");
  CHECK(direct.page.magic == metrology::hal::parameter_page_magic);
  CHECK(direct.page.variant == metrology::hal::MeterVariant::mb);
  CHECK(direct.page.ct_primary_A == 0);
  CHECK(direct.page.s0_rate_centi == 100'000);
  CHECK(direct.page.serial_hi == 0x0256);
  CHECK(direct.page.serial_lo == 0x1450'0001);
  const tools::MeterSpec ct = load(head).meters[0];
  CHECK(ct.page.ct_primary_A == 0);  // never set: it warns, and works as 5/5
  CHECK(ct.page.serial_hi == 0x0260);
}

TEST_CASE("count makes meters with numbers behind the name and serial numbers that count up") {
  const tools::Scenario s =
      load("duration: 1 s\nmeter: {id: house, variant: PRO380-S, count: 3}\n");
  REQUIRE(s.meters.size() == 3);
  CHECK(s.meters[0].id == "house1");
  CHECK(s.meters[2].id == "house3");
  CHECK(s.meters[2].page.serial_lo == 0x1450'0003);
}

TEST_CASE("settings reach the parameter page") {
  const tools::MeterSpec m =
      load(
          "duration: 1 s\nmeter:\n  variant: PRO380-S CT\n  connection: aron\n"
          "  settings: {s0_rate: 0.01 imp/kWh, ct_ratio: 7500/5, crystal: -12.5 ppm,\n"
          "             serial: \"025814500042\",\n"
          "             calibration: {L2: {voltage: 120 ppm, current: -3 ppm, delay: -250 ns},\n"
          "                           L3: {lead: 20 arcmin, voltage_drift: -12.5 ppm/K, "
          "lead_drift: "
          "-0.3 %/K, active_offset: 2.5 mW, reactive_offset: -1 var}}}\n")
          .meters[0];
  CHECK(m.page.s0_rate_centi == 1);
  CHECK(m.page.ct_primary_A == 7500);
  CHECK(m.crystal_ppb == -12'500);
  CHECK(m.page.serial_hi == 0x0258);
  CHECK(m.page.serial_lo == 0x1450'0042);
  CHECK(m.page.connection == metrology::hal::Connection::aron);
  CHECK(m.wiring.connection == models::wiring::Connection::aron);
  CHECK(m.page.calibration[1].voltage_ppm == 120);
  CHECK(m.page.calibration[1].current_ppm == -3);
  CHECK(m.page.calibration[1].current_delay_ns == -250);
  CHECK(m.page.calibration[2].current_lead_urad == 5818);  // 20' · π / 10 800
  CHECK(m.page.calibration[2].voltage_ppb_per_K == -12'500);
  CHECK(m.page.calibration[2].lead_ppm_per_K == -3000);
  CHECK(m.page.calibration[2].active_offset_uW == 2500);
  CHECK(m.page.calibration[2].reactive_offset_uvar == -1'000'000);
}

TEST_CASE("a phase's own part of the grid lies over that of all phases") {
  const tools::GridChange grid =
      load(head +
           "grid:\n  voltage: {rms: 230 V, harmonics: [{order: 5, rms: 10 %, angle: 180 deg}]}\n"
           "  L2: {voltage: 207 V, current: {rms: 5 A, pf: 0.8 cap, direction: export}}\n")
          .meters[0]
          .grid[0];
  CHECK(grid.voltage[0].rms_V == 230.0);
  CHECK(grid.voltage[1].rms_V == 207.0);
  REQUIRE(grid.voltage[1].harmonics.has_value());
  CHECK(grid.voltage[1].harmonics->front().order_milli == 5000);
  CHECK(grid.voltage[1].harmonics->front().percent == Approx(10));
  CHECK(grid.voltage[1].harmonics->front().angle_deg == 180);
  CHECK(grid.current[0].empty());
  CHECK(grid.current[1].lag_deg.value() == Approx(-36.8698976458));
  CHECK(grid.current[1].flow == models::grid::Flow::export_);
}

TEST_CASE("at, every and after place entries in time") {
  const tools::Scenario s = load(head +
                                 "timeline:\n"
                                 "  - {name: first, at: 1 s, crystal: 1 ppm}\n"
                                 "  - {after: 500 ms, crystal: 2 ppm}\n"
                                 "  - {after: 250 ms, crystal: 3 ppm}\n"
                                 "  - {after: 4 s, of: first, crystal: 4 ppm}\n"
                                 "  - {every: 2 s, from: 7 s, set: {frequency: 50 Hz}}\n"
                                 "  - {every: 1 s, until: 3 s, set: {sequence: L1-L3-L2}}\n");
  CHECK(s.timeline[0].at == std::vector<tools::Ps>{ps_per_s});
  CHECK(s.timeline[1].at == std::vector<tools::Ps>{1500 * ps_per_ms});
  CHECK(s.timeline[2].at == std::vector<tools::Ps>{1750 * ps_per_ms});
  CHECK(s.timeline[3].at == std::vector<tools::Ps>{5 * ps_per_s});
  CHECK(s.timeline[4].at == std::vector<tools::Ps>{7 * ps_per_s, 9 * ps_per_s});
  CHECK(s.timeline[5].at == std::vector<tools::Ps>{ps_per_s, 2 * ps_per_s, 3 * ps_per_s});
}

TEST_CASE("a register is named by address or by name, its value by its unit") {
  const tools::Scenario s =
      load(head +
           "timeline:\n"
           "  - {at: 1 s, write: {register: 0x1066, value: 2000 imp/kWh}}\n"
           "expect:\n"
           "  - {register: P total, at: 2 s, equals: 1150 W, tolerance: 2 W}\n"
           "  - {register: meter name, at: 2 s, equals: PRO380-Mod CT}\n");
  REQUIRE(s.timeline[0].write.has_value());
  CHECK(s.timeline[0].write->row->address == 0x1066);
  CHECK(s.timeline[0].write->words[0] == 0x44FA'0000);  // 2000 as IEEE 754 single
  const auto& power = std::get<tools::ExpectRow>(s.expectations[0].kind);
  CHECK(power.row->address == 0x2080);
  CHECK(power.equals->number.value() == 1.15);
  CHECK(power.tolerance->value == 0.002);
  CHECK(std::get<tools::ExpectRow>(s.expectations[1].kind).equals->text == "PRO380-Mod CT");
}

TEST_CASE("an expectation without a meter is one for every meter") {
  const tools::Scenario s = load(
      "duration: 1 s\nmeters: [{id: a, variant: PRO380-S}, {id: b, variant: PRO380-S}]\n"
      "expect:\n  - {name: quiet, silent: s0_reverse}\n"
      "  - {name: only b, meter: b, silent: s0_reverse}\n");
  REQUIRE(s.expectations.size() == 3);
  CHECK(s.expectations[0].name == "quiet of a");
  CHECK(s.expectations[1].name == "quiet of b");
  CHECK(s.expectations[2].meter == 1);
}

TEST_CASE("touching changes are no overlap") {
  CHECK(tests::refusal(head + "timeline:\n"
                              "  - {at: 1 s, ramp: {over: 1 s, to: {current: 5 A}}}\n"
                              "  - {at: 2 s, set: {current: 6 A}}\n"
                              "  - {at: 3 s, dip: {to: 50 %, for: 1 s}}\n"
                              "  - {at: 4 s, swell: {to: 110 %, for: 1 s}}\n"
                              "  - {at: 1500 ms, set: {voltage: 220 V}}\n")
            .empty());
}

TEST_CASE("what can hardly be meant is warned of") {
  CHECK(warns(load(head), "no expectations"));
  CHECK(warns(load(head + "timeline:\n  - {at: 10 s, set: {current: 5 A}}\n"),
              "not before the end at 10 s"));
  CHECK(warns(load(head + "expect:\n  - {width: s0_forward, to: 11 s, equals: 40 ms}\n"),
              "will not be reached"));
  CHECK(warns(load(head + "expect:\n  - {register: U L1, at: 10 s, equals: 230 V}\n"),
              "reads the meter at 10 s"));
  CHECK(warns(load(head + "receivers: {s0_forward: {supply: 0 V}}\n"
                          "expect:\n  - {count: s0_forward, equals: truth}\n"),
              "never has a supply"));
  CHECK(warns(load(head + "receivers: {s0_forward: {polarity: reversed}}\n"
                          "expect:\n  - {jitter: s0_forward, within: 1 us}\n"),
              "never has a supply"));
  CHECK(
      warns(load(head + "timeline:\n  - {at: 5 s, set: {current: 5 A}}\n"
                        "expect:\n  - {accuracy: active_power, from: 2 s, to: 8 s, within: 1 %}\n"),
            "while the grid changes"));
  CHECK(warns(load(head + "expect:\n"
                          "  - {accuracy: frequency, from: 5 s, to: 6 s, within: 1 Hz}\n"),
              "shorter than 2.1 s"));
}

// At 3 · 230 V · 6 A · n/5: 300/5 is 248.4 kW, 400/5 is 331.2 kW, 7500/5 is 6210 kW; 10⁶ kWh of it.
TEST_CASE("a CT ratio that rolls over within 4 000 h of full load is warned of with the hours") {
  const auto with_ratio = [](const std::string& ratio, const std::string& more = "") {
    return load("duration: 10 s\nmeter: {variant: PRO380-Mod CT" + more +
                ", settings: {ct_ratio: " + ratio + "}}\n");
  };
  CHECK(
      warns(with_ratio("7500/5"), "7500/5, with which the energy registers roll over after 161 h"));
  CHECK(warns(with_ratio("400/5"), "roll over after 3019 h"));
  CHECK_FALSE(warns(with_ratio("300/5"), "roll over"));  // 4026 h
  CHECK_FALSE(warns(with_ratio("5/5"), "roll over"));
  CHECK_FALSE(warns(load(head), "roll over"));  // never set: 5/5
  CHECK(warns(with_ratio("400/5", ", connection: aron"), "roll over after 3019 h"));
  // One phase has a third of the power: 1250/5 is 345 kW.
  CHECK_FALSE(warns(with_ratio("800/5", ", connection: 1p2w"), "roll over"));
  CHECK(warns(with_ratio("1250/5", ", connection: 1p2w"), "roll over after 2899 h"));
  CHECK(tools::warnings_of(with_ratio("7500/5", ", id: m, count: 3")).size() ==
        2);  // and no expectations
}

TEST_CASE("what is well meant is not warned of") {
  const tools::Scenario s = load(head +
                                 "timeline:\n  - {every: 1 s, set: {current: 5 A}}\n"
                                 "  - {at: 2500 ms, receivers: {s0_forward: {supply: 12 V}}}\n"
                                 "receivers: {s0_forward: {supply: 0 V}}\n"
                                 "expect:\n  - {count: s0_forward, from: 3 s, equals: truth}\n"
                                 "  - {register: U L1, at: 9 s, equals: 230 V}\n");
  CHECK(tools::warnings_of(s).empty());
}

TEST_CASE("every stays in order where times end") {
  const std::string long_head = "duration: 200 d\nmeter: {variant: PRO380-S}\ntimeline:\n";
  constexpr tools::Ps day = 86'400 * ps_per_s;
  // 240 d are more picoseconds than 64 bits hold.
  CHECK(load(long_head + "  - {every: 120 d, set: {current: 5 A}}\n").timeline[0].at ==
        std::vector<tools::Ps>{120 * day});
  CHECK(load(long_head + "  - {every: 100 d, until: 200 d, crystal: 1 ppm}\n").timeline[0].at ==
        std::vector<tools::Ps>{100 * day, 200 * day});
}

TEST_CASE("names and titles are printable") {
  for (const char* text :
       {"a\\x01b", "a\\e[31m", "a\\0b", "a\\nb", "a\\tb", "a\\x85b", "\\uFFFF"}) {
    INFO(text);
    CHECK_THAT(tests::refusal(head + "title: \"" + text + "\"\n"),
               Catch::Matchers::Contains("title: found") &&
                   Catch::Matchers::Contains("none of them a control"));
  }
  CHECK(load(head + "title: \"µ – 电\"\n").title == "µ – 电");
}

TEST_CASE("sensors delay voltages as well as currents") {
  const auto sensors =
      load(head + "sensors: {L2: {voltage_delay: -1 ms, current_delay: 925.926 ns}}\n")
          .meters[0]
          .sensors;
  CHECK(sensors.voltage[1].delay_ps == -1'000'000'000);
  CHECK(sensors.current[1].delay_ps == 925'926);
  CHECK(sensors.voltage[0].delay_ps == 0);
  CHECK_THAT(tests::refusal(head + "sensors: {L2: {voltage_delay: 1.000000001 ms}}\n"),
             Catch::Matchers::Contains("voltage_delay: found"));
}

TEST_CASE("a CT ratio is written in digits") {
  for (const char* ratio : {"4e1/5", "+40/5", "40.0/5", "40/5.0", " 40/5", "/5", "40"}) {
    INFO(ratio);
    CHECK_THAT(
        tests::refusal("duration: 1 s\nmeter: {variant: PRO380-S CT, settings: {ct_ratio: \"" +
                       std::string(ratio) + "\"}}\n"),
        Catch::Matchers::Contains("one of the meter's ratios"));
  }
}

TEST_CASE("an accuracy of what is not connected, or of a changing apparent power, is warned of") {
  const std::string start = "duration: 10 s\nmeter: {variant: PRO380-S, connection: ";
  const std::string of_L2 =
      "}\nexpect:\n  - {accuracy: active_energy, phase: L2, from: 2 s, to: 8 s, within: 1 %}\n";
  CHECK(warns(load(start + "1p2w" + of_L2), "leaves empty"));
  CHECK(warns(load(start + "aron" + of_L2), "leaves empty"));
  CHECK_FALSE(warns(load(start + "3p4w" + of_L2), "leaves empty"));
  CHECK(warns(load(head + "timeline:\n  - {at: 5 s, set: {current: 5 A}}\n"
                          "expect:\n  - {accuracy: reactive_energy, from: 2 s, to: 8 s, "
                          "within: 1 %, of: apparent}\n"),
              "one apparent power"));
}
