// What the meter says of itself: "S pe abc" of page P65 (pro380 §11), and what it counts for life.
#pragma once

#include <cstdint>

#include "metrology/energy/phase_watch.h"
#include "metrology/hal/parameter_page.h"

namespace metrology::registers {

struct Status {
  bool program_fault;              ///< p: the firmware's constants fail their CRC
  bool memory_fault;               ///< e: settings, calibration or counters in the EEPROM
  energy::PhaseWatch phases;       ///< a b c
  std::uint32_t power_downs;       ///< times that the supply was lost, for life
  bool constants_pending;          ///< calibration constants were written and are not stored yet
  std::uint32_t program_checksum;  ///< CRC-32 of the program's constants, as built
};

/// The word that shows "S pe abc", a digit of four bits each, 1 = good: "S 11 111" is 0x00110111.
constexpr std::uint32_t status_word(const Status& status) {
  const auto digit = [](bool good, unsigned place) { return good ? 1U << (4 * place) : 0U; };
  return digit(!status.program_fault, 5) | digit(!status.memory_fault, 4) |
         digit(status.phases.present[0], 2) | digit(status.phases.present[1], 1) |
         digit(status.phases.present[2], 0);
}

/// The second generation's error code, a bit set = fault: 0 program, 1 EEPROM, 2 … 4 phase L1 … L3
/// missing. Phases that the connection has not are not missing [twin].
constexpr std::uint32_t error_code(const Status& status, hal::Connection connection) {
  const int phases = connection == hal::Connection::one_phase_two_wire ? 1 : energy::phase_count;
  std::uint32_t code = (status.program_fault ? 1U : 0U) | (status.memory_fault ? 2U : 0U);
  for (int phase = 0; phase < phases; ++phase) {
    if (!status.phases.present[phase]) code |= 4U << static_cast<unsigned>(phase);
  }
  return code;
}

}  // namespace metrology::registers
