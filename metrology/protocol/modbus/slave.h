// The Modbus slave's receiver: characters and frame ends in, requests out. No hardware and no
// clock: whoever drives it has measured the silences and says what each character's was.
//
// clang-format off
//   in          event                                    goes to
//   idle        first character, own address or 0        receiving
//   idle        first character, any other address       skipping
//   idle        any other character                      skipping
//   receiving   good character                           receiving
//   receiving   after a gap (t1.5), damaged, 257th       skipping
//   skipping    character                                skipping
//   receiving   frame end (t3.5)                         idle, with a request if the CRC holds
//   skipping    frame end                                idle
//   both        first character: the frame's end was     as from idle, nothing taken from the
//               not told                                 frame before
// clang-format on
//
// So a frame for someone else, and the answer of another slave, costs its first character; a frame
// that is torn, damaged or too long is dropped as a whole (Modbus over Serial Line V1.02, 2.5.1.1).
// A frame begins with a character after t3.5 of silence and with no other: a receiver that is
// switched on in the middle of one waits.
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/protocol/modbus/frame.h"

namespace metrology::modbus {

/// A character with what the UART found out about it.
struct Character {
  std::uint8_t byte;
  bool damaged;    ///< parity, framing, break, or others lost before it
  bool after_gap;  ///< more than t1.5 of silence before it
  bool first;      ///< more than t3.5 of silence before it
};

enum class Phase : std::uint8_t { idle, receiving, skipping };

struct Slave {
  Phase phase;
  std::uint16_t count;  ///< characters in `bytes`
  std::uint8_t bytes[max_frame_bytes];
};
static_assert(std::is_trivially_copyable_v<Slave>);

/// Forgets what was received.
inline void reset(Slave& slave) {
  slave.phase = Phase::idle;
  slave.count = 0;
}

/// A character has been received; `id` is the meter's address.
void take(Slave& slave, const Character& character, std::uint8_t id);

/// t3.5 of silence. Whether a whole frame for this meter is over; then the request in it, which
/// points into `slave` and holds until the next event.
bool end_frame(Slave& slave, Request& request);

}  // namespace metrology::modbus
