#include "metrology/registers/settings.h"

namespace metrology::registers {

namespace {

constexpr int default_scroll_pages[] = {1, 2, 5, 8, 57, 65};

}  // namespace

Settings factory_settings(const hal::ParameterPage& page) {
  Settings settings{};
  settings.serial_bcd = page.serial_lo;
  settings.s0_rate_centi = page.s0_rate_centi;
  settings.ct_primary_A = page.ct_primary_A;
  const bool second = page.firmware == 2;
  const bool second_mbus = second && hal::has_mbus(page.variant);
  settings.meter_id = second_mbus ? 0 : 1;
  settings.baud = second_mbus ? 2400 : 9600;
  settings.combined_code = second ? CombinedCode::forward : CombinedCode::forward_plus_reverse;
  settings.parity = Parity::even;
  settings.lcd_cycle_s = 10;
  settings.backlight = BacklightMode::on_press;
  for (const int page_number : default_scroll_pages) {
    const auto bit = static_cast<unsigned>(page_number - 1);
    settings.scroll_mask[bit / 8] =
        static_cast<std::uint8_t>(settings.scroll_mask[bit / 8] | (1U << (bit % 8)));
  }
  return settings;
}

}  // namespace metrology::registers
