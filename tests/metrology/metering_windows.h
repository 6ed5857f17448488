// Measuring windows of known powers for the tests behind the signal path.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "metrology/signal/window.h"

namespace tests {

struct Powers {
  std::array<double, 3> active_W{};
  std::array<double, 3> reactive_var{};
};

/// Sums of a window from `begin` to `end` (SampleTime): one volt-ampere at full scale 800 V and
/// `current_full_scale_A` is 2^54 / (800 · full scale) in 1/256 LSB².
inline metrology::signal::Window window_of(std::int64_t begin, std::int64_t end,
                                           const Powers& powers, double current_full_scale_A) {
  metrology::signal::Window window{};
  window.begin = begin;
  window.end = end;
  window.regular = true;
  const double samples = static_cast<double>(end - begin) / 65536.0;
  const double per_watt = std::ldexp(samples, 54) / (800.0 * current_full_scale_A);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    window.phase[phase].p =
        static_cast<std::int64_t>(std::llround(powers.active_W[phase] * per_watt));
    window.phase[phase].q =
        static_cast<std::int64_t>(std::llround(powers.reactive_var[phase] * per_watt));
  }
  return window;
}

/// Picowatt hours of `power_W` over a window.
inline double energy_pWh(const metrology::signal::Window& window, double power_W) {
  const double seconds = static_cast<double>(window.end - window.begin) / 65536.0 / 4096.0;
  return power_W * seconds / 3600.0 * 1e12;
}

constexpr std::int64_t one_cycle_50_Hz = 65536 * 4096 / 50;

}  // namespace tests
