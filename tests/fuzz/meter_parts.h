// What a fuzzed slave has behind it: a meter's rows.
#pragma once

#include "metrology/registers/access.h"
#include "tests/fuzz/invariant.h"

namespace tests {

struct MeterParts {
  metrology::hal::ParameterPage page{};
  metrology::registers::Settings settings{};
  metrology::energy::Measurements measurements{};
  metrology::energy::EnergyState energy{};
  metrology::energy::PulseState pulses{};
  metrology::registers::Diagnostics diagnostics{};
  metrology::energy::TariffState tariff{};
  metrology::registers::Status status{};
  bool memory_fails = false;
  int writes = 0;

  explicit MeterParts(metrology::hal::MeterVariant variant, std::uint32_t firmware = 1) {
    page.variant = variant;
    page.firmware = firmware;
    page.serial_lo = 0x14501234;
    page.s0_rate_centi = 100'000;
    settings = metrology::registers::factory_settings(page);
  }

  metrology::registers::MeterData data() const {
    return {page, settings, measurements, energy, pulses, diagnostics, tariff, status, 0};
  }

  metrology::registers::WriteResult write(const metrology::registers::Row& row,
                                          metrology::registers::Port port,
                                          const std::uint8_t* bytes) {
    ++writes;
    if (memory_fails) return metrology::registers::WriteResult::not_stored;
    return metrology::registers::write({page, settings, tariff, energy.accounts, status}, row, port,
                                       bytes);
  }

  /// What no write may bring about, whatever the port.
  void check_settings() const {
    require(metrology::registers::is_meter_id(settings.meter_id,
                                              metrology::hal::has_mbus(page.variant)));
    bool baud = false;
    for (const std::uint16_t known : metrology::registers::bauds) {
      baud = baud || settings.baud == known;
    }
    require(baud);
    require(settings.lcd_cycle_s >= 1 &&
            settings.lcd_cycle_s <= metrology::registers::lcd_cycle_max_s);
    require(settings.ct_primary_A == 0);
    for (unsigned place = 0; place < 32; place += 4) {
      require(((settings.serial_bcd >> place) & 0xFU) <= 9);
      require(((settings.ir_password >> place) & 0xFU) <= 9);
    }
  }
};

}  // namespace tests
