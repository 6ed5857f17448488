#include "peripherals/adc/sinc3_kernels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "metrology/hal/memory_map.h"

namespace peripherals {

namespace {

constexpr int boxcar = metrology::hal::adc_decimation;
constexpr double two_pi = 6.283185307179586476925;
constexpr double pi = two_pi / 2;
static_assert(sinc3_taps == 3 * (boxcar - 1) + 1);

Sinc3Taps make_taps() {
  // Number of ways in which three running sums meet in a tap: whole numbers, so exact in a double.
  std::array<double, sinc3_taps> ways{};
  ways[0] = 1;
  for (int pass = 0; pass < 3; ++pass) {
    std::array<double, sinc3_taps> summed{};
    double sum = 0;
    for (std::size_t k = 0; k < sinc3_taps; ++k) {
      sum += ways[k];
      if (k >= boxcar) sum -= ways[k - boxcar];
      summed[k] = sum;
    }
    ways = summed;
  }
  Sinc3Taps taps{};
  constexpr double all = double{boxcar} * boxcar * boxcar;
  double sum = 0;
  double moment = 0;
  for (std::size_t k = 0; k < sinc3_taps; ++k) {
    taps.h[k] = ways[k] / all;
    taps.sums[k] = sum;
    taps.moments[k] = moment;
    sum += taps.h[k];
    moment += static_cast<double>(k) * taps.h[k];
  }
  taps.sums[sinc3_taps] = sum;
  taps.moments[sinc3_taps] = moment;
  return taps;
}

/// sin(256·π·x) / (256·sin(π·x)): one running sum's gain.
double boxcar_gain(double turns_per_clock) {
  const double below = std::sin(pi * std::remainder(turns_per_clock, 2.0));
  if (std::abs(below) < 1e-9) return 1;  // the ratio differs from 1 by less than 1e-13
  return std::sin(pi * std::remainder(turns_per_clock * boxcar, 2.0)) / (boxcar * below);
}

ToneKernel make_kernel(std::int64_t frequency_nHz, double core_period_ps) {
  ToneKernel kernel{};
  kernel.frequency_nHz = frequency_nHz;
  kernel.core_period_ps = core_period_ps;
  constexpr int clocks = metrology::hal::core_cycles_per_modulator_clock;
  kernel.turns_per_clock =
      static_cast<double>(frequency_nHz) * 1e-9 * (core_period_ps * clocks * 1e-12);
  const double gain = boxcar_gain(kernel.turns_per_clock);
  kernel.gain = gain * gain * gain;
  const double step = two_pi * std::remainder(kernel.turns_per_clock * boxcar, 1.0);
  kernel.sample_sin = std::sin(step);
  kernel.sample_cos = std::cos(step);
  return kernel;
}

void fill_sums(ToneKernel& kernel) {
  const Sinc3Taps& taps = sinc3_impulse_response();
  kernel.sum_cos.resize(sinc3_taps + 1);
  kernel.sum_sin.resize(sinc3_taps + 1);
  const double step = two_pi * std::remainder(kernel.turns_per_clock, 1.0);
  const double step_sin = std::sin(step);
  const double step_cos = std::cos(step);
  double s = 0;
  double c = 1;
  double sum_s = 0;
  double sum_c = 0;
  for (std::size_t k = 0; k < sinc3_taps; ++k) {
    kernel.sum_cos[k] = sum_c;
    kernel.sum_sin[k] = sum_s;
    sum_c += taps.h[k] * c;
    sum_s += taps.h[k] * s;
    const double turned = s * step_cos + c * step_sin;
    c = c * step_cos - s * step_sin;
    s = turned;
  }
  kernel.sum_cos[sinc3_taps] = sum_c;
  kernel.sum_sin[sinc3_taps] = sum_s;
}

}  // namespace

const Sinc3Taps& sinc3_impulse_response() {
  static const Sinc3Taps taps = make_taps();
  return taps;
}

Sinc3Kernels::Sinc3Kernels(int capacity) : capacity_(std::max(capacity, 1)) {}

Sinc3Kernels::Slot& Sinc3Kernels::slot_of(std::int64_t frequency_nHz, double core_period_ps) {
  const auto fits = [&](const Slot& slot) {
    return slot.kernel.frequency_nHz == frequency_nHz &&
           slot.kernel.core_period_ps == core_period_ps;
  };
  ++uses_;
  if (latest_ >= slots_.size() || !fits(slots_[latest_])) {
    auto slot = std::find_if(slots_.begin(), slots_.end(), fits);
    if (slot == slots_.end()) {
      if (slots_.size() < static_cast<std::size_t>(capacity_)) {
        slot = slots_.insert(slots_.end(), Slot{});
      } else {
        slot = std::min_element(slots_.begin(), slots_.end(),
                                [](const Slot& a, const Slot& b) { return a.used < b.used; });
      }
      slot->kernel = make_kernel(frequency_nHz, core_period_ps);
    }
    latest_ = static_cast<std::size_t>(slot - slots_.begin());
  }
  slots_[latest_].used = uses_;
  return slots_[latest_];
}

const ToneKernel& Sinc3Kernels::find(std::int64_t frequency_nHz, double core_period_ps) {
  return slot_of(frequency_nHz, core_period_ps).kernel;
}

const ToneKernel& Sinc3Kernels::find_with_sums(std::int64_t frequency_nHz, double core_period_ps) {
  ToneKernel& kernel = slot_of(frequency_nHz, core_period_ps).kernel;
  if (kernel.sum_cos.empty()) fill_sums(kernel);
  return kernel;
}

}  // namespace peripherals
