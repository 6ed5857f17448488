// The records of an M-Bus telegram, taken apart (EN 13757-3): what each field says, not yet what a
// quantity it is.
//
//   DIF   bit 7 DIFE follows · 6 storage number's bit 0 · 5-4 function · 3-0 coding
//   DIFE  bit 7 DIFE follows · 6 subunit · 5-4 tariff · 3-0 storage number, from bit 1 on
//   VIF   bit 7 VIFE follows · 6-0 unit and decade
//   DIF 0F: the maker's own to the end; 1F: the same, and more records in the next telegram;
//   2F: a filler
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/masters/mbus_frames.h"

namespace models::masters {

enum class MbusFunction : std::uint8_t { instant, maximum, minimum, at_error };

struct MbusRecord {
  MbusFunction function = MbusFunction::instant;
  std::uint8_t coding = 0;  ///< bits 3-0 of the DIF
  std::uint64_t storage = 0;
  unsigned tariff = 0;
  unsigned subunit = 0;
  MbusBytes vif;   ///< VIF and VIFE without their bit 7
  MbusBytes text;  ///< a unit in words (VIF 7C), in the order of reading
  MbusBytes data;  ///< as sent, low byte first
};

/// What a record's data are as a number; text and bytes without one are none.
struct MbusNumber {
  double value = 0;
  bool overflow = false;  ///< BCD digits that are none: all F
};

/// Integer, real or BCD; F in the highest digit of a BCD is a minus.
std::optional<MbusNumber> mbus_number_of(const MbusRecord& record);
/// Of a coding of variable length (LVAR up to BF), in the order of reading.
std::optional<std::string> mbus_text_of(const MbusRecord& record);

struct MbusRecords {
  std::vector<MbusRecord> records;
  bool more_follow = false;  ///< DIF 1F
  bool whole = true;         ///< false: the last one breaks off, or has a field that cannot be
  MbusBytes makers;          ///< behind DIF 0F or 1F
};

/// Of data behind the header.
MbusRecords mbus_records(const MbusBytes& data);
/// Of a frame with CI 72; none if it has no header.
std::optional<MbusRecords> mbus_records_of(const MbusFrame& frame);

}  // namespace models::masters
