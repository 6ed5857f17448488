// Recordings through the sensors' flaws: lead, crosstalk and delay beside scripted waveforms.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/grid/grid.h"
#include "models/recordings/prepare.h"
#include "models/sensors/current_transformer.h"
#include "models/sensors/voltage_divider.h"
#include "waveform.h"

using models::grid::Grid;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_us;
using models::recordings::PlaybackOptions;
using models::recordings::Recording;
using models::sensors::CurrentTransformer;
using models::sensors::DividerSpec;
using models::sensors::TransformerSpec;
using models::sensors::VoltageDivider;
using models::thermal::Ambient;
using models::thermal::Body;
using tests::value_of;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double peak_V = 325;
constexpr double peak_A = 7;

double sine(double peak, Ps t, double lead_rad = 0) {
  return peak * std::sin(2 * pi * 50 * static_cast<double>(t) * 1e-12 + lead_rad);
}

/// 300 ms, 6400 samples a second: channel 0 of 325 V, channel 1 of 7 A, in phase.
std::shared_ptr<const models::recordings::Playback> sines(bool loop) {
  Recording recording;
  recording.file = "a.cfg";
  recording.samples = 1920;
  recording.sections = {{0, 6400}};
  recording.channels.resize(2);
  for (std::size_t k = 0; k < recording.samples; ++k) {
    const double angle = 2 * pi * 50 * static_cast<double>(k) / 6400;
    recording.channels[0].samples.push_back(peak_V * std::sin(angle));
    recording.channels[1].samples.push_back(peak_A * std::sin(angle));
  }
  PlaybackOptions options;
  options.loop = loop;
  options.frequency_nHz = 50'000'000'000;
  return make_playback(recording, {{0, 1}, {1, 1}}, options);
}

/// tan δ = 0.01, which 0.1 A of direct current would double.
TransformerSpec soft_core() {
  TransformerSpec spec;
  spec.lead_rad = std::atan(0.01);
  spec.saturation_A = 0.1;
  return spec;
}

/// The soft core's burden without direct current.
double secondary(Ps t) { return sine(peak_A / std::sqrt(1 + 1e-4), t, std::atan(0.01)); }

void play(Grid& grid, Ps at, bool loop, bool voltage, bool current) {
  models::grid::RecordingSpec spec;
  spec.playback = sines(loop);
  if (voltage) spec.voltage[0] = 0;
  if (current) spec.current[0] = 1;
  grid.schedule_recording(at, spec);
}

}  // namespace

TEST_CASE("a part of a cycle is no direct current: a step of the temperature leaves the lead") {
  Grid grid;
  Ambient air;
  play(grid, 0, true, false, true);
  air.schedule(104 * ps_per_ms, 300);
  const Body body(air);
  const CurrentTransformer sensor(grid.current(0), grid.voltage(0), body, soft_core());
  for (Ps t = 90 * ps_per_ms; t < 130 * ps_per_ms; t += 700 * ps_per_us) {
    CAPTURE(t);
    CHECK(value_of(sensor, t) == Approx(secondary(t)).margin(1e-4));
  }
}

TEST_CASE("a part of a cycle is no direct current: where a recording is cut off or ends") {
  Grid grid;
  Ambient air;
  const bool loop = GENERATE(true, false);
  play(grid, 0, loop, false, true);
  // A quarter of a cycle after the last one began; without loop it ends by itself before 300 ms.
  const Ps cut = (loop ? 265 : 285) * ps_per_ms;
  grid.schedule_current(0, cut, {});
  const Body body(air);
  const CurrentTransformer sensor(grid.current(0), grid.voltage(0), body, soft_core());
  for (Ps t = 230 * ps_per_ms; t < cut; t += 700 * ps_per_us) {
    CAPTURE(t);
    CHECK(value_of(sensor, t) == Approx(secondary(t)).margin(1e-4));
  }
  CHECK(value_of(sensor, cut + ps_per_ms) == 0);
}

TEST_CASE("crosstalk crosses between a recording and a script either way") {
  const bool recorded_voltage = GENERATE(true, false);
  Grid grid;
  Ambient air;
  models::grid::VoltageSpec voltage;
  voltage.rms_V = peak_V / std::sqrt(2);
  grid.schedule_voltage(0, 0, voltage);
  models::grid::CurrentSpec current;
  current.rms_A = peak_A / std::sqrt(2);
  grid.schedule_current(0, 0, current);
  play(grid, 0, true, recorded_voltage, !recorded_voltage);
  const Body body(air);
  TransformerSpec spec;
  spec.crosstalk_A_per_V = 1e-3;
  spec.offset_A = 0.25;
  spec.delay_ps = 50'000'000;  // 50 us
  const CurrentTransformer sensor(grid.current(0), grid.voltage(0), body, spec);
  const VoltageDivider divider(grid.voltage(0), body, DividerSpec{});
  for (Ps t = 250 * ps_per_ms; t < 350 * ps_per_ms; t += 1'300 * ps_per_us) {  // over the seam
    CAPTURE(t);
    CHECK(value_of(sensor, t) ==
          Approx(sine(peak_A + 1e-3 * peak_V, t - 50 * ps_per_us) + 0.25).margin(1e-4));
    CHECK(value_of(divider, t) == Approx(sine(peak_V, t)).margin(2e-3));
  }
}

TEST_CASE("a dip that cuts a recorded voltage within a cycle shows in the crosstalk alone") {
  Grid grid;
  Ambient air;
  play(grid, 0, true, true, true);
  grid.schedule_dip(0, 104 * ps_per_ms, 9 * ps_per_ms, 0.4);
  const Body body(air);
  TransformerSpec spec = soft_core();
  spec.crosstalk_A_per_V = 1e-3;
  const CurrentTransformer sensor(grid.current(0), grid.voltage(0), body, spec);
  for (Ps t = 95 * ps_per_ms; t < 125 * ps_per_ms; t += 500 * ps_per_us) {
    CAPTURE(t);
    const bool dipped = t >= 104 * ps_per_ms && t < 113 * ps_per_ms;
    const double crosstalk = 1e-3 * sine(peak_V, t) * (dipped ? 0.4 : 1);
    CHECK(value_of(sensor, t) == Approx(secondary(t) + crosstalk).margin(1e-4));
  }
}
