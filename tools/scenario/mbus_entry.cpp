#include <algorithm>
#include <array>

#include "tools/scenario/mbus_spec.h"

namespace tools {
namespace {

namespace masters = models::masters;
using metrology::registers::Content;
using metrology::registers::Row;

/// A register's record as a master writes it: DIF, VIF and VIFE, then so many bytes.
struct WrittenRecord {
  Content content;
  std::vector<std::uint8_t> head;
  std::size_t bytes;
};

const std::vector<WrittenRecord>& written_records() {
  static const std::vector<WrittenRecord> table = {
      {Content::serial_number, {0x0C, 0x79}, 4},        // 8 digits BCD
      {Content::meter_id, {0x01, 0x7A}, 1},             // integer
      {Content::s0_rate, {0x05, 0xFF, 0x01}, 4},        // real
      {Content::combined_code, {0x02, 0xFF, 0x02}, 2},  // integer
      {Content::lcd_cycle, {0x0A, 0xFF, 0x03}, 2},      // 4 digits BCD
      {Content::tariff, {0x02, 0xFF, 0x04}, 2},         // integer
  };
  return table;
}

constexpr std::array<std::int64_t, 8> bauds = {300, 600, 1200, 2400, 4800, 9600, 19'200, 38'400};

std::vector<std::uint8_t> whole_frame_of(const MbusEntry& entry, std::uint8_t a) {
  switch (entry.action) {
    case MbusAction::service:
      return masters::mbus_short_frame(entry.control, a);
    case MbusAction::reset: {
      std::vector<std::uint8_t> data;
      if (entry.subcode) data.push_back(*entry.subcode);
      return masters::mbus_long_frame(masters::mbus_snd_ud, a, masters::mbus_ci_reset, data);
    }
    case MbusAction::select:
      return masters::mbus_select_frame(entry.secondary);
    case MbusAction::write:
      return masters::mbus_long_frame(masters::mbus_snd_ud, a, masters::mbus_ci_data, entry.bytes);
    case MbusAction::readout:
    case MbusAction::set_baud:
      return masters::mbus_long_frame(masters::mbus_snd_ud, a, entry.ci, {});
    case MbusAction::bytes:
      return entry.bytes;
    case MbusAction::search:
    case MbusAction::scan:
    case MbusAction::power_off:
      break;
  }
  return {};
}

}  // namespace

std::vector<std::uint8_t> mbus_frame_of(const MbusEntry& entry, std::uint8_t a) {
  std::vector<std::uint8_t> frame = whole_frame_of(entry, a);
  const bool raw = entry.action == MbusAction::bytes;
  if (entry.checksum == FrameCrc::none && !raw && frame.size() > 2) frame.erase(frame.end() - 2);
  return frame;
}

std::optional<std::vector<std::uint8_t>> mbus_record_of(const Row& row,
                                                        const std::vector<std::uint8_t>& value) {
  for (const WrittenRecord& record : written_records()) {
    if (record.content != row.content || value.size() < record.bytes) continue;
    std::vector<std::uint8_t> out = record.head;
    for (std::size_t i = 0; i < record.bytes; ++i) out.push_back(value[value.size() - 1 - i]);
    return out;
  }
  return std::nullopt;
}

std::optional<std::uint8_t> mbus_ci_of(std::int64_t baud) {
  const auto found = std::find(bauds.begin(), bauds.end(), baud);
  if (found == bauds.end()) return std::nullopt;
  return static_cast<std::uint8_t>(masters::mbus_ci_baud + (found - bauds.begin()));
}

masters::MbusOutcome usual_outcome(const MbusEntry& entry) {
  const bool data = entry.action == MbusAction::readout || entry.action == MbusAction::bytes ||
                    (entry.action == MbusAction::service &&
                     (entry.control & 0xF) == (masters::mbus_req_ud2 & 0xF));
  return data ? masters::MbusOutcome::answer : masters::MbusOutcome::acknowledge;
}

}  // namespace tools
