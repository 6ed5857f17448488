// Changes inside a sample's window of 766 modulator clocks: every sample within 1 LSB of the walked
// modulator, wherever the change lies.
#include <catch2/catch.hpp>
#include <vector>

#include "models/grid/grid.h"
#include "sampled.h"
#include "scripted_source.h"

using models::grid::BurstFired;
using models::grid::CurrentSpec;
using models::grid::Grid;
using models::grid::HalfWave;
using models::grid::PhaseFired;
using models::grid::VoltageSpec;
using models::pins::Ps;
using models::pins::ps_per_ms;
using peripherals::Cycle;
using tests::Conversion;
using tests::error_of;
using tests::RationalClock;
using tests::ScriptedSource;

namespace {

constexpr std::int64_t nHz = 1'000'000'000;

CurrentSpec current(double rms_A, double lag_deg, models::grid::Switching switching) {
  CurrentSpec spec;
  spec.rms_A = rms_A;
  spec.lag_deg = lag_deg;
  spec.switching = switching;
  return spec;
}

}  // namespace

TEST_CASE(
    "a step 1 ps before, at and after any modulator clock of a window is seen from there on") {
  const RationalClock clock;
  Conversion how;
  how.count = 24;
  const int tap = GENERATE(0, 1, 2, 255, 256, 382, 383, 510, 511, 764, 765);
  const int beside_ps = GENERATE(-1, 0, 1);
  // Tap `tap` of sample 12's window, counted from its newest look.
  const Ps edge = clock.edge(how.start + Cycle{24} * (256 * 12 - tap));
  const Ps at = edge + static_cast<Ps>(beside_ps);
  const ScriptedSource source({{0, 0, {{325, 50 * nHz, 0, 0.1}}},
                               {at, -40, {{650, 50 * nHz, 0, 0.35}, {50, 250 * nHz, 0, 0}}}});
  CHECK(error_of(source, clock, how) <= 1);
}

TEST_CASE("the look at the very instant of a step sees what the step brings") {
  // The newest looks weigh 1/256³ and 3/256³, so a full scale of 2²³ codes that stands for the
  // newest look alone makes half a code, and four halves if it stands for two. The step of a
  // little less stands at the newest look but one of sample 12, or 1 ps later.
  const RationalClock clock;
  Conversion how;
  how.count = 13;
  const Ps edge = clock.edge(how.start + Cycle{24} * (256 * 12 - 1));
  const ScriptedSource at({{0, 0, {}}, {edge, 799, {}}});
  const ScriptedSource after({{0, 0, {}}, {edge + 1, 799, {}}});
  CHECK(tests::convert(at, clock, how).back() == 2);
  CHECK(tests::convert(after, clock, how).back() == 0);
}

TEST_CASE("the newest look of all counts, in the middle of a block and at its end") {
  // From −799 to 799 of 800 V full scale at the newest look: 2·799/800·2²³/256³, a code less one
  // part in 800; −799/800·2²³ = −8 378 122.2 becomes −8 378 121.2.
  const RationalClock clock;
  Conversion how;
  how.count = GENERATE(13, 20, 128);
  const Ps edge = clock.edge(how.start + Cycle{6144} * 12);
  const ScriptedSource at({{0, -799, {}}, {edge, 799, {}}});
  const ScriptedSource after({{0, -799, {}}, {edge + 1, 799, {}}});
  CHECK(tests::convert(at, clock, how)[12] == -8'378'121);
  CHECK(tests::convert(after, clock, how)[12] == -8'378'122);
}

TEST_CASE("several changes inside one window add up exactly") {
  const RationalClock clock;
  Conversion how;
  how.count = 64;
  std::vector<ScriptedSource::Part> parts{{0, 0, {{300, 50 * nHz, 0, 0}}}};
  Ps at = clock.edge(how.start + Cycle{24} * 256 * 20) + 7;
  const Ps spacing = GENERATE(as<Ps>{}, 1, 900'001, 50'000'123, 130'000'777, 500'000'000);
  for (int k = 0; k < 40; ++k) {
    const double size = k % 3 == 0 ? 0.0 : 100.0 + 15 * k;
    parts.push_back({at, k % 5 - 2.0, {{size, (45 + k) * nHz, 0, 0.05 * k}}});
    at += spacing;
  }
  CHECK(error_of(ScriptedSource(parts), clock, how) <= 1);
}

TEST_CASE("changes meet block borders without a seam") {
  const RationalClock clock;
  const int before_border = GENERATE(-2, -1, 0, 1, 2, 3);
  const Ps at = clock.edge(100'003 + Cycle{6144} * (128 + before_border)) + 12'345;
  const ScriptedSource source(
      {{0, 0, {{300, 50 * nHz, 0, 0}}}, {at, 0, {{700, 50 * nHz, 0, 0.5}}}});
  CHECK(error_of(source, clock, {}) <= 1);
}

TEST_CASE("switched loads come out right") {
  Grid grid(GENERATE(50 * nHz, 52'370'000'001));
  VoltageSpec voltage;
  voltage.rms_V = 230;
  grid.schedule_voltage(0, 0, voltage);
  const auto switching = GENERATE(
      models::grid::Switching(HalfWave::positive), models::grid::Switching(HalfWave::negative),
      models::grid::Switching(PhaseFired{90}), models::grid::Switching(PhaseFired{13.7}),
      models::grid::Switching(PhaseFired{178}), models::grid::Switching(BurstFired{2, 2}));
  grid.schedule_current(0, 0, current(100, GENERATE(0.0, 37.5, 180.0), switching));
  Conversion how;
  how.full_scale = 170;
  how.count = 1024;
  CHECK(error_of(grid.current(0), RationalClock(), how) <= 1);
}

TEST_CASE("a phase-fired load comes out right a day later") {
  Grid grid(50 * nHz);
  grid.schedule_current(0, 0, current(100, 0, PhaseFired{60}));
  Conversion how;
  how.full_scale = 170;
  how.first = std::int64_t{4096} * 86'400 + 17;
  CHECK(error_of(grid.current(0), RationalClock(), how) <= 1);
}

TEST_CASE("ramps of amplitude and frequency come out right") {
  Grid grid(50 * nHz);
  VoltageSpec voltage;
  voltage.rms_V = 100;
  voltage.harmonics = {{5'000, 0, 10, 0}};
  grid.schedule_voltage(0, 0, voltage);
  grid.schedule_voltage_ramp(0, 20 * ps_per_ms + 1, 97 * ps_per_ms, 500);
  grid.schedule_frequency_ramp(33 * ps_per_ms, 88 * ps_per_ms + 3, 60 * nHz);
  grid.schedule_dip(0, 90 * ps_per_ms, 13'000'000'001, 0.4);
  CHECK(error_of(grid.voltage(0), RationalClock(), {}) <= 1);
}

TEST_CASE("a change of the crystal's frequency inside a window is seen to the clock") {
  RationalClock clock;
  const int cycle_in_window = GENERATE(0, 1, 23, 24, 6'143, 9'191, 18'360);
  clock.set_error(100'003 + Cycle{6144} * 40 - cycle_in_window, GENERATE(-900'000, 250, 900'000));
  clock.set_error(100'003 + Cycle{6144} * 41 + 7, 0);
  const ScriptedSource source(
      {{0, 0, {{799, 50 * nHz, 0, 0.2}, {0.5, 90'000 * nHz, 0, 0}}},
       {clock.edge(100'003 + Cycle{6144} * 40 + 100), 0, {{700, 51 * nHz, 0, 0}}}});
  Conversion how;
  how.count = 200;
  CHECK(error_of(source, clock, how) <= 1);
}
