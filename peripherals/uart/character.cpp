#include "peripherals/uart/character.h"

namespace peripherals::uart {

bool parity_bit(const Format& format, std::uint32_t data) {
  bool odd = false;
  for (int bit = 0; bit < format.data_bits; ++bit) odd = odd != ((data >> bit & 1U) != 0);
  return format.parity == Parity::even ? odd : !odd;
}

std::uint32_t levels_of(const Format& format, std::uint32_t data) {
  std::uint32_t levels = (data & ((1U << format.data_bits) - 1)) << 1U;
  if (format.parity != Parity::none && parity_bit(format, data)) {
    levels |= 1U << (1 + format.data_bits);
  }
  for (int stop = 0; stop < format.stop_bits; ++stop) levels |= 1U << (format.first_stop() + stop);
  return levels;
}

}  // namespace peripherals::uart
