#include "tools/engine/modbus_frames.h"

#include "models/masters/crc16.h"
#include "tools/engine/frame_faults.h"

namespace tools {
namespace {

using models::masters::ModbusRequest;

void put_word(std::vector<std::uint8_t>& bytes, unsigned word) {
  bytes.push_back(static_cast<std::uint8_t>(word >> 8 & 0xFF));
  bytes.push_back(static_cast<std::uint8_t>(word & 0xFF));
}

/// Without the CRC.
std::vector<std::uint8_t> frame_of(const ModbusEntry& entry, std::size_t row,
                                   const MeterSpec* meter) {
  if (entry.action == ModbusAction::bytes) return entry.bytes;
  const metrology::registers::Row& what = *entry.rows[row];
  const std::uint8_t own_id = meter != nullptr ? modbus_id(*meter) : std::uint8_t{1};
  std::vector<std::uint8_t> bytes = {entry.to.value_or(own_id), entry.function};
  put_word(bytes, entry.second_map ? what.second_address : what.address);
  if (entry.action != ModbusAction::write) {
    put_word(bytes, static_cast<unsigned>(entry.registers.value_or(what.bytes / 2)));
    return bytes;
  }
  if (entry.function == 0x10) {
    put_word(bytes, static_cast<unsigned>(entry.bytes.size() / 2));
    bytes.push_back(static_cast<std::uint8_t>(entry.bytes.size()));
  }
  bytes.insert(bytes.end(), entry.bytes.begin(), entry.bytes.end());
  return bytes;
}

}  // namespace

std::uint8_t modbus_id(const MeterSpec& meter) {
  return static_cast<std::uint8_t>(meter.settings.meter_id.value_or(1));
}

ModbusRequest make_request(const ModbusEntry& entry, std::size_t row, const MeterSpec* meter,
                           const BusSpec& bus) {
  std::vector<std::uint8_t> bytes = frame_of(entry, row, meter);
  if (entry.crc != FrameCrc::none) models::masters::append_crc(bytes);
  if (entry.crc == FrameCrc::wrong) bytes.back() ^= 1;
  ModbusRequest request;
  for (const std::uint8_t byte : bytes) request.characters.push_back({byte, 0, false, false});
  put_faults(entry, request.characters);
  const bool reads = bytes.size() > 1 && (bytes[1] == 0x03 || bytes[1] == 0x04);
  request.awaits_answer = bytes[0] != 0 || reads;
  request.wait = entry.timeout.value_or(request.awaits_answer ? bus.timeout : bus.turnaround);
  return request;
}

}  // namespace tools
