// The ADC's full scale per channel: the peak value whose code would be 2^23. The divider and the
// current transformer are part of it, so that it refers to the terminals. [twin]
#pragma once

#include <array>

#include "metrology/hal/memory_map.h"

namespace peripherals {

inline constexpr double full_scale_V = 800;
inline constexpr double full_scale_direct_A = 170;
inline constexpr double full_scale_ct_A = 10.2;
/// The temperature channel gives 2^23 / 512 codes a kelvin.
inline constexpr double full_scale_K = 512;

/// Per hal::AdcChannel, in V, A and K.
constexpr std::array<double, metrology::hal::adc_channel_count> adc_full_scale(bool ct_meter) {
  const double current_A = ct_meter ? full_scale_ct_A : full_scale_direct_A;
  return {full_scale_V, full_scale_V, full_scale_V, current_A, current_A, current_A, full_scale_K};
}

}  // namespace peripherals
