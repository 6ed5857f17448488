// The grid's waveforms against their formulas.
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "models/grid/grid.h"
#include "waveform.h"

using namespace models::grid;
using models::pins::Piece;
using models::pins::ps_never;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;
using tests::sine;
using tests::turns_at;
using tests::value_of;

namespace {

constexpr double sqrt_2 = 1.41421356237309504880;
constexpr Ps day = 86'400 * ps_per_s;

/// Instants spread over two days, early and late.
std::vector<Ps> some_instants() {
  std::mt19937_64 draw(1);  // fixed by the C++ standard
  std::vector<Ps> instants{0, 1, day, 2 * day - 1};
  for (int k = 0; k < 300; ++k) instants.push_back(draw() % ps_per_s);
  for (int k = 0; k < 300; ++k) instants.push_back(draw() % (2 * day));
  return instants;
}

VoltageSpec voltage(double rms_V, double angle_deg) {
  VoltageSpec spec;
  spec.rms_V = rms_V;
  spec.angle_deg = angle_deg;
  return spec;
}

}  // namespace

TEST_CASE("a voltage is sqrt 2 rms times sin(wt + angle) and its harmonics, at any time") {
  const std::int64_t frequency = GENERATE(50 * nHz_per_Hz, 52'370'000'001);
  Grid grid(frequency);
  VoltageSpec spec = voltage(230, -120);
  spec.harmonics = {{5'000, 0, 10, 0}, {3'000, 0, 4, 30}, {0, 9'123'456'789'000, 2, 45}};
  grid.schedule_voltage(1, 0, spec);
  for (const Ps t : some_instants()) {
    const long double turns = turns_at(frequency, t);
    const double formula =
        230 * sqrt_2 *
        (sine(turns, -120) + 0.10 * sine(5 * turns, -5 * 120.0) +
         0.04 * sine(3 * turns, -3 * 120.0 + 30) + 0.02 * sine(turns_at(9'123'456'789'000, t), 45));
    REQUIRE(value_of(grid.voltage(1), t) == Approx(formula).margin(1e-9));
  }
}

TEST_CASE("an interharmonic of order 2.5 has 2.5 times the fundamental's phase") {
  Grid grid(50 * nHz_per_Hz);
  VoltageSpec spec = voltage(100, 40);
  spec.harmonics = {{2'500, 0, 50, 10}};
  grid.schedule_voltage(0, 0, spec);
  grid.schedule_frequency(100 * ps_per_ms + 1, 60 * nHz_per_Hz);
  for (const Ps t : {Ps{1}, 33 * ps_per_ms, 100 * ps_per_ms}) {
    CHECK(value_of(grid.voltage(0), t) ==
          Approx(100 * sqrt_2 *
                 (sine(turns_at(50 * nHz_per_Hz, t), 40) +
                  0.5 * sine(turns_at(125 * nHz_per_Hz, t), 2.5 * 40 + 10)))
              .margin(1e-9));
  }
  // After the change: 5 turns and 5·10⁻¹¹ of one have passed; then 60 and 150 Hz.
  const Ps later = 116 * ps_per_ms;  // less than a turn on
  const long double turns = 5.00000000005L + turns_at(60 * nHz_per_Hz, later - 100 * ps_per_ms - 1);
  CHECK(value_of(grid.voltage(0), later) ==
        Approx(100 * sqrt_2 * (sine(turns, 40) + 0.5 * sine(2.5L * turns, 2.5 * 40 + 10)))
            .margin(1e-9));
}

TEST_CASE("a current lags its own phase's voltage") {
  Grid grid(50 * nHz_per_Hz);
  grid.schedule_voltage(2, 0, voltage(230, -240));
  CurrentSpec spec;
  spec.rms_A = 5;
  spec.lag_deg = 60;
  spec.harmonics = {{5'000, 0, 40, 0}};
  grid.schedule_current(2, 0, spec);
  for (const Ps t : some_instants()) {
    const long double turns = turns_at(50 * nHz_per_Hz, t);
    REQUIRE(
        value_of(grid.current(2), t) ==
        Approx(5 * sqrt_2 * (sine(turns, -300) + 0.4 * sine(5 * turns, -1500.0))).margin(1e-10));
  }
}

TEST_CASE("power factors give the lag of their quadrant") {
  CHECK(lag_of_power_factor(0.5, Reactance::inductive, Flow::import) == Approx(60));
  CHECK(lag_of_power_factor(0.8, Reactance::capacitive, Flow::import) == Approx(-36.8698976458));
  CHECK(lag_of_power_factor(1, Reactance::inductive, Flow::export_) == Approx(180));
  CHECK(lag_of_power_factor(0.5, Reactance::inductive, Flow::export_) == Approx(240));
  CHECK_THROWS_AS(lag_of_power_factor(1.01, Reactance::inductive, Flow::import),
                  std::invalid_argument);
}

TEST_CASE("switched currents flow in their part of the cycle and nowhere else") {
  const std::int64_t frequency = GENERATE(50 * nHz_per_Hz, 52'370'000'001);
  const double lag = GENERATE(0.0, 33.0);
  Grid grid(frequency);
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.lag_deg = lag;
  spec.switching = HalfWave::positive;
  grid.schedule_current(0, 0, spec);
  spec.switching = HalfWave::negative;
  grid.schedule_current(1, 0, spec);
  grid.schedule_voltage(1, 0, voltage(0, 0));
  spec.switching = PhaseFired{60};
  grid.schedule_current(2, 0, spec);
  grid.schedule_voltage(2, 0, voltage(0, 0));
  for (const Ps t : some_instants()) {
    long double turns = turns_at(frequency, t) - static_cast<long double>(lag) / 360;
    turns -= std::floor(turns);
    const double whole = 10 * sqrt_2 * sine(turns);
    const bool fired = std::fmod(turns, 0.5L) >= 1.0L / 6;
    REQUIRE(value_of(grid.current(0), t) == Approx(turns < 0.5L ? whole : 0).margin(1e-9));
    REQUIRE(value_of(grid.current(1), t) == Approx(turns >= 0.5L ? whole : 0).margin(1e-9));
    REQUIRE(value_of(grid.current(2), t) == Approx(fired ? whole : 0).margin(1e-9));
  }
}

TEST_CASE("a burst-fired current flows for whole cycles") {
  Grid grid(50 * nHz_per_Hz);
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.switching = BurstFired{2, 3};
  grid.schedule_current(0, 0, spec);
  for (const Ps t : some_instants()) {
    const bool on = t % (100 * ps_per_ms) < 40 * ps_per_ms;
    const double whole = 10 * sqrt_2 * sine(turns_at(50 * nHz_per_Hz, t));
    REQUIRE(value_of(grid.current(0), t) == Approx(on ? whole : 0).margin(1e-9));
  }
}

TEST_CASE("a burst goes on with its cycle through a change of frequency") {
  Grid grid(50 * nHz_per_Hz);
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.switching = BurstFired{2, 3};
  grid.schedule_current(0, 0, spec);
  grid.schedule_frequency(30 * ps_per_ms, 25 * nHz_per_Hz);  // 1.5 cycles in; the rest takes 20 ms
  Piece piece{};
  grid.current(0).piece_at(40 * ps_per_ms, piece);
  CHECK_FALSE(piece.tones.empty());
  CHECK(piece.end == 50 * ps_per_ms);
  grid.current(0).piece_at(60 * ps_per_ms, piece);
  CHECK(piece.tones.empty());
  CHECK(piece.end == 170 * ps_per_ms);
}

TEST_CASE("rms after switching is what a switched current has left") {
  const auto [switching, ratio] = GENERATE(
      table<Switching, double>({{HalfWave::positive, std::sqrt(0.5)},
                                {PhaseFired{90}, std::sqrt(0.5)},
                                // ½·(1 − α/π + sin 2α/2π)·2 at α = 60°: 1 − 1/3 + √3/4π
                                {PhaseFired{60}, std::sqrt(2.0 / 3 + std::sqrt(3.0) / (4 * M_PI))},
                                {BurstFired{2, 2}, std::sqrt(0.5)}}));
  Grid grid(50 * nHz_per_Hz);
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.switching = switching;
  spec.meaning = RmsMeaning::after_switching;
  grid.schedule_current(0, 0, spec);
  Stretch stretch{};
  grid.current(0).stretch_at(0, stretch);
  CHECK(stretch.tones.at(0).amplitude == Approx(10 * sqrt_2 / ratio));
}

TEST_CASE("a switch's edges stand at the nearest picosecond of their exact instants") {
  const std::int64_t frequency = 52'370'000'001;
  Grid grid(frequency);
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.switching = HalfWave::positive;
  grid.schedule_current(0, 0, spec);
  Piece piece{};
  // Half-cycle k begins at k·10²¹/2f ps.
  for (const std::int64_t k : {1, 2, 3, 104, 4'524'769, 9'049'537}) {
    const tests::Int128 twice_f = 2 * tests::Int128{frequency};
    const Ps begins = static_cast<Ps>((k * one_turn + frequency) / twice_f);
    grid.current(0).piece_at(begins, piece);
    CHECK(piece.start == begins);
    CHECK(piece.tones.empty() == (k % 2 == 1));
    CHECK(piece.end == static_cast<Ps>(((k + 1) * one_turn + frequency) / twice_f));
    grid.current(0).piece_at(begins - 1, piece);
    CHECK(piece.end == begins);
    CHECK(piece.tones.empty() == (k % 2 == 0));
  }
}

TEST_CASE("pieces of every kind of waveform tile time without gaps") {
  Grid grid(50 * nHz_per_Hz);
  CurrentSpec spec;
  spec.rms_A = 10;
  spec.lag_deg = 12.3;
  spec.switching = PhaseFired{77.7};
  grid.schedule_current(0, 0, spec);
  grid.schedule_current(0, 333 * ps_per_ms + 5, spec);
  grid.schedule_frequency_ramp(50 * ps_per_ms + 1, 422 * ps_per_ms + 7, 57 * nHz_per_Hz);
  grid.schedule_current_ramp(0, 400 * ps_per_ms, 455 * ps_per_ms, 3);
  Piece piece{};
  Piece again{};
  std::vector<Ps> starts;
  Ps at = 0;
  while (at < ps_per_s) {
    grid.current(0).piece_at(at, piece);
    REQUIRE(piece.start == at);
    REQUIRE(piece.end > at);
    for (const Ps t : {at + (piece.end - at) / 2, piece.end - 1}) {
      grid.current(0).piece_at(t, again);
      REQUIRE(again.start == piece.start);
      REQUIRE(again.end == piece.end);
      REQUIRE(again.tones.size() == piece.tones.size());
    }
    starts.push_back(at);
    at = piece.end;
  }
  CHECK(starts.size() > 200);
  for (auto start = starts.rbegin(); start != starts.rend(); ++start) {  // the past, again
    grid.current(0).piece_at(*start, piece);
    REQUIRE(piece.start == *start);
  }
}

TEST_CASE("frequency changes leave no jump in the phase") {
  Grid grid(50 * nHz_per_Hz);
  grid.schedule_voltage(0, 0, voltage(230, 0));
  grid.schedule_frequency(123'456'789'012, 47 * nHz_per_Hz);
  grid.schedule_frequency_ramp(300 * ps_per_ms, 455 * ps_per_ms, 61 * nHz_per_Hz);
  Piece piece{};
  int borders = 0;
  for (Ps at = 0; at < 500 * ps_per_ms;) {
    grid.voltage(0).piece_at(at, piece);
    at = piece.end;
    if (at == ps_never) break;
    // 1 ps at 61 Hz and 325 V is 1.2e-7 V.
    CHECK(value_of(grid.voltage(0), at) ==
          Approx(value_of(grid.voltage(0), at - 1)).margin(1.3e-7));
    ++borders;
  }
  CHECK(borders == 18);  // the step, the ramp's 15 whole steps and its half one, its end
}

TEST_CASE("a frequency ramp runs up the phase of its mean frequency") {
  const Ps length =
      GENERATE(Ps{1}, 7 * ps_per_ms, 100 * ps_per_ms, 1'234'567'890'123, 1'000 * ps_per_s, day);
  Grid grid(50 * nHz_per_Hz);
  grid.schedule_voltage(0, 0, voltage(100, 0));
  const Ps from = 77'777'777'777;
  grid.schedule_frequency_ramp(from, from + length, 45'123'456'789);
  tests::Int128 phase = 0;
  Piece piece{};
  for (Ps at = from; at < from + length; at = piece.end) {
    grid.voltage(0).piece_at(at, piece);
    REQUIRE(piece.end <= from + length);
    phase += tests::Int128{piece.tones.at(0).frequency_nHz} * (piece.end - at);
  }
  const tests::Int128 twice_mean = 50 * nHz_per_Hz + 45'123'456'789;
  // Frequencies are whole nanohertz: half of one over the ramp's last step may be missing, and
  // half of one over all others.
  const auto error = static_cast<double>(2 * phase - twice_mean * tests::Int128{length});
  const double step = std::max(1e10, static_cast<double>(length) / 1e4 + 1);
  CHECK(std::abs(error) <= 2 * std::min(step, static_cast<double>(length)));
  CHECK(grid.frequency_nHz(from + length) == 45'123'456'789);
}

TEST_CASE("an rms ramp has the mean of its ends") {
  const Ps length = GENERATE(7 * ps_per_ms, 100 * ps_per_ms, 1'234'567'890'123, 1'000 * ps_per_s);
  Grid grid(50 * nHz_per_Hz);
  grid.schedule_voltage(0, 0, voltage(230, 0));
  const Ps from = 77'777'777'777;
  grid.schedule_voltage_ramp(0, from, from + length, 184);
  double sum = 0;
  Stretch stretch{};
  for (Ps at = from; at < from + length; at = stretch.end) {
    grid.voltage(0).stretch_at(at, stretch);
    sum += stretch.tones.at(0).amplitude / sqrt_2 * static_cast<double>(stretch.end - at);
  }
  CHECK(sum / static_cast<double>(length) == Approx(207).epsilon(1e-12));
  CHECK(grid.voltage_spec(0, from + length).rms_V == 184);
}

TEST_CASE("a reversed sequence exchanges L2 and L3, and currents follow") {
  Grid grid(50 * nHz_per_Hz);
  for (int phase = 0; phase < 3; ++phase) {
    grid.schedule_voltage(phase, 0, voltage(230, -120.0 * phase));
    CurrentSpec spec;
    spec.rms_A = 5;
    grid.schedule_current(phase, 0, spec);
  }
  grid.schedule_sequence(ps_per_s, true);
  grid.schedule_sequence(2 * ps_per_s, false);
  const Ps t = 3 * ps_per_ms;
  CHECK(value_of(grid.voltage(1), ps_per_s + t) == Approx(value_of(grid.voltage(2), t)));
  CHECK(value_of(grid.current(2), ps_per_s + t) == Approx(value_of(grid.current(1), t)));
  CHECK(value_of(grid.voltage(0), ps_per_s + t) == Approx(value_of(grid.voltage(0), t)));
  CHECK(value_of(grid.voltage(1), 2 * ps_per_s + t) == Approx(value_of(grid.voltage(1), t)));
}
