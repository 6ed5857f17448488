// What the firmware counts about its own troubles; no reset but power takes them back.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace metrology::registers {

/// Adds to a count that stays at its end instead of beginning anew.
constexpr void count(std::uint32_t& counted, std::uint32_t more) {
  counted = more > UINT32_MAX - counted ? UINT32_MAX : counted + more;
}

struct Diagnostics {
  std::uint32_t clipped_samples[hal::adc_channel_count];
  std::uint32_t lost_blocks;  ///< of samples, because the signal path came too late
  std::uint32_t late_pulses;  ///< starts that were armed too late
  /// Bit per pulse output: its debt keeps growing (energy/debt_watch.h).
  std::uint32_t growing_debt;
};

}  // namespace metrology::registers
