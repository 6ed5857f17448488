// What the register table's rows show and change, for tests of the table alone.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "metrology/registers/access.h"
#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

namespace tests {

inline float float_of(std::uint32_t bits) {
  float value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

/// A new PRO380-S 14501234, direct, whose state is all in reach.
struct RowMeter {
  metrology::hal::ParameterPage page = new_page();
  metrology::registers::Settings settings = metrology::registers::factory_settings(page);
  metrology::energy::Measurements measurements{};
  metrology::energy::EnergyState energy{};
  metrology::energy::PulseState pulses{};
  metrology::registers::Diagnostics diagnostics{};
  metrology::energy::TariffState tariff{};
  metrology::registers::Status status{};

  static metrology::hal::ParameterPage new_page() {
    metrology::hal::ParameterPage page{};
    page.serial_lo = 0x14501234;
    page.s0_rate_centi = 100'000;
    return page;
  }
  static const metrology::registers::Row& row(std::uint32_t address) {
    const metrology::registers::Row* found = metrology::registers::find(address);
    REQUIRE(found != nullptr);
    return *found;
  }

  metrology::registers::MeterData data() const {
    return {page, settings, measurements, energy, pulses, diagnostics, tariff, status, 0};
  }
  /// The row's bytes as hexadecimal digits.
  std::string bytes(std::uint32_t address) const {
    std::uint8_t raw[metrology::registers::max_row_bytes] = {};
    metrology::registers::read(data(), row(address), raw);
    std::string text;
    char digits[3];
    for (int n = 0; n < row(address).bytes; ++n) {
      std::snprintf(digits, sizeof(digits), "%02X", raw[n]);
      text += digits;
    }
    return text;
  }
  float value(std::uint32_t address) const {
    std::uint8_t raw[metrology::registers::max_row_bytes] = {};
    metrology::registers::read(data(), row(address), raw);
    return float_of(metrology::registers::get_big_endian(raw, 4));
  }
  std::int64_t steps(std::uint32_t address) const {
    return metrology::registers::steps(data(), row(address));
  }

  metrology::registers::WriteResult write(std::uint32_t address, metrology::registers::Port port,
                                          const std::uint8_t* bytes) {
    return metrology::registers::write({page, settings, tariff, energy.accounts, status},
                                       row(address), port, bytes);
  }
  /// Writes a row's word through the debug port, or another.
  metrology::registers::WriteResult write_word(
      std::uint32_t address, std::uint32_t word,
      metrology::registers::Port port = metrology::registers::Port::debug) {
    std::uint8_t raw[4];
    metrology::registers::put_big_endian(raw, row(address).bytes, word);
    return write(address, port, raw);
  }
};

}  // namespace tests
