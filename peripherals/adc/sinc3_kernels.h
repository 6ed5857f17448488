// What the sinc³ filter does to one tone: everything that depends only on the tone's frequency and
// the modulator's period, worked out once and kept for the next block and the next channel.
//
// The filter is three running sums of 256 modulator clocks, divided by 256³: 766 taps h[k] that add
// up to 1, symmetric about tap (766 − 1)/2.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace peripherals {

/// Taps of the filter: modulator clocks that one sample sees.
inline constexpr int sinc3_taps = 766;

/// Taps h[0…765], h[765] the newest, and their running sums: `sums[k]` = h[0] + … + h[k − 1] and
/// `moments[k]` = 0·h[0] + … + (k − 1)·h[k − 1].
struct Sinc3Taps {
  std::array<double, sinc3_taps> h;
  std::array<double, sinc3_taps + 1> sums;
  std::array<double, sinc3_taps + 1> moments;
};
const Sinc3Taps& sinc3_impulse_response();

/// One tone seen through the filter.
struct ToneKernel {
  std::int64_t frequency_nHz;
  double core_period_ps;
  double gain;                  ///< of a whole window, with its sign
  double turns_per_clock;       ///< phase in one modulator clock
  double sample_sin;            ///< of the phase in one sample period …
  double sample_cos;            ///< … of 256 modulator clocks
  std::vector<double> sum_cos;  ///< [k] = Σ_{j<k} h[j]·cos(2π·turns_per_clock·j), empty until used
  std::vector<double> sum_sin;  ///< the same with sin
};

/// Kernels by frequency and clock period; the least recently used goes when there are too many.
/// One is shared by all channels of an ADC.
class Sinc3Kernels {
 public:
  /// Keeps at most `capacity` >= 1 kernels (12 KiB each where a discontinuity was met).
  explicit Sinc3Kernels(int capacity = 64);

  /// The kernel of a tone at a core clock period. The reference holds until the next call.
  const ToneKernel& find(std::int64_t frequency_nHz, double core_period_ps);
  /// The same with its prefix sums filled in.
  const ToneKernel& find_with_sums(std::int64_t frequency_nHz, double core_period_ps);

 private:
  struct Slot {
    ToneKernel kernel;
    std::uint64_t used;
  };
  Slot& slot_of(std::int64_t frequency_nHz, double core_period_ps);

  int capacity_;
  std::uint64_t uses_ = 0;
  std::size_t latest_ = 0;
  std::vector<Slot> slots_;
};

}  // namespace peripherals
