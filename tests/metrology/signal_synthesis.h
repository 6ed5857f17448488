// Samples of known waveforms for the signal path's tests, made without any code of the twin: tones
// through the sinc³ filter by its closed form, anything else by summing it up at every clock of the
// modulator.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "metrology/signal/signal_path.h"

namespace tests {

constexpr double pi = 3.14159265358979323846;
constexpr double sample_rate_hz = 4096.0;
constexpr double modulator_hz = 1048576.0;
/// Delay of the 766-tap sinc³ filter, from its centre to its last modulator sample.
constexpr double sinc3_delay_s = 382.5 / modulator_hz;
/// The part of `signal_delay` that is left when the content's instant is wanted from a window's
/// end.
constexpr double content_delay_s = sinc3_delay_s + 2.0 / sample_rate_hz;

constexpr double voltage_full_scale_V = 800.0;
constexpr double direct_full_scale_A = 170.0;
constexpr double transformer_full_scale_A = 10.2;
constexpr double codes_per_full_scale = 8388608.0;

/// Gain of the ADC's filter for a tone: three moving sums of 256, (sin(256 x) / (256 sin x))³.
double sinc3_gain(double frequency_hz);

/// r.m.s. · √2 · sin(2π·f·t + phase)
struct Tone {
  double frequency_hz;
  double rms;
  double phase_rad;
};

/// What one ADC channel converts.
struct Channel {
  double full_scale = voltage_full_scale_V;
  std::vector<Tone> tones;
  double offset_codes = 0;
};

using SixChannels = std::array<Channel, 6>;  ///< U1 U2 U3 I1 I2 I3

/// Balanced sine voltages (L2 lags L1 by 120°) and no current.
SixChannels three_phase_voltages(double rms_V, double frequency_hz, double current_full_scale_A);

using Block = std::vector<std::int32_t>;  ///< as the DMA lays it out

/// One block of stationary tones; `first_set` is the number of its first sample set.
Block synthesise(const SixChannels& channels, std::int64_t first_set);

/// Codes per channel as a function of time since sample set 0 [s]; any function.
using Waveforms = std::array<std::function<double(double)>, 6>;

/// One block by summing the waveforms at every modulator clock.
Block walk(const Waveforms& waveforms, std::int64_t first_set);

/// Runs the path over `seconds` and hands over all its windows.
std::vector<metrology::signal::Window> run_path(double seconds,
                                                const std::function<Block(std::int64_t)>& block_at,
                                                const metrology::signal::SignalSetup& setup = {});
std::vector<metrology::signal::Window> run_path(double seconds, const SixChannels& channels,
                                                const metrology::signal::SignalSetup& setup = {});

/// Sums of several windows, in samples and in units of the terminals.
struct Measured {
  double cycles;
  double samples;
  double u_V[3];
  double i_A[3];
  double p_W[3];
  double q_var[3];
  double frequency_hz() const { return cycles * sample_rate_hz / samples; }
};

/// Means over the regular windows that begin at or after `from_s`; every window from there on must
/// be regular.
Measured measure(const std::vector<metrology::signal::Window>& windows, double from_s,
                 double current_full_scale_A);

/// Energy [Ws] of one phase's window.
double energy_Ws(const metrology::signal::Window& window, int phase, double current_full_scale_A);

}  // namespace tests
