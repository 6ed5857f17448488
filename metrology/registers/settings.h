// Settings that users change through registers.
#pragma once

#include <cstdint>

namespace metrology::registers {

struct Settings {
  std::uint32_t s0_rate_centi;  ///< 0.01 imp/kWh, one of energy::s0_rates_centi
};

}  // namespace metrology::registers
