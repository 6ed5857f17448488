#include "metrology/protocol/mbus/slave.h"

namespace metrology::mbus {

namespace {

// C field.
constexpr unsigned c_from_master = 0x40;
constexpr unsigned c_fcb = 0x20;
constexpr unsigned c_fcv = 0x10;
constexpr unsigned c_service = 0x0F;

constexpr std::uint8_t ci_select = 0x52;
constexpr std::uint8_t ci_select_mode_2 = 0x56;

constexpr int address_bytes = 8;
/// The enhanced selection: a record of the fabrication number behind the address.
constexpr int enhanced_bytes = address_bytes + 6;
constexpr std::uint8_t fabrication_dif = 0x0C;
constexpr std::uint8_t fabrication_vif = 0x78;
constexpr std::uint8_t any_byte = 0xFF;

bool begins(const Receiver& receiver, const Character& character) {
  return character.first || receiver.phase == Phase::idle;
}

// --- frames -------------------------------------------------------------------------------------

bool fcv(const Frame& frame) { return (frame.c & c_fcv) != 0; }
bool fcb(const Frame& frame) { return (frame.c & c_fcb) != 0; }

/// The service of a frame from a master; false: none that this slave knows, or in a frame of
/// another length.
bool service_of(const Frame& frame, Service& service) {
  if (frame.type == FrameType::single) return false;
  if ((frame.c & ~(c_fcb | c_fcv | c_service)) != c_from_master) return false;
  service = static_cast<Service>(frame.c & c_service);
  switch (service) {
    case Service::reset:
      return frame.type == FrameType::brief && !fcv(frame);
    case Service::request_alarm:
    case Service::request_user_data:
      return frame.type == FrameType::brief;
    case Service::send_user_data:
      return frame.type == FrameType::full;
  }
  return false;
}

bool is_selection(const Frame& frame, Service service) {
  return frame.a == selected_address && service == Service::send_user_data &&
         (frame.ci == ci_select || frame.ci == ci_select_mode_2);
}

bool is_for(const Slave& slave, std::uint8_t address, std::uint8_t id) {
  if (address == selected_address) return slave.selected;
  return address == id || address == test_address || address == broadcast_address;
}

Indication select(Slave& slave, const Frame& frame, const Identity& identity) {
  slave.selected = frame.ci == ci_select && selects(frame.data, frame.data_bytes, identity);
  if (!slave.selected) return {};
  slave.selection.known = false;
  return {Indication::Kind::restart, Service::send_user_data, true, true};
}

Indication reset_link(Slave& slave, const Frame& frame) {
  const bool to_selected = frame.a == selected_address;
  const bool answered = to_selected ? slave.selected : frame.a != broadcast_address;
  slave.own.known = false;
  if (to_selected) {
    slave.selection.known = false;
    slave.selected = false;
  }
  return {Indication::Kind::restart, Service::reset, answered, false};
}

// --- selection ----------------------------------------------------------------------------------

std::uint32_t low_first(const std::uint8_t* bytes) {
  return bytes[0] | std::uint32_t{bytes[1]} << 8U | std::uint32_t{bytes[2]} << 16U |
         std::uint32_t{bytes[3]} << 24U;
}

bool digits_match(std::uint32_t wanted, std::uint32_t digits) {
  for (unsigned place = 0; place < 32; place += 4) {
    const std::uint32_t digit = (wanted >> place) & 0xFU;
    if (digit != 0xF && digit != ((digits >> place) & 0xFU)) return false;
  }
  return true;
}

bool byte_matches(std::uint8_t wanted, std::uint8_t value) {
  return wanted == any_byte || wanted == value;
}

bool manufacturer_matches(const std::uint8_t* bytes) {
  const unsigned wanted = bytes[0] | unsigned{bytes[1]} << 8U;
  return wanted == 0xFFFF || wanted == manufacturer;
}

}  // namespace

void take(Receiver& receiver, const Character& character) {
  if (begins(receiver, character)) {
    receiver.phase = Phase::receiving;
    receiver.heard = 0;
    receiver.count = 0;
    if (character.damaged) receiver.phase = Phase::skipping;
  } else if (receiver.phase == Phase::receiving &&
             (character.damaged || character.after_gap || receiver.count == max_frame_bytes)) {
    receiver.phase = Phase::skipping;
  }
  if (receiver.heard != UINT16_MAX) ++receiver.heard;
  if (receiver.phase == Phase::receiving) receiver.bytes[receiver.count++] = character.byte;
}

bool end_frame(Receiver& receiver, bool rested, Frame& frame) {
  const Phase phase = receiver.phase;
  const bool whole = phase == Phase::receiving && parse(receiver.bytes, receiver.count, frame);
  receiver.phase = Phase::idle;
  receiver.heard = 0;
  receiver.count = 0;
  if (phase == Phase::waiting || phase == Phase::idle) return false;
  const bool too_early = receiver.after_error && !rested;
  receiver.after_error = !whole || too_early;
  return whole && !too_early;
}

Indication judge(Slave& slave, const Frame& frame, const Identity& identity) {
  Service service{};
  if (!service_of(frame, service)) return {};
  if (is_selection(frame, service)) return select(slave, frame, identity);
  if (service == Service::reset && frame.a == selected_address) return reset_link(slave, frame);
  if (!is_for(slave, frame.a, identity.id)) return {};
  if (service == Service::reset) return reset_link(slave, frame);

  const bool answered = frame.a != broadcast_address;
  const FrameMemory* memory = memory_of(slave, frame);
  const bool repeats = memory != nullptr && fcv(frame) && memory->known &&
                       memory->fcb == fcb(frame) && memory->service == service;
  const bool individually = answered && frame.a != test_address;
  return {repeats ? Indication::Kind::repeat : Indication::Kind::carry_out, service, answered,
          individually};
}

FrameMemory* memory_of(Slave& slave, const Frame& frame) {
  if (frame.a == broadcast_address) return nullptr;
  return frame.a == selected_address ? &slave.selection : &slave.own;
}

void remember(Slave& slave, const Frame& frame, const Answer& answer) {
  FrameMemory* memory = memory_of(slave, frame);
  if (memory == nullptr || !fcv(frame)) return;
  *memory = {true, fcb(frame), static_cast<Service>(frame.c & c_service), answer};
}

bool selects(const std::uint8_t* data, int count, const Identity& identity) {
  if (count != address_bytes && count != enhanced_bytes) return false;
  if (!digits_match(low_first(data), identity.identification) || !manufacturer_matches(data + 4) ||
      !byte_matches(data[6], version) || !byte_matches(data[7], medium_electricity)) {
    return false;
  }
  if (count == address_bytes) return true;
  const std::uint8_t* const record = data + address_bytes;
  return record[0] == fabrication_dif && record[1] == fabrication_vif &&
         digits_match(low_first(record + 2), identity.fabrication);
}

}  // namespace metrology::mbus
