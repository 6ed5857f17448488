// Widths of the pulses (pro380 §7): S0 from a table of rates and power bands, LEDs constant.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace metrology::energy {

/// Core clocks in `half_ms` halves of a millisecond, to the nearest clock.
constexpr std::uint32_t core_cycles_of_half_ms(std::int64_t half_ms) {
  return static_cast<std::uint32_t>((half_ms * hal::core_hz + 1000) / 2000);
}

inline constexpr std::uint32_t led_width_cycles = core_cycles_of_half_ms(4);
/// Least time between the end of a pulse and the next start: 1 ms, rounded up.
inline constexpr std::int64_t pulse_gap_cycles = (hal::core_hz + 999) / 1000;

/// Rates that register 0x1066 takes, in 0.01 imp/kWh.
inline constexpr std::uint32_t s0_rates_centi[] = {1'000'000, 200'000, 100'000, 10'000,
                                                   1'000,     100,     10,      1};
constexpr bool is_s0_rate(std::uint32_t rate_centi) {
  for (const std::uint32_t rate : s0_rates_centi) {
    if (rate == rate_centi) return true;
  }
  return false;
}

inline constexpr std::uint32_t any_power = 0xFFFF'FFFF;

/// A cell of the manual's table of S0 widths: below `below_W` at rates from `least_rate_centi` on.
struct WidthBand {
  std::uint32_t least_rate_centi;
  std::uint32_t below_W;
  std::uint32_t width_half_ms;
};

/// Rates from 1000 imp/kWh on, then 100, then the others; within a rate by rising power.
inline constexpr WidthBand width_bands[] = {
    {100'000, 2'500, 80},    {100'000, 10'000, 40}, {100'000, 20'000, 20},   {100'000, 40'000, 10},
    {100'000, any_power, 5}, {10'000, 50'000, 80},  {10'000, any_power, 40}, {0, any_power, 80},
};

/// One 32nd of a core clock: the pulse path's unit of time, in which every SampleTime is whole.
inline constexpr std::int64_t ticks_per_core_cycle = 32;

/// Width in core clocks of an S0 pulse at `rate_centi` (0.01 imp/kWh) while `energy_pWh` is played
/// in `duration_ticks` (> 0); the power is compared with the table's limits without rounding.
std::uint32_t s0_width_cycles(std::uint32_t rate_centi, std::uint64_t energy_pWh,
                              std::int64_t duration_ticks);

}  // namespace metrology::energy
