// A front end's flaws and the temperature, as scenarios name them.
#include <catch2/catch.hpp>

#include "models/sensors/production.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;
using tests::load;
using tests::vmeter;

namespace {

const std::string head = "duration: 1 s\nmeter: {variant: PRO380-Mod}\n";

}  // namespace

TEST_CASE("a front end without a word about it has no flaws") {
  const models::sensors::FrontEndSpec spec = load(head).meters[0].sensors;
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(spec.voltage[i].ratio_error == 0);
    CHECK(spec.current[i].lead_rad == 0);
    CHECK(spec.current[i].crosstalk_A_per_V == 0);
  }
  CHECK(spec.modulator_noise_codes == 0);
  CHECK(spec.thermal.rise_K == 0);
  CHECK(spec.crystal.curvature_per_K2 == 0);
}

TEST_CASE("every flaw has its key and its unit") {
  const models::sensors::FrontEndSpec spec =
      load(head +
           "sensors:\n"
           "  every_phase:\n"
           "    {voltage_ratio: 0.2 %, voltage_drift: 20 ppm/K, voltage_offset: 3 mV,\n"
           "     voltage_delay: -1 us, current_ratio: -30 ppm, current_drift: 0.01 %/K,\n"
           "     current_offset: 2 mA, current_delay: 5 ns, current_lead: 20 arcmin,\n"
           "     lead_drift: 0.39 %/K, low_current_rise: 30 %, low_current_knee: 50 mA,\n"
           "     saturation: 100 A, crosstalk: -2 uA/V}\n"
           "  L2: {current_lead: 3 mrad}\n"
           "  reference: 0.3 %\n  reference_drift: -12 ppm/K\n  adc_noise: 20\n"
           "  voltage_noise: 200 uV\n  current_noise: 40 uA\n  temperature_error: -500 mK\n"
           "  self_heating: {rise: 12 K, current: 100 A, time_constant: 25 min}\n"
           "  crystal: {error: 5 ppm, curvature: -0.034 ppm/K2, turnover: 25 degC}\n")
          .meters[0]
          .sensors;
  const auto& voltage = spec.voltage[0];
  CHECK(voltage.ratio_error == Approx(0.002));
  CHECK(voltage.ratio_per_K == Approx(20e-6));
  CHECK(voltage.offset_V == Approx(0.003));
  CHECK(voltage.delay_ps == -1'000'000);
  const auto& current = spec.current[0];
  CHECK(current.ratio_error == Approx(-30e-6));
  CHECK(current.ratio_per_K == Approx(1e-4));
  CHECK(current.offset_A == Approx(0.002));
  CHECK(current.delay_ps == 5'000);
  CHECK(current.lead_rad == Approx(20 * 2.908882087e-4));  // one minute of arc
  CHECK(spec.current[1].lead_rad == Approx(0.003));
  CHECK(current.lead_per_K == Approx(0.0039));
  CHECK(current.low_current_rise == Approx(0.3));
  CHECK(current.knee_A == Approx(0.05));
  CHECK(current.saturation_A == Approx(100));
  CHECK(current.crosstalk_A_per_V == Approx(-2e-6));
  CHECK(spec.reference_error == Approx(0.003));
  CHECK(spec.reference_per_K == Approx(-12e-6));
  CHECK(spec.modulator_noise_codes == 20);
  CHECK(spec.thermal_noise_V == Approx(200e-6));
  CHECK(spec.thermal_noise_A == Approx(40e-6));
  CHECK(spec.temperature_error_K == Approx(-0.5));
  CHECK(spec.thermal.rise_K == 12);
  CHECK(spec.thermal.rise_current_A == 100);
  CHECK(spec.thermal.time_constant_s == 1500);
  CHECK(spec.crystal.error == Approx(5e-6));
  CHECK(spec.crystal.curvature_per_K2 == Approx(-0.034e-6));
  CHECK(spec.crystal.turnover_K == Approx(298.15));
}

TEST_CASE("typical parts are those of the variant and single flaws are laid on them") {
  const models::sensors::FrontEndSpec ct =
      load(
          "duration: 1 s\nmeter: {variant: PRO380-Mod CT}\n"
          "sensors: {parts: typical, L3: {current_lead: 0 mrad}}\n")
          .meters[0]
          .sensors;
  const models::sensors::FrontEndSpec typical = models::sensors::typical_front_end(true);
  CHECK(ct.current[0].lead_rad == typical.current[0].lead_rad);
  CHECK(ct.current[0].lead_rad < models::sensors::typical_front_end(false).current[0].lead_rad);
  CHECK(ct.current[2].lead_rad == 0);
  CHECK(ct.current[2].ratio_per_K == typical.current[2].ratio_per_K);
}

TEST_CASE("parts are drawn by the run's seed and each meter's own name") {
  const tools::Scenario s = load(
      "duration: 1 s\nseed: 7\nmeters: [{id: a, count: 2, variant: PRO380-Mod}]\n"
      "sensors: {parts: drawn}\n");
  const auto expected = [](const char* id) {
    return models::sensors::draw_front_end(false, 7, id).voltage[1].ratio_error;
  };
  CHECK(s.meters[0].sensors.voltage[1].ratio_error == expected("a1"));
  CHECK(s.meters[1].sensors.voltage[1].ratio_error == expected("a2"));
}

TEST_CASE("the command line's seed draws the parts anew") {
  const tests::Folder folder;
  const std::string path = folder.write(
      "s.yaml",
      "duration: 3 s\nmeter: {variant: PRO380-Mod}\nsensors: {parts: drawn, adc_noise: 0}\n"
      "expect: [{raw: U L1, at: 2 s, equals: 230 V, tolerance: 2 %}]\n");
  const std::string first = vmeter({"run", path, "--seed", "1"}).out;
  const auto seen = [](const std::string& text) {
    return text.substr(text.find("2 %"), text.find("pass") - text.find("2 %"));
  };
  CHECK(seen(first) == seen(vmeter({"run", path, "--seed", "1"}).out));
  CHECK(seen(first) != seen(vmeter({"run", path, "--seed", "2"}).out));
}

TEST_CASE("a meter's own parts and flaws lie over those of all") {
  const tools::Scenario s = load(
      "duration: 1 s\n"
      "meters:\n"
      "  - {id: a, variant: PRO380-Mod}\n"
      "  - {id: b, variant: PRO380-Mod, sensors: {parts: ideal, adc_noise: 3}}\n"
      "  - {id: c, variant: PRO380-Mod, sensors: {L1: {current_lead: 1 mrad}}}\n"
      "sensors: {parts: typical, reference: 0.1 %}\n");
  CHECK(s.meters[0].sensors.modulator_noise_codes == 20);
  CHECK(s.meters[1].sensors.modulator_noise_codes == 3);
  CHECK(s.meters[1].sensors.current[0].lead_rad == 0);
  CHECK(s.meters[1].sensors.reference_error == Approx(0.001));
  CHECK(s.meters[2].sensors.current[0].lead_rad == Approx(0.001));
  CHECK(s.meters[2].sensors.current[1].lead_rad > 0.005);
}

TEST_CASE("temperature is said for all meters or for one and changed by set and ramp") {
  const tools::Scenario s = load(
      "duration: 9 s\n"
      "meters:\n"
      "  - {id: a, variant: PRO380-Mod}\n"
      "  - {id: b, variant: PRO380-Mod, temperature: -25 degC}\n"
      "temperature: 40 °C\n"
      "timeline:\n"
      "  - {at: 1 s, set: {temperature: 55 degC, frequency: 60 Hz}}\n"
      "  - {at: 2 s, ramp: {over: 3 s, to: {temperature: 23 degC}}}\n");
  CHECK(s.meters[0].grid.back().temperature_C == 40.0);
  CHECK(s.meters[1].grid.back().temperature_C == -25.0);
  CHECK(s.timeline[0].set->temperature_C == 55.0);
  CHECK(s.timeline[0].set->frequency_nHz == 60'000'000'000);
  CHECK(s.timeline[1].ramp->temperature_C == 23.0);
}

TEST_CASE("with drifting parts and a moving crystal both ways to synchronise write one log") {
  const tests::Folder folder;
  const std::string path = folder.write(
      "s.yaml",
      "duration: 600 ms\n"
      "meter: {variant: PRO380-Mod, settings: {s0_rate: 10000 imp/kWh, crystal: 7 ppm}}\n"
      "sensors:\n"
      "  parts: drawn\n"
      "  self_heating: {rise: 100 K, current: 20 A, time_constant: 1 s}\n"
      "temperature: 40 degC\n"
      "grid: {current: {rms: 60 A, waveform: phase_fired}}\n"
      "timeline:\n"
      "  - {at: 300 ms, set: {temperature: -10 degC}}\n"
      "  - {at: 400.0000001 ms, ramp: {over: 100 ms, to: {temperature: 60 degC}}}\n"
      "  - {at: 450 ms, crystal: -20 ppm}\n");
  REQUIRE(vmeter({"run", path, "--log", folder.path("a")}).status == 0);
  REQUIRE(vmeter({"run", path, "--log", folder.path("b")}).status == 0);
  REQUIRE(vmeter({"run", path, "--log", folder.path("c"), "--sync", "cycle"}).status == 0);
  const std::string log = tests::read_all(folder.path("a"));
  CHECK(log.size() > 1000);
  CHECK(log == tests::read_all(folder.path("b")));
  CHECK(log == tests::read_all(folder.path("c")));
}

TEST_CASE("who leads a run may set and ramp the temperature at any instant") {
  const tests::Folder folder;
  const std::string path = folder.write(
      "s.yaml",
      "duration: 20 s\nmeter: {variant: PRO380-Mod}\n"
      "sensors: {every_phase: {voltage_drift: 1000 ppm/K}, crystal: {curvature: -0.034 ppm/K2}}\n"
      "timeline:\n"
      "  - {at: 1 s, set: {temperature: 43 degC}}\n"
      "  - {at: 5 s, ramp: {over: 1 s, to: {temperature: 3 degC}}}\n"
      "expect:\n"
      "  - {raw: U L1, at: 4.5 s, equals: 234.6 V, tolerance: 0.001 %}\n"
      "  - {raw: U L1, at: 9 s, equals: 225.4 V, tolerance: 0.001 %}\n");
  const tests::ProcessResult result = vmeter({"live", path, "--speed", "20", "--for", "10 s"});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Contains("2 of 2 expectations hold"));
}

TEST_CASE("who leads a run may change the mains at any instant where a sensor leads") {
  const tests::Folder folder;
  // A block of samples has just been asked for: with 1 ms of lead the current is known beyond 1.007
  // s.
  const std::string path =
      folder.write("s.yaml",
                   "duration: 3 s\nmeter: {variant: PRO380-Mod}\n"
                   "sensors: {every_phase: {current_delay: -1 ms}}\n"
                   "grid: {voltage: 230 V, current: 5 A}\n"
                   "timeline:\n"
                   "  - {at: 1.007 s, set: {current: 10 A}}\n"
                   "expect:\n"
                   "  - {register: I L1, at: 2.9 s, equals: 10 A, tolerance: 1 %}\n");
  const tests::ProcessResult result = vmeter({"live", path, "--speed", "50"});
  INFO(result.out << result.err);
  CHECK(result.status == 0);
  CHECK(result.err.find("left out") == std::string::npos);
}
