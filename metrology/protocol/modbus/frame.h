// Modbus RTU frames: bytes ↔ structs. Pure functions; whether a frame is for this meter and what it
// does to the registers is not decided here.
//
//   request                    bytes
//   03, 04 read registers      id fc  address:2 count:2                     crc:2
//   06 write one register      id 06  address:2 value:2                     crc:2
//   10 write registers         id 10  address:2 count:2 n:1 value:n         crc:2
//   any other function         id fc  …                                     crc:2
//
//   answer
//   03, 04                     id fc  n:1 value:n                           crc:2
//   06                         id 06  address:2 value:2                     crc:2
//   10                         id 10  address:2 count:2                     crc:2
//   exception                  id fc+80 code:1                              crc:2
//   … of old firmware          fc+80 code:1, nothing else (`legacy_exceptions`)
//
// Numbers are big endian, the CRC alone has its low byte first. A frame has 4 … 256 bytes. (Modbus
// Application Protocol V1.1b3, Modbus over Serial Line V1.02.)
#pragma once

#include <cstdint>

namespace metrology::modbus {

inline constexpr int min_frame_bytes = 4;
inline constexpr int max_frame_bytes = 256;
/// Most registers of one read and one write.
inline constexpr int max_read_registers = 125;
inline constexpr int max_write_registers = 123;

/// The address that every slave hears; meters have 1 … 247.
inline constexpr std::uint8_t broadcast_id = 0;

enum class Function : std::uint8_t {
  read_holding_registers = 0x03,
  read_input_registers = 0x04,
  write_single_register = 0x06,
  write_multiple_registers = 0x10,
};

enum class Exception : std::uint8_t {
  none = 0,
  illegal_function = 1,
  illegal_data_address = 2,
  illegal_data_value = 3,
  server_device_failure = 4,
};

/// CRC-16, polynomial 0x8005 reflected, initial value 0xFFFF.
std::uint16_t crc16(const std::uint8_t* bytes, int count);

/// Whether `bytes` are a frame that arrived as it was sent: long enough, with the right CRC.
bool is_whole(const std::uint8_t* bytes, int count);

/// A request as it stands in a frame; nothing in it is judged but its length.
struct Request {
  std::uint8_t id;
  Function function;  ///< any number
  bool length_fits;   ///< the frame is as long as function and byte count say
  std::uint16_t address;
  std::uint16_t count;         ///< of registers; 1 for function 06
  const std::uint8_t* values;  ///< 2 · count bytes of the frame, if it writes and the length fits
};

/// The request in a frame that is_whole(). Its values stay where they are, in `bytes`.
Request parse(const std::uint8_t* bytes, int count);

constexpr bool is_read(Function function) {
  return function == Function::read_holding_registers || function == Function::read_input_registers;
}
constexpr bool is_write(Function function) {
  return function == Function::write_single_register ||
         function == Function::write_multiple_registers;
}

struct Answer {
  int size;
  std::uint8_t bytes[max_frame_bytes];
};

/// Begins the answer to a read of `count` registers: 2 · `count` bytes of values are to be added.
void begin_read_answer(Answer& answer, std::uint8_t id, Function function, int count);
/// Adds the byte `value`.
inline void add(Answer& answer, std::uint8_t value) { answer.bytes[answer.size++] = value; }
/// Adds the CRC.
void seal(Answer& answer);

/// The whole answer to a write that was carried out; the request's `id` is not looked at.
void put_write_answer(Answer& answer, std::uint8_t id, const Request& request);
/// The whole answer to a request that was not.
void put_exception(Answer& answer, std::uint8_t id, Function function, Exception exception,
                   bool legacy);

}  // namespace metrology::modbus
