// M-Bus records: rows of the register table ↔ DIF, DIFE, VIF, VIFE and data (EN 13757-3). One table
// says which row is which record.
//
// Values are those of the display and of Modbus, at display resolution [twin]: 5.00 A is 5 000 mA,
// never 5 003. A number in BCD that does not fit goes in the next larger decade of its VIF that
// holds it, measured values rounded to nearest, energies cut as everywhere; if none does, the
// record says so: VIFE 16 and digits F. A negative number has F as its highest digit.
#pragma once

#include <cstdint>

#include "metrology/registers/access.h"

namespace metrology::mbus {

enum class Coding : std::uint8_t {
  bcd,      ///< as many digits as the DIF says
  integer,  ///< as many bytes as the DIF says
  real,     ///< IEEE 754, four bytes
  text,     ///< a byte with its length, then the last character first
};

inline constexpr int max_head_bytes = 5;

struct Record {
  std::uint16_t row;  ///< address in the manual's matrix
  Coding coding;
  std::uint8_t scale;    ///< the record's steps in one of the row's: 1 or 10
  std::uint8_t decades;  ///< larger ones that the last byte of `head` may be raised by
  std::uint8_t head_bytes;
  std::uint8_t head[max_head_bytes];  ///< DIF, DIFE, VIF, VIFE
};

// clang-format off
inline constexpr Record records[] = {
    // row, coding, scale, decades, DIF … VIFE; in the order of the matrix
    {0x1000, Coding::bcd,     1, 0, 2, {0x0C, 0x79}},
    {0x1010, Coding::integer, 1, 0, 3, {0x02, 0xFF, 0x05}},
    {0x1018, Coding::integer, 1, 0, 2, {0x01, 0x7A}},
    {0x1020, Coding::integer, 1, 0, 3, {0x02, 0xFD, 0x1C}},
    {0x1030, Coding::text,    1, 0, 3, {0x0D, 0xFF, 0x08}},
    {0x1050, Coding::real,    1, 0, 3, {0x05, 0xFF, 0x09}},
    {0x1054, Coding::real,    1, 0, 3, {0x05, 0xFF, 0x0A}},
    {0x1058, Coding::real,    1, 0, 3, {0x05, 0xFF, 0x0B}},
    {0x1060, Coding::integer, 1, 0, 3, {0x02, 0xFF, 0x07}},
    {0x1062, Coding::integer, 1, 0, 3, {0x02, 0xFF, 0x06}},
    {0x1066, Coding::real,    1, 0, 3, {0x05, 0xFF, 0x01}},
    {0x107A, Coding::integer, 1, 0, 3, {0x02, 0xFF, 0x02}},
    {0x1510, Coding::bcd,     1, 0, 3, {0x0A, 0xFF, 0x03}},
    {0x2008, Coding::bcd,     10, 2, 3, {0x4B, 0xFD, 0x47}},
    {0x200C, Coding::bcd,     10, 2, 4, {0x8B, 0x01, 0xFD, 0x47}},
    {0x2010, Coding::bcd,     10, 2, 4, {0xCB, 0x01, 0xFD, 0x47}},
    {0x2020, Coding::bcd,      1, 2, 3, {0x0A, 0xFB, 0x2D}},
    {0x2068, Coding::bcd,     10, 3, 3, {0x4B, 0xFD, 0x59}},
    {0x206C, Coding::bcd,     10, 3, 4, {0x8B, 0x01, 0xFD, 0x59}},
    {0x2070, Coding::bcd,     10, 3, 4, {0xCB, 0x01, 0xFD, 0x59}},
    {0x2080, Coding::bcd,     10, 2, 2, {0x0C, 0x2A}},
    {0x2088, Coding::bcd,     10, 2, 2, {0x4C, 0x2A}},
    {0x208C, Coding::bcd,     10, 2, 3, {0x8C, 0x01, 0x2A}},
    {0x2090, Coding::bcd,     10, 2, 3, {0xCC, 0x01, 0x2A}},
    {0x20A0, Coding::bcd,      1, 3, 3, {0x0C, 0xFB, 0x14}},
    {0x20A8, Coding::bcd,      1, 3, 3, {0x4C, 0xFB, 0x14}},
    {0x20AC, Coding::bcd,      1, 3, 4, {0x8C, 0x01, 0xFB, 0x14}},
    {0x20B0, Coding::bcd,      1, 3, 4, {0xCC, 0x01, 0xFB, 0x14}},
    {0x20C0, Coding::bcd,      1, 3, 3, {0x0C, 0xFB, 0x34}},
    {0x20C8, Coding::bcd,      1, 3, 3, {0x4C, 0xFB, 0x34}},
    {0x20CC, Coding::bcd,      1, 3, 4, {0x8C, 0x01, 0xFB, 0x34}},
    {0x20D0, Coding::bcd,      1, 3, 4, {0xCC, 0x01, 0xFB, 0x34}},
    {0x20E0, Coding::bcd,      1, 0, 4, {0x0A, 0xFD, 0xBA, 0x74}},
    {0x20E8, Coding::bcd,      1, 0, 4, {0x4A, 0xFD, 0xBA, 0x74}},
    {0x20EC, Coding::bcd,      1, 0, 5, {0x8A, 0x01, 0xFD, 0xBA, 0x74}},
    {0x20F0, Coding::bcd,      1, 0, 5, {0xCA, 0x01, 0xFD, 0xBA, 0x74}},
    {0x2200, Coding::integer,  1, 0, 3, {0x02, 0xFF, 0x04}},
    {0x3000, Coding::bcd,      1, 2, 2, {0x0C, 0x04}},
    {0x3008, Coding::bcd,      1, 2, 2, {0x4C, 0x04}},
    {0x300C, Coding::bcd,      1, 2, 3, {0x8C, 0x01, 0x04}},
    {0x3010, Coding::bcd,      1, 2, 3, {0xCC, 0x01, 0x04}},
    {0x3020, Coding::bcd,      1, 2, 2, {0x1C, 0x04}},
    {0x3028, Coding::bcd,      1, 2, 2, {0x5C, 0x04}},
    {0x302C, Coding::bcd,      1, 2, 3, {0x9C, 0x01, 0x04}},
    {0x3030, Coding::bcd,      1, 2, 3, {0xDC, 0x01, 0x04}},
    {0x3040, Coding::bcd,      1, 2, 2, {0x2C, 0x04}},
    {0x3048, Coding::bcd,      1, 2, 2, {0x6C, 0x04}},
    {0x304C, Coding::bcd,      1, 2, 3, {0xAC, 0x01, 0x04}},
    {0x3050, Coding::bcd,      1, 2, 3, {0xEC, 0x01, 0x04}},
    {0x3060, Coding::bcd,      1, 2, 4, {0x0C, 0xFB, 0x82, 0x74}},
    {0x3068, Coding::bcd,      1, 2, 4, {0x4C, 0xFB, 0x82, 0x74}},
    {0x306C, Coding::bcd,      1, 2, 5, {0x8C, 0x01, 0xFB, 0x82, 0x74}},
    {0x3070, Coding::bcd,      1, 2, 5, {0xCC, 0x01, 0xFB, 0x82, 0x74}},
    {0x3080, Coding::bcd,      1, 2, 4, {0x1C, 0xFB, 0x82, 0x74}},
    {0x3088, Coding::bcd,      1, 2, 4, {0x5C, 0xFB, 0x82, 0x74}},
    {0x308C, Coding::bcd,      1, 2, 5, {0x9C, 0x01, 0xFB, 0x82, 0x74}},
    {0x3090, Coding::bcd,      1, 2, 5, {0xDC, 0x01, 0xFB, 0x82, 0x74}},
    {0x30A0, Coding::bcd,      1, 2, 4, {0x2C, 0xFB, 0x82, 0x74}},
    {0x30A8, Coding::bcd,      1, 2, 4, {0x6C, 0xFB, 0x82, 0x74}},
    {0x30AC, Coding::bcd,      1, 2, 5, {0xAC, 0x01, 0xFB, 0x82, 0x74}},
    {0x30B0, Coding::bcd,      1, 2, 5, {0xEC, 0x01, 0xFB, 0x82, 0x74}},
    {0x3100, Coding::bcd,      1, 2, 3, {0x8C, 0x10, 0x04}},
    {0x3120, Coding::bcd,      1, 2, 3, {0x9C, 0x10, 0x04}},
    {0x3140, Coding::bcd,      1, 2, 3, {0xAC, 0x10, 0x04}},
    {0x3160, Coding::bcd,      1, 2, 5, {0x8C, 0x10, 0xFB, 0x82, 0x74}},
    {0x3180, Coding::bcd,      1, 2, 5, {0x9C, 0x10, 0xFB, 0x82, 0x74}},
    {0x31A0, Coding::bcd,      1, 2, 5, {0xAC, 0x10, 0xFB, 0x82, 0x74}},
    {0x3200, Coding::bcd,      1, 2, 3, {0x8C, 0x20, 0x04}},
    {0x3220, Coding::bcd,      1, 2, 3, {0x9C, 0x20, 0x04}},
    {0x3240, Coding::bcd,      1, 2, 3, {0xAC, 0x20, 0x04}},
    {0x3260, Coding::bcd,      1, 2, 5, {0x8C, 0x20, 0xFB, 0x82, 0x74}},
    {0x3280, Coding::bcd,      1, 2, 5, {0x9C, 0x20, 0xFB, 0x82, 0x74}},
    {0x32A0, Coding::bcd,      1, 2, 5, {0xAC, 0x20, 0xFB, 0x82, 0x74}},
};
// clang-format on
inline constexpr int record_count = static_cast<int>(sizeof(records) / sizeof(records[0]));

/// Telegrams' contents: the default one, the two that a master asks for with CI B1 and B4, and all.
enum class Set : std::uint8_t { standard, measured, phases, everything };

/// How many records `set` has, and its n-th.
int count_of(Set set);
const Record& record_of(Set set, int n);

/// A record never takes more: a text's head, length and letters.
inline constexpr int max_record_bytes = max_head_bytes + 1 + registers::max_row_bytes;

/// Writes the record, and returns its bytes.
int put_record(const registers::MeterData& data, const Record& record, std::uint8_t* bytes);

// --- writing ------------------------------------------------------------------------------------

/// General application errors (CI 70).
enum class Error : std::uint8_t {
  unspecified = 0,
  unknown_ci = 1,
  buffer_too_long = 2,
  too_many_records = 3,
  premature_end = 4,
  too_many_difes = 5,
  too_many_vifes = 6,
  busy = 8,
  none = 0xFF,  ///< not of the standard
};

/// A record as it stands in a telegram.
struct GivenRecord {
  const std::uint8_t* head;
  int head_bytes;
  const std::uint8_t* data;
  int data_bytes;
};

/// Takes the next record from `bytes`, which begins at `next`, and moves `next` behind it; fillers
/// are passed over, `record.head_bytes` is 0 when nothing follows them.
Error next_record(const std::uint8_t* bytes, int count, int& next, GivenRecord& record);

/// The row that a record with this head is read from, and its bytes there, big endian; null: none.
const registers::Row* row_of(const GivenRecord& record, std::uint8_t* row_bytes);

}  // namespace metrology::mbus
