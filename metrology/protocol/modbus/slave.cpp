#include "metrology/protocol/modbus/slave.h"

namespace metrology::modbus {

namespace {

Phase begun(const Character& character, std::uint8_t id) {
  if (!character.first || character.damaged) return Phase::skipping;
  const bool for_this = character.byte == id || character.byte == broadcast_id;
  return for_this ? Phase::receiving : Phase::skipping;
}

}  // namespace

void take(Slave& slave, const Character& character, std::uint8_t id) {
  if (slave.phase == Phase::idle || character.first) {
    slave.phase = begun(character, id);
    slave.count = 0;
  } else if (character.damaged || character.after_gap || slave.count == max_frame_bytes) {
    slave.phase = Phase::skipping;
  }
  if (slave.phase == Phase::receiving) slave.bytes[slave.count++] = character.byte;
}

bool end_frame(Slave& slave, Request& request) {
  const bool whole = slave.phase == Phase::receiving && is_whole(slave.bytes, slave.count);
  if (whole) request = parse(slave.bytes, slave.count);
  reset(slave);
  return whole;
}

}  // namespace metrology::modbus
