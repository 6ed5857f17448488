#include "metrology/registers/encode.h"

#include <cstring>

#include "metrology/hal/saturate.h"

namespace metrology::registers {

namespace {

std::uint32_t bits_of(float value) {
  static_assert(sizeof(float) == sizeof(std::uint32_t));
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

}  // namespace

void put_big_endian(std::uint8_t* bytes, int count, std::uint64_t value) {
  for (int n = count - 1; n >= 0; --n) {
    bytes[n] = static_cast<std::uint8_t>(value & 0xFFU);
    value >>= 8U;
  }
}

std::uint32_t get_big_endian(const std::uint8_t* bytes, int count) {
  std::uint32_t value = 0;
  for (int n = 0; n < count; ++n) value = (value << 8U) | bytes[n];
  return value;
}

std::uint32_t quantised_float(double value, int decimals) {
  constexpr double steps_per_unit[] = {1.0, 10.0, 100.0, 1000.0};
  const double scale = steps_per_unit[decimals];
  const auto steps = hal::saturating_round<std::int64_t>(value * scale);
  return bits_of(static_cast<float>(static_cast<double>(steps) / scale));
}

std::uint32_t energy_float(std::int64_t counter_uWh) {
  constexpr std::int64_t uWh_per_step = 10'000'000;  // 0.01 kWh
  constexpr std::int64_t roll_over = 100'000'000;    // steps in 10⁶ kWh
  const std::int64_t steps = counter_uWh / uWh_per_step % roll_over;
  const auto nearest = static_cast<float>(static_cast<double>(steps) / 100.0);
  std::uint32_t bits = bits_of(nearest);
  // A float has 24 bits and 100 has 7: the product is exact in a double.
  if (static_cast<double>(nearest) * 100.0 > static_cast<double>(steps)) --bits;
  return bits;
}

}  // namespace metrology::registers
