#include "tools/engine/mbus_frames.h"

#include "tools/engine/frame_faults.h"
#include "tools/scenario/load_parts.h"

namespace tools {

namespace masters = models::masters;

masters::MbusRequest make_mbus_request(const MbusEntry& entry, const MeterSpec* meter,
                                       const MbusLineSpec& line) {
  const std::uint8_t own = meter != nullptr ? mbus_address(*meter) : std::uint8_t{0};
  MbusEntry whole = entry;
  whole.checksum = FrameCrc::right;
  masters::MbusRequest request;
  if (entry.action == MbusAction::bytes) {
    for (const std::uint8_t byte : entry.bytes) request.characters.push_back({byte});
  } else {
    request = masters::mbus_request(mbus_frame_of(whole, entry.to.value_or(own)));
  }
  if (entry.checksum != FrameCrc::right && request.checksum) {
    const auto checksum =
        request.characters.begin() + static_cast<std::ptrdiff_t>(*request.checksum);
    if (entry.checksum == FrameCrc::wrong) {
      checksum->byte ^= 1;
    } else {
      request.characters.erase(checksum);
      request.checksum.reset();
    }
  }
  put_faults(entry, request.characters);
  request.fcb = entry.fcb;
  request.all_telegrams = entry.all_telegrams;
  request.repeats = entry.tries.value_or(line.tries) - 1;
  request.wait = entry.timeout ? entry.timeout : line.timeout;
  return request;
}

masters::MbusSearchOrder make_mbus_search(const MbusEntry& entry, const MbusLineSpec& line) {
  masters::MbusSearchOrder order;
  order.kind = entry.action == MbusAction::scan ? masters::MbusSearchOrder::Kind::primary
                                                : masters::MbusSearchOrder::Kind::secondary;
  order.mask = entry.secondary;
  order.from = static_cast<std::uint8_t>(entry.scan_from);
  order.to = static_cast<std::uint8_t>(entry.scan_to);
  order.repeats = entry.tries.value_or(1) - 1;
  order.wait = entry.timeout ? entry.timeout : line.timeout;
  return order;
}

}  // namespace tools
