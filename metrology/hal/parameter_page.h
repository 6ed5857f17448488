// The MCU's parameter page: what production writes into a meter once. Settings that a user may
// change are kept in the EEPROM; a new meter's are made from what stands here.
//
// clang-format off
//   offset  field              meaning
//   0x00    magic              0x50333830, "P380"; anything else: the page is blank, defaults hold
//   0x04    variant            MeterVariant
//   0x08    connection         Connection
//   0x0C    serial_hi          first 4 digits of the serial number, BCD (0x0255)
//   0x10    serial_lo          last 8 digits, BCD: row 0x1000
//   0x14    ct_primary_A       primary amperes n of the CT ratio n/5, of ct_primaries_A; 0: not set
//   0x18    s0_rate_centi      S0 output rate in 0.01 imp/kWh: 1 … 1 000 000
//   0x1C    adc_offset[6]      start offset of U1…I3 in modulator clocks, 0…31
//   0x34    calibration[3]     per phase, see PhaseCalibration
//   0x58    ui_time_permille   scale of the display's and buttons' times, 1000: as the manual; 0: too
//   0x5C    firmware           1: the manual's register map; 2: the second generation's as well; 0: 1
//   0x60    reply_delay_ms     1 … 10 000; 0: 20 on Modbus, 10 on M-Bus. From a Modbus request's end
//                              to its answer, never less than t3.5 and what the firmware needs
//                              (app/modbus_port.h); on M-Bus 33 bit times more (app/mbus_port.h)
//   0x64    legacy_exceptions  1: exceptions without address and CRC, as old firmware sends; else 0
// clang-format on
#pragma once

#include <cstdint>

namespace metrology::hal {

enum class MeterVariant : std::uint32_t { s, mb, mod, s_ct, mb_ct, mod_ct };
constexpr bool is_ct(MeterVariant v) { return v >= MeterVariant::s_ct; }
constexpr bool has_mbus(MeterVariant v) {
  return v == MeterVariant::mb || v == MeterVariant::mb_ct;
}
constexpr bool has_modbus(MeterVariant v) {
  return v == MeterVariant::mod || v == MeterVariant::mod_ct;
}

/// The CT ratios n/5 that a meter can be set to (pro380 §8, manual); 5/5 until it is.
inline constexpr std::uint32_t ct_primaries_A[] = {
    5,   40,  50,   60,   75,   100,  125,  150,  200,  250,  300,  400, 500,
    600, 800, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 7500};
constexpr bool is_ct_primary(std::uint32_t primary_A) {
  for (const std::uint32_t setting : ct_primaries_A) {
    if (setting == primary_A) return true;
  }
  return false;
}

/// How the meter is connected: three phase four wire, three phase three wire with two elements, or
/// one phase (L1) two wire.
enum class Connection : std::uint32_t { three_phase_four_wire, aron, one_phase_two_wire };

/// Correction of one phase's channels: measured = code × (1 + ppm·10⁻⁶). The current is delayed
/// against the voltage by `current_delay_ns` beyond the coarse step of the ADC's start offsets.
struct PhaseCalibration {
  std::int32_t voltage_ppm;
  std::int32_t current_ppm;
  std::int32_t current_delay_ns;  ///< −1000 … 1000
};

struct ParameterPage {
  std::uint32_t magic;
  MeterVariant variant;
  Connection connection;
  std::uint32_t serial_hi;
  std::uint32_t serial_lo;
  std::uint32_t ct_primary_A;
  std::uint32_t s0_rate_centi;
  std::uint32_t adc_offset[6];
  PhaseCalibration calibration[3];
  std::uint32_t ui_time_permille;
  std::uint32_t firmware;
  std::uint32_t reply_delay_ms;
  std::uint32_t legacy_exceptions;
};
inline constexpr std::uint32_t parameter_page_magic = 0x5033'3830;
static_assert(sizeof(ParameterPage) == 0x34 + 3 * 12 + 4 * 4);

}  // namespace metrology::hal
