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
//   0xA0    ui_time_permille   scale of the display's and buttons' times, 1000: as the manual; 0: too
//   0xA4    firmware           1: the manual's register map; 2: the second generation's as well; 0: 1
//   0xA8    reply_delay_ms     1 … 10 000; 0: 20 on Modbus, 10 on M-Bus. From a Modbus request's end
//                              to its answer, never less than t3.5 and what the firmware needs
//                              (app/modbus_port.h); on M-Bus 33 bit times more (app/mbus_port.h)
//   0xAC    legacy_exceptions  1: exceptions without address and CRC, as old firmware sends; else 0
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

/// Correction of one phase's channels, all 0: none. With T the meter's own temperature and
/// t = T − 23 °C:
///   measured = code × (1 + ppm·10⁻⁶ + ppb_per_K·10⁻⁹·t)
///   booked = measured + offset × time, on the meter's secondary side
/// The current is delayed against the voltage, beyond the coarse step of the ADC's start offsets,
/// by `current_delay_ns`, and by what corrects a current transformer that leads: its lead at 50 Hz
/// and 23 °C is `current_lead_urad`, times 1 + lead_ppm_per_K·10⁻⁶·t, and it falls as 1/f.
struct PhaseCalibration {
  std::int32_t voltage_ppm;
  std::int32_t current_ppm;
  std::int32_t current_delay_ns;
  std::int32_t current_lead_urad;
  std::int32_t voltage_ppb_per_K;
  std::int32_t current_ppb_per_K;
  std::int32_t lead_ppm_per_K;
  std::int32_t active_offset_uW;
  std::int32_t reactive_offset_uvar;
};

/// A constant of PhaseCalibration and the range in which it is of use [twin]. In the order of the
/// factory rows (registers/table.h).
struct CalibrationField {
  std::int32_t PhaseCalibration::*value;
  std::int32_t least;
  std::int32_t most;
};
inline constexpr CalibrationField calibration_fields[] = {
    {&PhaseCalibration::voltage_ppm, -100'000, 100'000},
    {&PhaseCalibration::current_ppm, -100'000, 100'000},
    {&PhaseCalibration::current_delay_ns, -32'000, 32'000},
    {&PhaseCalibration::current_lead_urad, 0, 10'000},
    {&PhaseCalibration::voltage_ppb_per_K, -500'000, 500'000},
    {&PhaseCalibration::current_ppb_per_K, -500'000, 500'000},
    {&PhaseCalibration::lead_ppm_per_K, -20'000, 20'000},
    {&PhaseCalibration::active_offset_uW, -1'000'000, 1'000'000},
    {&PhaseCalibration::reactive_offset_uvar, -1'000'000, 1'000'000},
};
inline constexpr int calibration_field_count =
    static_cast<int>(sizeof(calibration_fields) / sizeof(calibration_fields[0]));
static_assert(sizeof(PhaseCalibration) == sizeof(std::int32_t) * calibration_field_count);

constexpr bool is_usable(const CalibrationField& field, std::int32_t value) {
  return value >= field.least && value <= field.most;
}
constexpr bool operator==(const PhaseCalibration& a, const PhaseCalibration& b) {
  for (const CalibrationField& field : calibration_fields) {
    if (a.*field.value != b.*field.value) return false;
  }
  return true;
}
constexpr bool operator!=(const PhaseCalibration& a, const PhaseCalibration& b) {
  return !(a == b);
}

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
static_assert(sizeof(ParameterPage) == 0x34 + 3 * 36 + 4 * 4);

}  // namespace metrology::hal
