#include "metrology/registers/encode.h"

#include <cstring>

#include "metrology/hal/saturate.h"

namespace metrology::registers {

namespace {

constexpr double steps_per_unit[] = {1.0, 10.0, 100.0, 1000.0};

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

std::int64_t quantised_steps(double value, int decimals) {
  return hal::saturating_round<std::int64_t>(value * steps_per_unit[decimals]);
}

std::uint32_t steps_float(std::int64_t steps, int decimals) {
  return bits_of(static_cast<float>(static_cast<double>(steps) / steps_per_unit[decimals]));
}

std::uint32_t quantised_float(double value, int decimals) {
  return steps_float(quantised_steps(value, decimals), decimals);
}

std::int64_t energy_steps(const energy::EnergyCounter& energy) {
  constexpr std::int64_t uWh_per_step = 10'000'000;  // 0.01 kWh
  constexpr std::int64_t roll_over = 100'000'000;    // steps in 10⁶ kWh
  // A residue counts upwards from a negative counter: −0.3 µWh are −1 and 700 000. Whole microwatt
  // hours towards zero are then one more.
  const bool upwards = energy.counter_uWh < 0 && energy.residue_pWh != 0;
  const std::int64_t whole_uWh = energy.counter_uWh + (upwards ? 1 : 0);
  return whole_uWh / uWh_per_step % roll_over;  // both towards zero
}

std::uint32_t energy_float(std::int64_t steps) {
  const bool negative = steps < 0;
  const auto size = static_cast<double>(negative ? -steps : steps);
  const auto nearest = static_cast<float>(size / 100.0);
  std::uint32_t bits = bits_of(nearest);
  // A float has 24 bits and 100 has 7: the product is exact in a double.
  if (static_cast<double>(nearest) * 100.0 > size) --bits;
  return negative ? bits | 0x8000'0000U : bits;
}

std::uint32_t to_bcd(std::uint32_t number) {
  std::uint32_t digits = 0;
  for (unsigned place = 0; number != 0; place += 4, number /= 10) digits |= number % 10 << place;
  return digits;
}

std::uint32_t from_bcd(std::uint32_t digits) {
  std::uint32_t number = 0;
  for (int place = 28; place >= 0; place -= 4) {
    number = number * 10 + ((digits >> static_cast<unsigned>(place)) & 0xFU);
  }
  return number;
}

bool is_bcd(std::uint32_t word) {
  for (; word != 0; word >>= 4U) {
    if ((word & 0xFU) > 9) return false;
  }
  return true;
}

}  // namespace metrology::registers
