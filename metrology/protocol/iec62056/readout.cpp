#include "metrology/protocol/iec62056/readout.h"

#include "metrology/protocol/iec62056/obis.h"
#include "metrology/protocol/iec62056/row_text.h"
#include "metrology/registers/table.h"

namespace metrology::iec62056 {

namespace {

constexpr int longest_line = 78;  // of the standard, CR and LF with it
static_assert(max_answer_size <= longest_line);

constexpr int end_index = obis_count;

constexpr bool rows_exist() {
  for (const ObisEntry& entry : obis_table) {
    bool found = false;
    for (const registers::Row& row : registers::rows) found = found || row.address == entry.row;
    if (!found) return false;
  }
  return true;
}
static_assert(rows_exist());
static_assert(end_index < UINT8_MAX);

void add_line(Answer& piece, const registers::MeterData& data, const ObisEntry& entry) {
  const registers::Row* row = registers::find(entry.row);
  if (row == nullptr) return;
  add(piece, entry.code);
  add_value(piece, data, *row, entry.part);
  add(piece, "\r\n");
}

}  // namespace

bool next_piece(Readout& readout, const registers::MeterData& data, Answer& piece) {
  if (is_complete(readout)) return false;
  piece.size = 0;
  const bool first = readout.next == 0;
  if (first) add(piece, stx);
  const registers::CombinedCode combined = data.settings.combined_code;
  while (readout.next < end_index && !has(combined, obis_table[readout.next])) ++readout.next;
  if (readout.next < end_index) {
    add_line(piece, data, obis_table[readout.next]);
  } else {
    add(piece, "!\r\n");
    add(piece, etx);
  }
  const int skipped = first ? 1 : 0;  // the BCC begins behind STX
  readout.check =
      static_cast<std::uint8_t>(readout.check ^ bcc(piece.bytes + skipped, piece.size - skipped));
  if (readout.next == end_index) add(piece, readout.check);
  ++readout.next;
  return true;
}

bool is_complete(const Readout& readout) { return readout.next > end_index; }

}  // namespace metrology::iec62056
