// Recordings as lines: resampled, scaled, looped, seen by the ADC and counted by the truth.
#include <catch2/catch.hpp>
#include <cmath>

#include "models/grid/grid.h"
#include "models/grid/tone_sum.h"
#include "models/recordings/prepare.h"
#include "models/recordings/resampler.h"
#include "models/sensors/current_transformer.h"
#include "models/sensors/voltage_divider.h"
#include "models/supply/supply.h"
#include "models/truth/truth.h"
#include "models/wiring/wiring.h"
#include "sampled.h"
#include "waveform.h"

using models::grid::Grid;
using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using models::pins::ps_per_us;
using models::recordings::Channel;
using models::recordings::make_playback;
using models::recordings::Playback;
using models::recordings::PlaybackOptions;
using models::recordings::Recording;
using models::recordings::RecordingError;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr std::int64_t mains_nHz = 50'000'000'000;

/// A channel of `samples` values f(sample's time in s).
template <typename F>
Channel channel(const char* name, std::size_t samples, double rate_Hz, const F& f) {
  Channel out;
  out.name = name;
  for (std::size_t k = 0; k < samples; ++k) {
    out.samples.push_back(f(static_cast<double>(k) / rate_Hz));
  }
  return out;
}

double volts(double t) {
  return 325 * std::sin(2 * pi * 50 * t) + 20 * std::sin(2 * pi * 250 * t + 1);
}
double amperes(double t) {
  return 14 * std::sin(2 * pi * 50 * t - 0.5) + 3 * std::sin(2 * pi * 250 * t - 0.3);
}

/// U and I of volts() and amperes() at 6400 samples a second.
Recording mains(std::size_t samples) {
  Recording out;
  out.file = "a.cfg";
  out.samples = samples;
  out.sections = {{0, 6400}};
  out.channels = {channel("U", samples, 6400, volts), channel("I", samples, 6400, amperes)};
  return out;
}

PlaybackOptions options(bool loop, bool resample) {
  PlaybackOptions out;
  out.loop = loop;
  out.resample = resample;
  out.frequency_nHz = mains_nHz;
  return out;
}

/// Phase 0 plays channel 0 as its voltage and channel 1 as its current.
models::grid::RecordingSpec one_phase(std::shared_ptr<const Playback> playback, Ps skip = 0) {
  models::grid::RecordingSpec spec;
  spec.playback = std::move(playback);
  spec.voltage[0] = 0;
  spec.current[0] = 1;
  spec.skip = skip;
  return spec;
}

/// ∫u·i dt of what the sources say, exact for lines: Simpson between all points of both.
double integrated(const models::pins::AnalogSource& u, const models::pins::AnalogSource& i, Ps from,
                  Ps to, Ps step) {
  double sum = 0;
  for (Ps at = from; at < to; at += step) {
    const Ps end = std::min(to, at + step);
    // The end belongs to the step before it, also where a loop or a cycle ends.
    const auto power = [&](Ps t) { return tests::value_of(u, t) * tests::value_of(i, t); };
    sum += static_cast<double>(end - at) * 1e-12 *
           (power(at) + 4 * power(at + (end - at) / 2) + power(end)) / 6;
  }
  return sum;
}

}  // namespace

TEST_CASE("resampling gives a tone back within 3e-5 up to 0.93 of half the rate") {
  const double share = GENERATE(0.01, 0.3, 0.7, 0.9, 0.93);
  const double shift = GENERATE(0.0, 0.31, -2.7);
  const double turns = share / 2;  // a sample
  std::vector<double> samples;
  samples.reserve(400);
  for (int k = 0; k < 400; ++k) samples.push_back(std::sin(2 * pi * turns * k + 0.4));
  const std::vector<double> fine =
      models::recordings::resampled(samples, models::recordings::Edges::reflect, 8, shift);
  REQUIRE(fine.size() == 399 * 8 + 1);
  double worst = 0;
  for (std::size_t n = 800; n <= 2400; ++n) {  // far from the ends
    const double at = static_cast<double>(n) / 8 - shift;
    worst = std::max(worst, std::abs(fine[n] - std::sin(2 * pi * turns * at + 0.4)));
  }
  CHECK(worst < 3e-5);
}

TEST_CASE("resampling goes through the samples and a repeated cycle has no seam") {
  const Recording recording = mains(128);
  const std::vector<double>& samples = recording.channels[0].samples;
  const std::vector<double> fine =
      models::recordings::resampled(samples, models::recordings::Edges::repeat, 8, 0);
  REQUIRE(fine.size() == 1024);
  double worst = 0;
  for (std::size_t n = 0; n < fine.size(); ++n) {
    if (n % 8 == 0 && fine[n] != samples[n / 8]) FAIL("sample " << n / 8);
    worst = std::max(worst, std::abs(fine[n] - volts(static_cast<double>(n) / 51200)));
  }
  CHECK(worst < 325 * 2e-5);
}

TEST_CASE("a skewed channel is put where it was sampled with and without resampling") {
  Recording recording = mains(1280);
  constexpr double skew_s = 40e-6;
  recording.channels[1] = channel("I", 1280, 6400, [](double t) { return amperes(t + skew_s); });
  recording.channels[1].skew_s = skew_s;
  const bool resample = GENERATE(true, false);
  const auto playback = make_playback(recording, {{0, 1}, {1, 1}}, options(true, resample));
  // A chord of a cycle's 128th is off by up to 14 A·(2π/128)²/8, that of 5·50 Hz 25 times as much
  // of 3 A.
  const double allowed = resample ? 14e-4 : (14 + 25 * 3) * std::pow(2 * pi / 128, 2) / 8;
  for (Ps t = 0; t < 300 * ps_per_ms; t += 777 * ps_per_us) {
    const double s = static_cast<double>(t) * 1e-12;
    if (std::abs(playback->value(1, t) - amperes(s)) > allowed) FAIL("at " << s);
    if (std::abs(playback->value(0, t) - volts(s)) > (resample ? 1e-1 : 1.0)) FAIL("at " << s);
  }
}

TEST_CASE("timestamps that are even but for their rounding are resampled and uneven ones are not") {
  Recording recording = mains(128);
  recording.sections.clear();
  for (Ps k = 0; k < 128; ++k) recording.at.push_back((k * 15625 + 50) / 100 * ps_per_us);
  CHECK(make_playback(recording, {{0, 1}}, options(false, true))->points() == 127 * 9 + 1);
  recording.at[40] += 30 * ps_per_us;
  CHECK(make_playback(recording, {{0, 1}}, options(false, true))->points() == 128);
}

TEST_CASE("up to three missing values in a row are bridged and more are refused") {
  Recording recording = mains(128);
  std::vector<double>& samples = recording.channels[0].samples;
  const double before = samples[9];
  const double after = samples[13];
  for (std::size_t k = 10; k < 13; ++k) samples[k] = std::nan("");
  const auto playback = make_playback(recording, {{0, 2}}, options(true, false));
  CHECK(playback->value(0, recording.instants()[11]) == Approx(before + after));
  samples[13] = std::nan("");
  CHECK_THROWS_WITH(make_playback(recording, {{0, 1}}, options(true, false)),
                    "a.cfg: found 4 missing values of \"U\" from sample 11 on, expected at most 3 "
                    "between two that are there");
  CHECK_NOTHROW(make_playback(recording, {{1, 1}}, options(true, false)));  // nobody asked for U
  samples[10] = samples[11] = samples[12] = samples[13] = 0;
  samples[127] = std::nan("");
  CHECK_THROWS_AS(make_playback(recording, {{0, 1}}, options(true, false)), RecordingError);
}

TEST_CASE("the mean that is removed is that of the line") {
  Recording recording = mains(128);
  for (double& value : recording.channels[0].samples) value += 7;
  PlaybackOptions how = options(true, true);
  how.remove_mean = true;
  const auto playback = make_playback(recording, {{0, 1}}, how);
  CHECK(playback->moment(0, 0, 0, playback->length()).real() == Approx(0).margin(1e-12));
}

TEST_CASE("a line is sampled as the modulator would walk it whatever its points and the clock") {
  const bool resample = GENERATE(true, false);
  const std::int64_t delay_ps = GENERATE(0, 3'333'333, -3'333'333);
  Grid grid;
  grid.schedule_recording(
      0, one_phase(make_playback(mains(300), {{0, 1}, {1, 1}}, options(true, resample)),
                   7 * ps_per_ms));
  models::sensors::DividerSpec errors;
  errors.ratio_error = 0.01;
  errors.delay_ps = delay_ps;
  const models::thermal::Ambient air;
  const models::thermal::Body body(air);
  const models::sensors::VoltageDivider sensor(grid.voltage(0), body, errors);
  tests::RationalClock clock;
  clock.set_error(1'500'000, 700'000);
  tests::Conversion how;
  how.count = 400;  // about 100 ms: two seams of 46.9 ms, five cycles and a change of the clock
  CHECK(tests::error_of(sensor, clock, how) <= 1);
  how.start = 2000;  // the first windows reach back before kernel time 0
  how.count = 16;
  CHECK(tests::error_of(sensor, clock, how) <= 1);
}

TEST_CASE("a recording passes a transformer as a whole by its fundamental's lead and gain") {
  Grid grid;
  grid.schedule_recording(
      0, one_phase(make_playback(mains(256), {{0, 1}, {1, 1}}, options(true, true))));
  const models::thermal::Ambient air;
  const models::thermal::Body body(air);
  models::sensors::TransformerSpec errors;
  errors.lead_rad = 0.006;
  errors.ratio_error = 0.01;
  errors.crosstalk_A_per_V = 1e-3;
  const models::sensors::CurrentTransformer sensor(grid.current(0), grid.voltage(0), body, errors);
  constexpr Ps lead_ps = 19'098'593;  // 0.006 / (2π · 50 Hz)
  for (const Ps t : {3 * ps_per_ms, 11 * ps_per_ms, 33 * ps_per_ms}) {
    const double passed = 1.01 * std::cos(0.006) * tests::value_of(grid.current(0), t + lead_ps);
    const double coupled = 1e-3 * tests::value_of(grid.voltage(0), t);
    CHECK(tests::value_of(sensor, t) == Approx(passed + coupled).epsilon(1e-6).margin(1e-9));
  }
}

TEST_CASE("a recording that ends in the middle of a window is nothing from there on") {
  Grid grid;
  grid.schedule_recording(
      0, one_phase(make_playback(mains(200), {{0, 1}, {1, 1}}, options(false, true))));
  tests::RationalClock clock;
  tests::Conversion how;
  how.count = 200;  // to about 53 ms, and the last sample lies at 31.1 ms
  CHECK(tests::error_of(grid.voltage(0), clock, how) <= 1);
  CHECK(tests::value_of(grid.voltage(0), 40 * ps_per_ms) == 0);
}

TEST_CASE("two recorded lines of a sum share their points") {
  Grid grid;
  models::grid::RecordingSpec spec;
  spec.playback = make_playback(mains(256), {{0, 1}, {1, 10}}, options(true, true));
  spec.voltage = {0, 1, std::nullopt};
  grid.schedule_recording(0, spec);
  const models::wiring::Combination sum({{&grid.voltage(0), 1}, {&grid.voltage(1), -1}});
  for (Ps t = 0; t < 50 * ps_per_ms; t += 333 * ps_per_us) {
    const double wanted = spec.playback->value(0, t) - spec.playback->value(1, t);
    if (std::abs(tests::value_of(sum, t) - wanted) > 1e-9) FAIL("at " << t);
  }
}

TEST_CASE("the sum of two lines has the points of both") {
  using models::pins::Point;
  std::vector<Point> sum = {{0, 0}, {10, 10}, {20, 0}};
  models::grid::add_line({{0, 0}, {5, 1}, {10, 2}, {15, 3}, {20, 4}}, 10, 0, 20, sum);
  const std::vector<Point> wanted = {{0, 0}, {5, 15}, {10, 30}, {15, 35}, {20, 40}};
  REQUIRE(sum.size() == wanted.size());
  for (std::size_t k = 0; k < sum.size(); ++k) {
    CHECK(sum[k].at == wanted[k].at);
    CHECK(sum[k].value == Approx(wanted[k].value));
  }
}

TEST_CASE("the energy of a recording is the integral of its lines between any instants") {
  Grid grid;
  const bool resample = GENERATE(true, false);
  grid.schedule_recording(
      0, one_phase(make_playback(mains(300), {{0, 1}, {1, 1}}, options(true, resample)),
                   11 * ps_per_ms));
  const models::truth::EnergyTruth truth(
      std::vector<models::truth::Element>{{&grid.voltage(0), &grid.current(0)}});
  const Ps from = 3 * ps_per_ms + 123;
  const Ps to = 152 * ps_per_ms + 77'777;  // over three seams
  // Simpson's rule is exact for cubics; steps of 1 µs miss the corners by (2π·50 Hz·1 µs)²/12,
  // less than 1e-8.
  const models::truth::Energy energy = truth.active(from, to);
  CHECK(energy.forward - energy.reverse ==
        Approx(integrated(grid.voltage(0), grid.current(0), from, to, 1'000'003)).epsilon(2e-7));
}

TEST_CASE("a resampled recording has the power of the waveform that was recorded") {
  Grid grid;
  grid.schedule_recording(
      0, one_phase(make_playback(mains(1280), {{0, 1}, {1, 1}}, options(true, true))));
  const models::truth::Element element{&grid.voltage(0), &grid.current(0)};
  const models::truth::Quantities q = models::truth::quantities_at(element, 5 * ps_per_ms);
  // ½·325·14·cos 0.5 + ½·20·3·cos 1.3, the harmonic's part less 2·(π·250/51200)²/3 by straight
  // lines, which is 0.02 % of 8 W.
  CHECK(q.p_W == Approx(325 * 14 * std::cos(0.5) / 2 + 20 * 3 * std::cos(1.3) / 2).epsilon(2e-5));
  CHECK(q.q_var == Approx(325 * 14 * std::sin(0.5) / 2).epsilon(2e-5));
  CHECK(q.u_rms_V == Approx(std::sqrt((325 * 325 + 20 * 20) / 2.0)).epsilon(2e-5));
  CHECK(q.frequency_Hz == 50);
  // A day of it is 86400 s of that.
  const models::truth::EnergyTruth truth(std::vector<models::truth::Element>{element});
  CHECK(truth.active(0, 600 * ps_per_s).forward == Approx(q.p_W * 600).epsilon(1e-9));
  CHECK(truth.active(0, 600 * ps_per_s).reverse == 0);
  CHECK(truth.reactive(0, 600 * ps_per_s).forward == Approx(q.q_var * 600).epsilon(1e-9));
}

TEST_CASE(
    "a recorded current meets a synthetic voltage in closed form and a turned one is reverse") {
  Grid grid;
  models::grid::VoltageSpec u;
  u.rms_V = 230;
  grid.schedule_voltage(0, 0, u);
  models::grid::RecordingSpec spec;
  spec.playback = make_playback(mains(1280), {{1, -1}}, options(true, true));
  spec.current[0] = 0;
  grid.schedule_recording(0, spec);
  const models::truth::EnergyTruth truth(
      std::vector<models::truth::Element>{{&grid.voltage(0), &grid.current(0)}});
  // −½·√2·230·14·cos 0.5 for whole cycles; a fundamental loses 6e-6 to straight lines.
  CHECK(truth.active(0, 10 * ps_per_s).reverse ==
        Approx(10 * 230 * std::sqrt(2.0) * 14 * std::cos(0.5) / 2).epsilon(1e-5));
  CHECK(truth.active(0, 10 * ps_per_s).forward == 0);
  const Ps to = 33 * ps_per_ms;
  CHECK(-truth.active(0, to).reverse ==
        Approx(integrated(grid.voltage(0), grid.current(0), 0, to, 1'000'003)).epsilon(1e-6));
}

TEST_CASE("what is scheduled later ends a recording and a dip lowers it") {
  Grid grid;
  grid.schedule_recording(
      0, one_phase(make_playback(mains(1280), {{0, 1}, {1, 1}}, options(true, true))));
  grid.schedule_dip(0, 100 * ps_per_ms, 20 * ps_per_ms, 0.4);
  models::grid::VoltageSpec u;
  u.rms_V = 230;
  grid.schedule_voltage(0, 200 * ps_per_ms, u);
  CHECK(tests::value_of(grid.voltage(0), 95 * ps_per_ms) == Approx(volts(0.095)).margin(0.1));
  CHECK(tests::value_of(grid.voltage(0), 105 * ps_per_ms) ==
        Approx(0.4 * volts(0.105)).margin(0.1));
  CHECK(tests::value_of(grid.voltage(0), 205 * ps_per_ms) == Approx(230 * std::sqrt(2.0)));
  CHECK(tests::value_of(grid.current(0), 205 * ps_per_ms) == Approx(amperes(0.205)).margin(0.01));
  CHECK_THROWS(grid.schedule_current_ramp(0, 300 * ps_per_ms, 400 * ps_per_ms, 5));
}

TEST_CASE("a supply takes the root of the mean square of a cycle from a recording") {
  Grid grid;
  grid.schedule_recording(
      0, one_phase(make_playback(mains(1280), {{0, 1}, {1, 1}}, options(true, true))));
  models::grid::Stretch stretch{};
  grid.voltage(0).planned_at(30 * ps_per_ms, stretch);
  CHECK(stretch.start == 20 * ps_per_ms);
  CHECK(stretch.end == 40 * ps_per_ms);
  CHECK(models::supply::rms_of(stretch) ==
        Approx(std::sqrt((325 * 325 + 20 * 20) / 2.0)).epsilon(2e-5));
}
