// Settings that users change through registers.
#pragma once

#include <cstdint>

namespace metrology::registers {

struct Settings {
  std::uint32_t serial_bcd;     ///< row 0x1000: the label's last 8 digits
  std::uint32_t s0_rate_centi;  ///< row 0x1066 in 0.01 imp/kWh, one of energy::s0_rates_centi
};

}  // namespace metrology::registers
