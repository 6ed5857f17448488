#include "tests/metrology/signal_synthesis.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <complex>

using metrology::hal::block_samples;
using metrology::hal::block_words;
using metrology::signal::Window;

namespace tests {
namespace {

constexpr int decimation = 256;
constexpr int filter_taps = 3 * (decimation - 1) + 1;
constexpr double windows_unit = 256.0;  // 1/256 LSB²

std::int32_t to_code(double codes) {
  const double rounded = std::floor(codes + 0.5);
  if (rounded > codes_per_full_scale - 1) return metrology::hal::adc_code_max;
  if (rounded < -codes_per_full_scale) return metrology::hal::adc_code_min;
  return static_cast<std::int32_t>(rounded);
}

// Three moving sums of 256 after each other, by convolution of integers.
std::vector<double> impulse_response() {
  std::vector<double> taps{1.0};
  for (int pass = 0; pass < 3; ++pass) {
    std::vector<double> longer(taps.size() + decimation - 1, 0.0);
    for (std::size_t k = 0; k < taps.size(); ++k) {
      for (std::size_t j = 0; j < decimation; ++j) longer[k + j] += taps[k] / decimation;
    }
    taps = longer;
  }
  return taps;
}

void add_tone(std::array<double, block_samples>& sum, const Tone& tone, double full_scale,
              std::int64_t first_set) {
  const double cycles_per_sample = tone.frequency_hz / sample_rate_hz;
  // Whole cycles are dropped before they cost digits.
  const double turns = std::fmod(static_cast<double>(first_set) * cycles_per_sample, 1.0) -
                       tone.frequency_hz * sinc3_delay_s;
  const double amplitude =
      tone.rms * std::sqrt(2.0) * sinc3_gain(tone.frequency_hz) / full_scale * codes_per_full_scale;
  std::complex<double> phasor = std::polar(amplitude, 2 * pi * turns + tone.phase_rad);
  const std::complex<double> turn = std::polar(1.0, 2 * pi * cycles_per_sample);
  for (double& sample : sum) {
    sample += phasor.imag();
    phasor *= turn;
  }
}

}  // namespace

double sinc3_gain(double frequency_hz) {
  if (frequency_hz == 0) return 1;
  const double x = pi * frequency_hz / modulator_hz;
  return std::pow(std::sin(decimation * x) / (decimation * std::sin(x)), 3);
}

SixChannels three_phase_voltages(double rms_V, double frequency_hz, double current_full_scale_A) {
  SixChannels channels;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    channels[phase].tones = {{frequency_hz, rms_V, 0.3 - 2 * pi / 3 * static_cast<double>(phase)}};
    channels[3 + phase].full_scale = current_full_scale_A;
  }
  return channels;
}

Block synthesise(const SixChannels& channels, std::int64_t first_set) {
  Block block(block_words, 0);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    std::array<double, block_samples> sum;
    sum.fill(channels[c].offset_codes);
    for (const Tone& tone : channels[c].tones) {
      add_tone(sum, tone, channels[c].full_scale, first_set);
    }
    for (std::size_t n = 0; n < block_samples; ++n) block[c * block_samples + n] = to_code(sum[n]);
  }
  return block;
}

Block walk(const Waveforms& waveforms, std::int64_t first_set) {
  static const std::vector<double> taps = impulse_response();
  REQUIRE(taps.size() == filter_taps);
  Block block(block_words, 0);
  constexpr std::size_t clocks = (block_samples - 1) * decimation + filter_taps;
  std::vector<double> stream(clocks);
  // The last clock of set n's filter is at n · 256.
  const std::int64_t first_clock = first_set * decimation - (filter_taps - 1);
  for (std::size_t c = 0; c < waveforms.size(); ++c) {
    for (std::size_t k = 0; k < clocks; ++k) {
      stream[k] = waveforms[c](static_cast<double>(first_clock + static_cast<std::int64_t>(k)) /
                               modulator_hz);
    }
    for (std::size_t n = 0; n < block_samples; ++n) {
      double sum = 0;
      for (std::size_t k = 0; k < filter_taps; ++k) sum += taps[k] * stream[n * decimation + k];
      block[c * block_samples + n] = to_code(sum);
    }
  }
  return block;
}

std::vector<Window> run_path(double seconds, const std::function<Block(std::int64_t)>& block_at,
                             const metrology::signal::SignalSetup& setup) {
  metrology::signal::SignalState state;
  metrology::signal::reset(state);
  std::vector<Window> windows;
  const auto sets = static_cast<std::int64_t>(seconds * sample_rate_hz);
  for (std::int64_t set = 0; set < sets; set += block_samples) {
    Window closed[metrology::signal::max_windows_per_block];
    const Block block = block_at(set);
    const int count = metrology::signal::process_block(state, setup, block.data(), closed);
    windows.insert(windows.end(), closed, closed + count);
  }
  return windows;
}

std::vector<Window> run_path(double seconds, const SixChannels& channels,
                             const metrology::signal::SignalSetup& setup) {
  return run_path(
      seconds, [&channels](std::int64_t set) { return synthesise(channels, set); }, setup);
}

Measured measure(const std::vector<Window>& windows, double from_s, double current_full_scale_A) {
  const double volts = voltage_full_scale_V / codes_per_full_scale;
  const double amps = current_full_scale_A / codes_per_full_scale;
  Measured total{};
  for (const Window& window : windows) {
    if (static_cast<double>(window.begin) < from_s * sample_rate_hz * 65536) continue;
    REQUIRE(window.regular);
    total.cycles += 1;
    total.samples += static_cast<double>(window.end - window.begin) / 65536;
    for (int phase = 0; phase < 3; ++phase) {
      total.u_V[phase] += static_cast<double>(window.phase[phase].u2);
      total.i_A[phase] += static_cast<double>(window.phase[phase].i2);
      total.p_W[phase] += static_cast<double>(window.phase[phase].p);
      total.q_var[phase] += static_cast<double>(window.phase[phase].q);
    }
  }
  REQUIRE(total.cycles > 0);
  const double per_sample = 1 / (windows_unit * total.samples);
  for (int phase = 0; phase < 3; ++phase) {
    total.u_V[phase] = std::sqrt(total.u_V[phase] * per_sample) * volts;
    total.i_A[phase] = std::sqrt(total.i_A[phase] * per_sample) * amps;
    total.p_W[phase] *= per_sample * volts * amps;
    total.q_var[phase] *= per_sample * volts * amps;
  }
  return total;
}

double energy_Ws(const Window& window, int phase, double current_full_scale_A) {
  return static_cast<double>(window.phase[phase].p) / windows_unit / sample_rate_hz *
         voltage_full_scale_V * current_full_scale_A / codes_per_full_scale / codes_per_full_scale;
}

}  // namespace tests
