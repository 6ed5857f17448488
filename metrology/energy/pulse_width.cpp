#include "metrology/energy/pulse_width.h"

#include "metrology/energy/wide.h"

namespace metrology::energy {

namespace {

/// Whether energy / duration is below `limit_W`.
bool is_below(std::uint64_t energy_pWh, std::int64_t duration_ticks, std::uint32_t limit_W) {
  if (limit_W == any_power) return true;
  // E·10⁻¹² Wh · 3600 s/h · (32 · 25 165 824 ticks/s) / duration < limit, and 3600 · 32 ·
  // 25 165 824 = 675 · 2^32; both sides without 2^12.
  constexpr std::uint64_t energy_side = std::uint64_t{675} << 20U;
  constexpr std::uint64_t limit_side = 244'140'625;  // 10¹² / 2^12
  static_assert(3600 * ticks_per_core_cycle * hal::core_hz == std::int64_t{675} << 32);
  return multiply(energy_pWh, energy_side) <
         multiply(limit_W * limit_side, static_cast<std::uint64_t>(duration_ticks));
}

}  // namespace

std::uint32_t s0_width_cycles(std::uint32_t rate_centi, std::uint64_t energy_pWh,
                              std::int64_t duration_ticks) {
  for (const WidthBand& band : width_bands) {
    if (rate_centi < band.least_rate_centi) continue;
    if (is_below(energy_pWh, duration_ticks, band.below_W)) {
      return core_cycles_of_half_ms(band.width_half_ms);
    }
  }
  return core_cycles_of_half_ms(80);
}

}  // namespace metrology::energy
