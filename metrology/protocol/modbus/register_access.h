// What a request does to the register table, and the answer to it (pro380 §4). The checks come in
// this order, the first that fails is answered:
//
//   function 03, 04, 06 or 10                                            else exception 01
//   1 … 125 registers to read, 1 … 123 to write; the frame's length,     else exception 03
//     its byte count and its count of registers agree
//   begins and ends on edges of rows, crosses no hole, may be read;      else exception 02
//     a write is of one row, which may be written, as a whole
//   the row takes the value                                              else exception 03
//   it could be stored                                                   else exception 04
//
// A read sent to everybody is answered with the meter's own ID, and so is an exception of it; a
// write sent to everybody, and a function that is none of these, never [obs; the latter twin].
#pragma once

#include <cstdint>

#include "metrology/protocol/modbus/frame.h"
#include "metrology/registers/access.h"

namespace metrology::modbus {

/// What of the meter requests reach. Lives as long as one request.
struct Bank {
  registers::MeterData data;
  bool second_map;  ///< the second generation's addresses are served too
  bool legacy_exceptions;
  void* context;  ///< for `write`
  /// Writes a row that the port may write; it says itself whether it takes the value.
  registers::WriteResult (*write)(void* context, const registers::Row& row, registers::Port port,
                                  const std::uint8_t* bytes);
};

/// Carries `request` out. Whether it is answered; then the answer, from the meter with this `id`.
bool carry_out(const Request& request, std::uint8_t id, const Bank& bank, Answer& answer);

}  // namespace metrology::modbus
