// Settings that users change through registers and buttons. The saved tariff is not among them: it
// is kept with the counters (energy/tariff.h, pro380 §10).
#pragma once

#include <cstdint>

#include "metrology/hal/parameter_page.h"
#include "metrology/registers/combined_code.h"

namespace metrology::registers {

/// Page P66 of the display.
enum class BacklightMode : std::uint8_t {
  on_press,  ///< "bl btn": on for a while after a press
  off,       ///< "bl off"
  on,        ///< "bl on"
};

/// Parity of the Modbus line, with the numbers of row 0x4011. Without it a character has 10 bits,
/// 8N1. Meters of the first generation have even parity for good.
enum class Parity : std::uint8_t { even = 1, none = 2 };

/// Pages of the display, P01 … P67, one bit each: bit 0 of byte 0 is P01 (row 0x1600).
inline constexpr int scroll_mask_bytes = 9;
/// Bits of the last byte that stand for pages: P65 … P67.
inline constexpr std::uint8_t last_scroll_bits = 0x07;

struct Settings {
  std::uint32_t serial_bcd;     ///< row 0x1000: the label's last 8 digits
  std::uint32_t s0_rate_centi;  ///< row 0x1066 in 0.01 imp/kWh, one of energy::s0_rates_centi
  std::uint32_t ct_primary_A;   ///< row 0x1062, one of hal::ct_primaries_A; 0: never set
  std::uint32_t ir_password;    ///< row 0x1700: 8 BCD digits
  std::uint16_t meter_id;       ///< row 0x1018
  std::uint16_t baud;           ///< row 0x1020, one of bauds
  CombinedCode combined_code;   ///< row 0x107A
  std::uint8_t lcd_cycle_s;     ///< row 0x1510: seconds a page is shown, 1 … 30
  BacklightMode backlight;
  std::uint8_t scroll_mask[scroll_mask_bytes];  ///< row 0x1600: pages that scroll
  Parity parity;                                ///< row 0x4011
};

/// Modbus 1 … 247, M-Bus 0 … 250.
constexpr bool is_meter_id(std::uint32_t id, bool mbus) {
  return mbus ? id <= 250 : id >= 1 && id <= 247;
}
inline constexpr std::uint16_t bauds[] = {9600, 4800, 2400, 1200, 600, 300};
inline constexpr std::uint8_t lcd_cycle_max_s = 30;

/// A new meter's settings: what production wrote into the parameter page, the manual's defaults for
/// the rest; the light for a while after a press, and pages 1, 2, 5, 8, 57 and 65 [twin]. The
/// second generation begins with combined code 01, on M-Bus with 2400 Bd and address 0 [obs].
Settings factory_settings(const hal::ParameterPage& page);

constexpr bool operator==(const Settings& a, const Settings& b) {
  for (int n = 0; n < scroll_mask_bytes; ++n) {
    if (a.scroll_mask[n] != b.scroll_mask[n]) return false;
  }
  return a.serial_bcd == b.serial_bcd && a.s0_rate_centi == b.s0_rate_centi &&
         a.ct_primary_A == b.ct_primary_A && a.ir_password == b.ir_password &&
         a.meter_id == b.meter_id && a.baud == b.baud && a.combined_code == b.combined_code &&
         a.lcd_cycle_s == b.lcd_cycle_s && a.backlight == b.backlight && a.parity == b.parity;
}
constexpr bool operator!=(const Settings& a, const Settings& b) { return !(a == b); }

}  // namespace metrology::registers
