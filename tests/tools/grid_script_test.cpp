// The timeline as schedules of the mains, against what the models say stands there.
#include "tools/engine/grid_script.h"

#include <catch2/catch.hpp>

#include "tests/tools/files.h"

using models::pins::ps_per_s;

namespace {

const std::string head = "duration: 100 s\nmeter: {variant: PRO380-Mod}\n";

std::unique_ptr<tools::GridScript> grid_of(const std::string& text) {
  const tools::Scenario scenario = tests::load(head + text);
  auto script = std::make_unique<tools::GridScript>(scenario.meters.front());
  script->apply_all(scenario, 0);
  return script;
}

}  // namespace

TEST_CASE("without a grid there are 3 × 230 V, 50 Hz and no current") {
  const auto grid = grid_of("");
  for (int phase = 0; phase < 3; ++phase) {
    CHECK(grid->grid().voltage_spec(phase, 0).rms_V == 230);
    CHECK(grid->grid().voltage_spec(phase, 0).angle_deg == -120 * phase);
    CHECK(grid->grid().current_spec(phase, 0).rms_A == 0);
  }
  CHECK(grid->grid().frequency_nHz(0) == 50'000'000'000);
}

TEST_CASE("a change leaves alone what it does not name") {
  const auto grid = grid_of(
      "grid: {current: {rms: 5 A, pf: 0.5 ind, harmonics: [{order: 3, rms: 20 %}]}}\n"
      "timeline:\n"
      "  - {at: 1 s, set: {current: 7 A}}\n"
      "  - {at: 2 s, set: {current: {direction: export}}}\n"
      "  - {at: 3 s, set: {L2: {current: {pf: 1, harmonics: []}}}}\n");
  const auto at = [&](int phase, tools::Ps t) { return grid->grid().current_spec(phase, t); };
  CHECK(at(0, ps_per_s - 1).rms_A == 5);
  CHECK(at(0, ps_per_s).rms_A == 7);
  CHECK(at(0, ps_per_s).lag_deg == Approx(60));
  CHECK(at(0, ps_per_s).harmonics.size() == 1);
  CHECK(at(1, 2 * ps_per_s).lag_deg == Approx(240));
  CHECK(at(1, 3 * ps_per_s).lag_deg == Approx(180));
  CHECK(at(1, 3 * ps_per_s).harmonics.empty());
  CHECK(at(2, 3 * ps_per_s).lag_deg == Approx(240));
  CHECK(at(1, 3 * ps_per_s).rms_A == 7);
}

TEST_CASE("a change after a ramp starts from where the ramp ended") {
  const auto grid = grid_of(
      "grid: {current: 5 A}\n"
      "timeline:\n"
      "  - {at: 1 s, ramp: {over: 2 s, to: {current: 10 A}}}\n"
      "  - {at: 4 s, set: {current: {pf: 0.8 cap}}}\n");
  CHECK(grid->grid().current_spec(0, ps_per_s).rms_A == Approx(5).margin(0.1));
  CHECK(grid->grid().current_spec(0, 2 * ps_per_s).rms_A == Approx(7.5).margin(0.1));
  CHECK(grid->grid().current_spec(0, 4 * ps_per_s).rms_A == 10);
}

TEST_CASE("entries act in the order of time, whatever their order in the file") {
  const auto grid = grid_of(
      "timeline:\n"
      "  - {at: 5 s, set: {voltage: {rms: 200 V}}}\n"
      "  - {at: 2 s, set: {voltage: {rms: 210 V, angle: 5 deg}}}\n");
  CHECK(grid->grid().voltage_spec(1, 3 * ps_per_s).rms_V == 210);
  CHECK(grid->grid().voltage_spec(1, 6 * ps_per_s).rms_V == 200);
  CHECK(grid->grid().voltage_spec(1, 6 * ps_per_s).angle_deg == -115);
}

TEST_CASE("a meter's own grid lies over that of all, and its events are its own") {
  const tools::Scenario scenario = tests::load(
      "duration: 10 s\n"
      "meters:\n"
      "  - {id: a, variant: PRO380-S, grid: {current: 5 A}}\n"
      "  - {id: b, variant: PRO380-S}\n"
      "grid: {voltage: 220 V, current: 1 A}\n"
      "timeline:\n  - {at: 2 s, meter: b, set: {current: 9 A}}\n");
  tools::GridScript a(scenario.meters[0]);
  tools::GridScript b(scenario.meters[1]);
  a.apply_all(scenario, 0);
  b.apply_all(scenario, 1);
  CHECK(a.grid().voltage_spec(0, 0).rms_V == 220);
  CHECK(a.grid().current_spec(0, 0).rms_A == 5);
  CHECK(b.grid().current_spec(0, 0).rms_A == 1);
  CHECK(a.grid().current_spec(0, 3 * ps_per_s).rms_A == 5);
  CHECK(b.grid().current_spec(0, 3 * ps_per_s).rms_A == 9);
}
