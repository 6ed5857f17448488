// What the windows say of steady loads against the waveforms' own definition. Limits: U, I, P 0.01
// %, Q 0.05 % of itself or 0.02 % of S where it is small, f 0.0005 Hz, over whole cycles after 1 s.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdio>

#include "tests/metrology/signal_synthesis.h"

using namespace tests;

namespace {

struct Load {
  double full_scale_A;
  double rms_A;
};

// Imin, Itr, Iref, Imax of the transformer and of the direct version.
constexpr Load loads[] = {{transformer_full_scale_A, 0.015}, {transformer_full_scale_A, 0.075},
                          {transformer_full_scale_A, 1.5},   {transformer_full_scale_A, 6.0},
                          {direct_full_scale_A, 0.25},       {direct_full_scale_A, 0.5},
                          {direct_full_scale_A, 5.0},        {direct_full_scale_A, 100.0}};
// With harmonics half of Imax, as EN 50470-3 tests it: the peaks of more would be clipped.
constexpr Load distorted_loads[] = {
    {transformer_full_scale_A, 0.015}, {transformer_full_scale_A, 0.075},
    {transformer_full_scale_A, 1.5},   {transformer_full_scale_A, 3.0},
    {direct_full_scale_A, 0.25},       {direct_full_scale_A, 0.5},
    {direct_full_scale_A, 5.0},        {direct_full_scale_A, 50.0}};

// Angle by which the current lags: power factors 1, 0.5 ind, 0.8 cap, 0.25 ind, and the same
// exporting.
const double lags_rad[] = {0.0, std::acos(0.5),      -std::acos(0.8),     std::acos(0.25),
                           pi,  pi + std::acos(0.5), pi - std::acos(0.8), pi + std::acos(0.25)};

constexpr double frequencies_hz[] = {45.0, 50.0, 51.2, 52.37, 60.0};
constexpr double voltages_V[] = {184.0, 230.0, 276.0};

struct Worst {
  double u = 0, i = 0, p = 0, q_own = 0, q_of_s = 0, f_hz = 0;

  void print(const char* title) const {
    std::printf("%-34s U %.5f %%  I %.5f %%  P %.5f %%  Q %.5f %%  (Q %.5f %% of S)  f %.1e Hz\n",
                title, 100 * u, 100 * i, 100 * p, 100 * q_own, 100 * q_of_s, f_hz);
  }

  void check() const {
    CHECK(u <= 1e-4);
    CHECK(i <= 1e-4);
    CHECK(p <= 1e-4);
    CHECK(q_own <= 5e-4);
    CHECK(q_of_s <= 2e-4);
    CHECK(f_hz <= 5e-4);
  }
};

void take(double& worst, double error) {
  REQUIRE(std::isfinite(error));  // std::max would drop what is not a number
  worst = std::max(worst, std::abs(error));
}

double rms_of(const Channel& channel) {
  double square = 0;
  for (const Tone& tone : channel.tones) square += tone.rms * tone.rms;
  return std::sqrt(square);
}

// Active power: every voltage tone with the current tone of the same frequency.
double power_of(const Channel& voltage, const Channel& current) {
  double sum = 0;
  for (const Tone& u : voltage.tones) {
    for (const Tone& i : current.tones) {
      if (u.frequency_hz == i.frequency_hz) {
        sum += u.rms * i.rms * std::cos(u.phase_rad - i.phase_rad);
      }
    }
  }
  return sum;
}

// The fundamentals stand first.
double fundamental_reactive_of(const Channel& voltage, const Channel& current) {
  const Tone& u = voltage.tones.front();
  const Tone& i = current.tones.front();
  return u.rms * i.rms * std::sin(u.phase_rad - i.phase_rad);
}

void compare(Worst& worst, const SixChannels& channels, double seconds = 3.2) {
  const double full_scale = channels[3].full_scale;
  const Measured seen = measure(run_path(seconds, channels), 1.0, full_scale);
  take(worst.f_hz, seen.frequency_hz() - channels[0].tones[0].frequency_hz);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const Channel& voltage = channels[phase];
    const Channel& current = channels[3 + phase];
    const double s = voltage.tones[0].rms * current.tones[0].rms;
    const double p = power_of(voltage, current);
    const double q = fundamental_reactive_of(voltage, current);
    take(worst.u, seen.u_V[phase] / rms_of(voltage) - 1);
    take(worst.i, seen.i_A[phase] / rms_of(current) - 1);
    take(worst.p, seen.p_W[phase] / p - 1);
    if (std::abs(q) >= 0.249 * s) {
      take(worst.q_own, seen.q_var[phase] / q - 1);
    } else {
      take(worst.q_of_s, (seen.q_var[phase] - q) / s);
    }
  }
}

// Every frequency, voltage, load and angle; the three phases of a run take three angles. `add` puts
// more onto a phase's voltage and current.
template <std::size_t load_count, typename Add>
void run_matrix(Worst& worst, const Load (&matrix_loads)[load_count], Add add) {
  for (const double frequency : frequencies_hz) {
    for (const double voltage : voltages_V) {
      for (const Load& load : matrix_loads) {
        for (std::size_t first = 0; first < std::size(lags_rad); first += 3) {
          SixChannels channels = three_phase_voltages(voltage, frequency, load.full_scale_A);
          for (std::size_t phase = 0; phase < 3; ++phase) {
            const double lag = lags_rad[(first + phase) % std::size(lags_rad)];
            const double angle = channels[phase].tones[0].phase_rad;
            channels[3 + phase].tones = {{frequency, load.rms_A, angle - lag}};
            add(channels[phase], channels[3 + phase]);
          }
          compare(worst, channels);
        }
      }
    }
  }
}

// Adds the n-th harmonic, in shares of the fundamentals; `u_rad` against n times the voltage's
// angle, `lag_rad` of the current against the harmonic's voltage.
void add_harmonic(Channel& voltage, Channel& current, int n, double u_share, double i_share,
                  double u_rad, double lag_rad) {
  const Tone u = voltage.tones[0];
  const Tone i = current.tones[0];
  const double angle = n * u.phase_rad + u_rad;
  voltage.tones.push_back({n * u.frequency_hz, u_share * u.rms, angle});
  current.tones.push_back({n * u.frequency_hz, i_share * i.rms, angle - lag_rad});
}

}  // namespace

TEST_CASE("signal path: sine loads over the whole matrix stay within 0.01 %", "[signal]") {
  Worst worst;
  run_matrix(worst, loads, [](Channel&, Channel&) {});
  worst.print("sine");
  worst.check();
}

TEST_CASE("signal path: the fifth-harmonic recipe, 10 % of U and 40 % of I in phase", "[signal]") {
  Worst worst;
  run_matrix(worst, distorted_loads,
             [](Channel& u, Channel& i) { add_harmonic(u, i, 5, 0.1, 0.4, 0, 0); });
  worst.print("5th, 10/40 % in phase");
  worst.check();
}

TEST_CASE("signal path: third, fifth and seventh harmonic out of phase", "[signal]") {
  Worst worst;
  run_matrix(worst, distorted_loads, [](Channel& u, Channel& i) {
    add_harmonic(u, i, 3, 0.05, 0.30, 0.7, 1.1);
    add_harmonic(u, i, 5, 0.06, 0.20, 2.0, -0.8);
    add_harmonic(u, i, 7, 0.05, 0.14, -1.3, 2.4);
  });
  worst.print("3/5/7 out of phase");
  worst.check();
}

TEST_CASE("signal path: a fifth harmonic's own reactive power does not move Q", "[signal]") {
  // 10 % · 40 % in quadrature is 4 % of S; with and without, to 0.05 % of Q.
  for (const double frequency : frequencies_hz) {
    SixChannels plain = three_phase_voltages(230, frequency, direct_full_scale_A);
    for (std::size_t phase = 0; phase < 3; ++phase) {
      const double lag = std::asin(0.25) + 0.6 * static_cast<double>(phase);
      plain[3 + phase].tones = {{frequency, 5.0, plain[phase].tones[0].phase_rad - lag}};
    }
    SixChannels distorted = plain;
    for (std::size_t phase = 0; phase < 3; ++phase) {
      add_harmonic(distorted[phase], distorted[3 + phase], 5, 0.1, 0.4, 0, pi / 2);
    }
    const Measured before = measure(run_path(3.2, plain), 1.0, direct_full_scale_A);
    const Measured after = measure(run_path(3.2, distorted), 1.0, direct_full_scale_A);
    for (int phase = 0; phase < 3; ++phase) {
      CHECK(after.q_var[phase] == Approx(before.q_var[phase]).epsilon(5e-4));
    }
  }
}

TEST_CASE("signal path: offsets of the channels move nothing", "[signal]") {
  Worst worst;
  run_matrix(worst, loads, [](Channel& u, Channel& i) {
    u.offset_codes = 20000;
    i.offset_codes = -3000;
  });
  worst.print("offsets 20 000 and -3 000 LSB");
  worst.check();
}

TEST_CASE("signal path: a single live phase is metered as well as three", "[signal]") {
  Worst worst;
  for (std::size_t live = 0; live < 3; ++live) {
    for (const double frequency : frequencies_hz) {
      for (const Load& load : loads) {
        for (const double lag : lags_rad) {
          SixChannels channels = three_phase_voltages(230, frequency, load.full_scale_A);
          channels[3 + live].tones = {
              {frequency, load.rms_A, channels[live].tones[0].phase_rad - lag}};
          for (std::size_t phase = 0; phase < 3; ++phase) {
            if (phase != live) channels[phase].tones.clear();
          }
          const Measured seen = measure(run_path(3.2, channels), 1.0, load.full_scale_A);
          const double s = 230 * load.rms_A;
          take(worst.p, seen.p_W[live] / (s * std::cos(lag)) - 1);
          take(worst.q_of_s, (seen.q_var[live] - s * std::sin(lag)) / s);
          take(worst.f_hz, seen.frequency_hz() - frequency);
          take(worst.u, seen.u_V[live] / 230 - 1);
          take(worst.i, seen.i_A[live] / load.rms_A - 1);
          for (std::size_t phase = 0; phase < 3; ++phase) {
            if (phase != live) REQUIRE(seen.p_W[phase] == 0);
          }
        }
      }
    }
  }
  worst.print("single phases, sine");
  worst.check();
}

TEST_CASE("signal path: a current's phase error is taken out by the fine delay", "[signal]") {
  // A current channel 1 µs late is 4.096e-3 of a sample; delaying it by -268/65536 sets it right to
  // half a step of 1/65536 sample, 1.2e-6 rad at 50 Hz.
  for (const double frequency : frequencies_hz) {
    SixChannels channels = three_phase_voltages(230, frequency, direct_full_scale_A);
    const double late_s = 268.0 / 65536 / sample_rate_hz;
    for (std::size_t phase = 0; phase < 3; ++phase) {
      const double lag = phase == 0 ? 0.0 : phase == 1 ? std::acos(0.25) : -std::acos(0.25);
      channels[3 + phase].tones = {
          {frequency, 5.0, channels[phase].tones[0].phase_rad - lag - 2 * pi * frequency * late_s}};
    }
    const Measured seen =
        measure(run_path(3.2, channels, {{-268, -268, -268}}), 1.0, direct_full_scale_A);
    const double uncorrected =
        measure(run_path(3.2, channels), 1.0, direct_full_scale_A).p_W[1] / (230 * 5 * 0.25) - 1;
    CHECK(std::abs(uncorrected) > 1e-3);
    CHECK(seen.p_W[0] == Approx(230 * 5.0).epsilon(1e-5));
    CHECK(seen.p_W[1] == Approx(230 * 5 * 0.25).epsilon(2e-5));
    CHECK(seen.p_W[2] == Approx(230 * 5 * 0.25).epsilon(2e-5));
    CHECK(seen.i_A[0] == Approx(5.0).epsilon(1e-5));
  }
}

TEST_CASE("signal path: half-wave and phase-fired currents", "[signal]") {
  struct Gate {
    const char* name;
    bool half_wave;
    double power_share;  // of the ungated load
    double ac_square;    // a.c. mean square per peak squared
    double i_limit;
  };
  // Half wave: mean 1/π, square 1/4. Fired at 90° in both half-waves: no mean, square 1/4.
  const Gate gates[] = {{"half-wave", true, 0.5, 0.25 - 1 / (pi * pi), 1e-4},
                        {"phase-fired at 90°", false, 0.5, 0.25, 1e-2}};
  for (const Gate& gate : gates) {
    for (const double frequency : {45.0, 50.0, 51.2, 60.0}) {
      const double u_peak = 230 * std::sqrt(2.0) / voltage_full_scale_V * codes_per_full_scale;
      const double i_peak = 20 * std::sqrt(2.0) / direct_full_scale_A * codes_per_full_scale;
      Waveforms waveforms;
      waveforms.fill([](double) { return 0.0; });
      // Half a clock early, so that where the gate falls onto the modulator's clock (51.2 Hz) each
      // clock stands for the interval around it.
      const auto angle_turns = [=](double t) {
        const double turns = frequency * (t + 0.5 / modulator_hz);
        return turns - std::floor(turns);
      };
      waveforms[0] = [=](double t) { return u_peak * std::sin(2 * pi * angle_turns(t)); };
      waveforms[3] = [=](double t) {
        const double turns = angle_turns(t);
        const bool on = gate.half_wave ? turns < 0.5 : std::fmod(turns, 0.5) >= 0.25;
        return on ? i_peak * std::sin(2 * pi * turns) : 0.0;
      };
      const Measured seen =
          measure(run_path(2.2, [&](std::int64_t set) { return walk(waveforms, set); }), 1.0,
                  direct_full_scale_A);
      const double p = gate.power_share * 230 * 20;
      const double i = 20 * std::sqrt(2.0) * std::sqrt(gate.ac_square);
      std::printf("%s at %.1f Hz: P %.5f %%, I %.4f %%\n", gate.name, frequency,
                  100 * (seen.p_W[0] / p - 1), 100 * (seen.i_A[0] / i - 1));
      CHECK(seen.p_W[0] == Approx(p).epsilon(1e-4));
      CHECK(seen.i_A[0] == Approx(i).epsilon(gate.i_limit));
    }
  }
}
