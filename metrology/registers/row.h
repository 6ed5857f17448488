// What a row of the register table says.
#pragma once

#include <cstdint>

#include "metrology/hal/parameter_page.h"

namespace metrology::registers {

enum class ValueType : std::uint8_t {
  integer,   ///< two's complement, big endian
  floating,  ///< IEEE 754 single, big endian, quantised to the row's decimals
  bcd,       ///< two digits a byte
  ascii,     ///< padded with zero bytes
  bits,      ///< bit 0 of byte 0 is the first
};

enum class Unit : std::uint8_t {
  none,
  V,
  A,
  kW,
  kvar,
  kVA,
  Hz,
  kWh,
  kvarh,
  imp_per_kWh,
  ppm,
  ns,
  urad,
  ppb_per_K,
  ppm_per_K,
  uW,
  uvar,
  mdegC
};

/// Units as they are printed, "" for none. Arrays of characters, here and below, because a table
/// of pointers would need relocation and stand among the variables.
inline constexpr char unit_texts[][8] = {"",     "V",     "A",     "kW",      "kvar", "kVA",
                                         "Hz",   "kWh",   "kvarh", "imp/kWh", "ppm",  "ns",
                                         "urad", "ppb/K", "ppm/K", "uW",      "uvar", "mdegC"};
constexpr const char* text(Unit unit) { return unit_texts[static_cast<int>(unit)]; }

/// What a port may do with a row. In this order, so that of several ports' the greatest is what one
/// of them may.
enum class Access : std::uint8_t {
  none,
  write,  ///< never to be read
  read,
  read_mbus_write,  ///< Mb variants may write it too
  read_write,
};
constexpr bool may_read(Access access) { return access >= Access::read; }
constexpr bool may_write(Access access, hal::MeterVariant variant) {
  return access == Access::write || access == Access::read_write ||
         (access == Access::read_mbus_write && hal::has_mbus(variant));
}

/// Who reads or writes a row. The debug port may do what any other port may.
enum class Port : std::uint8_t {
  ir,
  mbus,
  modbus,
  modbus_second,  ///< Modbus, at an address of the second generation's map
  debug,
};

/// Where a row's value comes from; `Row::index` says which of several.
enum class Content : std::uint8_t {
  serial_number,
  meter_code,
  meter_name,
  version,  ///< index 0 protocol, 1 software, 2 hardware
  meter_amps,
  ct_ratio,
  s0_rate,
  meter_id,
  baud,
  combined_code,
  lcd_cycle,
  scroll_mask,
  ir_password,
  tariff,
  // index 0 … 2: L1 … L3, 3: total
  voltage,
  current,
  frequency,
  active_power,
  reactive_power,
  apparent_power,
  power_factor,
  // index 0 … 2: L1 … L3, 3: all tariffs, 4: T1, 5: T2
  active_total,  ///< forward and reverse by the combined code
  active_forward,
  active_reverse,
  reactive_total,
  reactive_forward,
  reactive_reverse,
  // in the second generation's map, and for the debug port
  day_counter,
  power_downs,
  status_word,
  parity,      ///< of Parity
  direction,   ///< index 0 … 2: "1F" or "1R", as page P01 of the display
  error_code,  ///< see error_code() in status.h
  quadrant,    ///< index 0 … 2: L1 … L3, 3: total
  program_checksum,
  ct_secondary,
  nothing,  ///< reads 0
  // debug port only; index: pulse output, ADC channel
  pulse_debt,
  pulse_count,
  growing_debt,
  clipped_samples,
  lost_blocks,
  late_pulses,
  // the factory's; see is_factory_row() in table.h
  calibration,  ///< index: factory_fields · phase + field, in the order of calibration_fields
  temperature,  ///< of the meter's own sensor
  constants_pending,  ///< 1: constants are not in the EEPROM yet
};

struct Row {
  std::uint16_t address;         ///< byte address in the manual's matrix
  std::uint16_t second_address;  ///< word address in the second generation's map, 0: not in it
  std::uint8_t bytes;
  ValueType type;
  Unit unit;
  std::uint8_t decimals;  ///< of floating rows
  Access ir;
  Access mbus;
  Access modbus;
  Access second;  ///< of Modbus, in the second generation's map
  Content content;
  std::uint8_t index;
  char name[28];
};

inline constexpr int max_row_bytes = 32;

/// Calibration constants per phase that have a row.
inline constexpr int factory_fields = hal::calibration_field_count;

/// Indices of energy rows beside the phases 0 … 2.
inline constexpr int all_tariffs_index = 3;
inline constexpr int first_tariff_index = 4;

}  // namespace metrology::registers
