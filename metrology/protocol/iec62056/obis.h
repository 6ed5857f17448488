// Which register row stands behind an OBIS code, in the short form C.D.E: one table, read by the
// data readout, in this order, and by the commands R5 and W5. Other rows have no code.
//
// A row of signed power stands behind three codes: the sum with its sign, what is taken (import, or
// +Q) and what is given back. The rows "total", which the combined code defines (row 107A), have a
// code only as sum (15.8.x, code 05) or as difference of the directions (16.8.x, codes 09 and 10);
// with the codes 01, 04 and 06 they have none. Codes of what no row holds, as the LED's constant
// (0.3.0) and the quadrants' energies (5.8.x … 8.8.x), the meter does not have [twin].
#pragma once

#include <cstdint>

#include "metrology/protocol/iec62056/message.h"
#include "metrology/registers/combined_code.h"

namespace metrology::iec62056 {

/// What of the row's value is shown.
enum class Part : std::uint8_t {
  whole,
  taken,       ///< 0 when the value is negative
  given_back,  ///< its magnitude when negative, else 0
  sum,         ///< whole, while combined code 05 holds; else there is no such code
  difference,  ///< whole, while combined code 09 or 10 holds
};

struct ObisEntry {
  char code[8];
  std::uint16_t row;  ///< address in the register table
  Part part;
};

// clang-format off
inline constexpr ObisEntry obis_table[] = {
    {"F.F",     0xF076, Part::whole},
    {"0.0.0",   0x1000, Part::whole},
    {"0.2.0",   0x1054, Part::whole},
    {"0.4.2",   0x1062, Part::whole},
    {"96.14.0", 0x2200, Part::whole},
    {"1.8.0",   0x3020, Part::whole},
    {"1.8.1",   0x3120, Part::whole},
    {"1.8.2",   0x3220, Part::whole},
    {"2.8.0",   0x3040, Part::whole},
    {"2.8.1",   0x3140, Part::whole},
    {"2.8.2",   0x3240, Part::whole},
    {"15.8.0",  0x3000, Part::sum},
    {"15.8.1",  0x3100, Part::sum},
    {"15.8.2",  0x3200, Part::sum},
    {"16.8.0",  0x3000, Part::difference},
    {"16.8.1",  0x3100, Part::difference},
    {"16.8.2",  0x3200, Part::difference},
    {"3.8.0",   0x3080, Part::whole},
    {"3.8.1",   0x3180, Part::whole},
    {"3.8.2",   0x3280, Part::whole},
    {"4.8.0",   0x30A0, Part::whole},
    {"4.8.1",   0x31A0, Part::whole},
    {"4.8.2",   0x32A0, Part::whole},
    {"21.8.0",  0x3028, Part::whole},
    {"41.8.0",  0x302C, Part::whole},
    {"61.8.0",  0x3030, Part::whole},
    {"22.8.0",  0x3048, Part::whole},
    {"42.8.0",  0x304C, Part::whole},
    {"62.8.0",  0x3050, Part::whole},
    {"23.8.0",  0x3088, Part::whole},
    {"43.8.0",  0x308C, Part::whole},
    {"63.8.0",  0x3090, Part::whole},
    {"24.8.0",  0x30A8, Part::whole},
    {"44.8.0",  0x30AC, Part::whole},
    {"64.8.0",  0x30B0, Part::whole},
    {"32.7.0",  0x2008, Part::whole},
    {"52.7.0",  0x200C, Part::whole},
    {"72.7.0",  0x2010, Part::whole},
    {"31.7.0",  0x2068, Part::whole},
    {"51.7.0",  0x206C, Part::whole},
    {"71.7.0",  0x2070, Part::whole},
    {"14.7.0",  0x2020, Part::whole},
    {"16.7.0",  0x2080, Part::whole},
    {"1.7.0",   0x2080, Part::taken},
    {"2.7.0",   0x2080, Part::given_back},
    {"36.7.0",  0x2088, Part::whole},
    {"56.7.0",  0x208C, Part::whole},
    {"76.7.0",  0x2090, Part::whole},
    {"21.7.0",  0x2088, Part::taken},
    {"41.7.0",  0x208C, Part::taken},
    {"61.7.0",  0x2090, Part::taken},
    {"3.7.0",   0x20A0, Part::taken},
    {"4.7.0",   0x20A0, Part::given_back},
    {"23.7.0",  0x20A8, Part::taken},
    {"24.7.0",  0x20A8, Part::given_back},
    {"43.7.0",  0x20AC, Part::taken},
    {"44.7.0",  0x20AC, Part::given_back},
    {"63.7.0",  0x20B0, Part::taken},
    {"64.7.0",  0x20B0, Part::given_back},
    {"9.7.0",   0x20C0, Part::whole},
    {"29.7.0",  0x20C8, Part::whole},
    {"49.7.0",  0x20CC, Part::whole},
    {"69.7.0",  0x20D0, Part::whole},
    {"13.7.0",  0x20E0, Part::whole},
    {"33.7.0",  0x20E8, Part::whole},
    {"53.7.0",  0x20EC, Part::whole},
    {"73.7.0",  0x20F0, Part::whole},
};
// clang-format on
inline constexpr int obis_count = static_cast<int>(sizeof(obis_table) / sizeof(obis_table[0]));

/// Whether a meter with this combined code has the entry.
constexpr bool has(registers::CombinedCode combined, const ObisEntry& entry) {
  switch (entry.part) {
    case Part::sum:
      return combined == registers::CombinedCode::forward_plus_reverse;
    case Part::difference:
      return combined == registers::CombinedCode::forward_minus_reverse ||
             combined == registers::CombinedCode::forward_minus_reverse_for_ever;
    case Part::whole:
    case Part::taken:
    case Part::given_back:
      break;
  }
  return true;
}

/// The entry with this code that such a meter has, or null.
inline const ObisEntry* find_obis(Text code, registers::CombinedCode combined) {
  for (const ObisEntry& entry : obis_table) {
    if (has(combined, entry) && is_equal(code, entry.code)) return &entry;
  }
  return nullptr;
}

}  // namespace metrology::iec62056
