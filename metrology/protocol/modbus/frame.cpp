#include "metrology/protocol/modbus/frame.h"

namespace metrology::modbus {

namespace {

/// What four zero bits do to the CRC's low end: polynomial 0x8005, reflected.
struct NibbleTable {
  std::uint16_t after[16] = {};
  constexpr NibbleTable() {
    for (unsigned n = 0; n < 16; ++n) {
      unsigned crc = n;
      for (int bit = 0; bit < 4; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xA001U : 0U);
      after[n] = static_cast<std::uint16_t>(crc);
    }
  }
};
constexpr NibbleTable nibbles;

constexpr int crc_bytes = 2;
/// id, function, address, and count or value.
constexpr int fixed_bytes = 6;
/// … and the byte count of function 10.
constexpr int values_offset = 7;
constexpr unsigned exception_bit = 0x80;

std::uint16_t get16(const std::uint8_t* bytes) {
  return static_cast<std::uint16_t>(bytes[0] << 8U | bytes[1]);
}

void add16(Answer& answer, std::uint16_t value) {
  add(answer, static_cast<std::uint8_t>(value >> 8U));
  add(answer, static_cast<std::uint8_t>(value & 0xFFU));
}

void begin(Answer& answer, std::uint8_t id, Function function) {
  answer.size = 0;
  add(answer, id);
  add(answer, static_cast<std::uint8_t>(function));
}

/// Function 10: byte count, count of registers and length of the frame agree.
bool values_fit(const std::uint8_t* bytes, int count) {
  if (count < values_offset + crc_bytes) return false;
  const int value_bytes = bytes[values_offset - 1];
  return value_bytes == 2 * get16(bytes + 4) && count == values_offset + value_bytes + crc_bytes;
}

}  // namespace

std::uint16_t crc16(const std::uint8_t* bytes, int count) {
  std::uint32_t crc = 0xFFFF;
  for (int n = 0; n < count; ++n) {
    crc ^= bytes[n];
    crc = (crc >> 4U) ^ nibbles.after[crc & 0xFU];
    crc = (crc >> 4U) ^ nibbles.after[crc & 0xFU];
  }
  return static_cast<std::uint16_t>(crc);
}

bool is_whole(const std::uint8_t* bytes, int count) {
  if (count < min_frame_bytes || count > max_frame_bytes) return false;
  const std::uint16_t crc = crc16(bytes, count - crc_bytes);
  return bytes[count - 2] == (crc & 0xFFU) && bytes[count - 1] == crc >> 8U;
}

Request parse(const std::uint8_t* bytes, int count) {
  Request request{};
  request.id = bytes[0];
  request.function = static_cast<Function>(bytes[1]);
  if (count < fixed_bytes + crc_bytes) return request;
  request.address = get16(bytes + 2);
  if (request.function == Function::write_multiple_registers) {
    request.count = get16(bytes + 4);
    request.length_fits = values_fit(bytes, count);
    request.values = bytes + values_offset;
  } else {
    const bool one = request.function == Function::write_single_register;
    request.count = one ? std::uint16_t{1} : get16(bytes + 4);
    request.length_fits = count == fixed_bytes + crc_bytes;
    request.values = one ? bytes + 4 : nullptr;
  }
  return request;
}

void begin_read_answer(Answer& answer, std::uint8_t id, Function function, int count) {
  begin(answer, id, function);
  add(answer, static_cast<std::uint8_t>(2 * count));
}

void seal(Answer& answer) {
  const std::uint16_t crc = crc16(answer.bytes, answer.size);
  add(answer, static_cast<std::uint8_t>(crc & 0xFFU));
  add(answer, static_cast<std::uint8_t>(crc >> 8U));
}

void put_write_answer(Answer& answer, std::uint8_t id, const Request& request) {
  begin(answer, id, request.function);
  add16(answer, request.address);
  const bool one = request.function == Function::write_single_register;
  add16(answer, one ? get16(request.values) : request.count);
  seal(answer);
}

void put_exception(Answer& answer, std::uint8_t id, Function function, Exception exception,
                   bool legacy) {
  answer.size = 0;
  if (!legacy) add(answer, id);
  add(answer, static_cast<std::uint8_t>(static_cast<unsigned>(function) | exception_bit));
  add(answer, static_cast<std::uint8_t>(exception));
  if (!legacy) seal(answer);
}

}  // namespace metrology::modbus
