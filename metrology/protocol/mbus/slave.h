// The M-Bus slave's link layer: characters and frame ends in, indications out. No hardware and no
// clock: whoever drives it has measured the silences and says what each character's was.
//
// clang-format off
//   receiver    event                                        goes to
//   waiting     first character                              receiving
//   waiting     any other character                          waiting
//   waiting     frame end (22 bit times of silence)          idle
//   idle        any character                                receiving
//   receiving   good character                               receiving
//   receiving   after a gap, damaged, 262nd                  skipping
//   skipping    character                                    skipping
//   receiving   frame end                                    idle; a frame if the bytes are one
//   skipping    frame end                                    idle
//   any         first character: the frame's end was         receiving, nothing taken from the
//               not told                                     frame before
//   a damaged one is a begin that is skipped
// clang-format on
//
// After a frame that is none the receiver wants 33 bit times of silence: one that begins sooner is
// dropped, and after it the same is wanted again.
//
// Addresses: the meter's own (0 … 250) and 254 are answered, 253 by the selected meter, 255 is
// carried out and never answered, 251, 252 and all others are silent.
//
// Services (C without FCB and FCV): 40 SND_NKE, 43 SND_UD, 4B REQ_UD2, 4A REQ_UD1; all else is
// silent. With FCV a frame has its place in a sequence: if FCB is the one of the last such frame
// and it asks for the same service, it is a repetition, and the answer of then is sent once more;
// else it is carried out. What is remembered of 253 is separate from what is remembered of the
// meter's own address, which 254 shares; 255 has no memory, each frame is carried out [twin].
// SND_NKE and a selection forget, and let the first telegram be the next.
//
//   selection: SND_UD to 253, CI 52      matches: selected, E5; else not selected, silence
//              the same, CI 56           mode 2 is not spoken: not selected, silence
//   SND_NKE to 253                       E5 if the meter was selected; it is no longer. Forgets
//                                        what is remembered of either address, in every meter
//                                        [twin]: masters begin with it and go on with any address
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/protocol/mbus/frame.h"

namespace metrology::mbus {

inline constexpr std::uint8_t selected_address = 253;
inline constexpr std::uint8_t test_address = 254;
inline constexpr std::uint8_t broadcast_address = 255;

/// inepro's FLAG code: ('I' − 64) · 1024 + ('N' − 64) · 32 + ('M' − 64).
inline constexpr std::uint16_t manufacturer = ('I' - 64) * 1024 + ('N' - 64) * 32 + ('M' - 64);
static_assert(manufacturer == 0x25CD);
inline constexpr std::uint8_t version = 1;
inline constexpr std::uint8_t medium_electricity = 2;

/// Who the meter is on the bus.
struct Identity {
  std::uint8_t id;               ///< primary address, 0 … 250
  std::uint32_t identification;  ///< 8 BCD digits, of the secondary address
  std::uint32_t fabrication;     ///< 8 BCD digits, for the enhanced selection; never changes
};

/// A character with what the UART found out about it.
struct Character {
  std::uint8_t byte;
  bool damaged;    ///< parity, framing, break, or others lost before it
  bool after_gap;  ///< more than 22 bit times of silence before it, and not the first
  bool first;      ///< more than 22 bit times of silence before it
};

enum class Phase : std::uint8_t { waiting, idle, receiving, skipping };

struct Receiver {
  Phase phase;
  bool after_error;     ///< 33 bit times of silence are wanted
  std::uint16_t heard;  ///< characters since the frame's begin; stays at its end
  std::uint16_t count;  ///< … of them in `bytes`
  std::uint8_t bytes[max_frame_bytes];
};

/// Numbers of C's lowest four bits.
enum class Service : std::uint8_t {
  reset = 0x0,              ///< SND_NKE
  send_user_data = 0x3,     ///< SND_UD
  request_alarm = 0xA,      ///< REQ_UD1
  request_user_data = 0xB,  ///< REQ_UD2
};

/// What a sequence of frames remembers.
struct FrameMemory {
  bool known;
  bool fcb;
  Service service;
  Answer answer;
};

struct Slave {
  Receiver receiver;
  bool selected;
  FrameMemory own;        ///< of the own address and 254
  FrameMemory selection;  ///< of 253
};
static_assert(std::is_trivially_copyable_v<Slave>);

// --- receiver -----------------------------------------------------------------------------------

/// The line begins anew: nothing is being received. `may_begin`: the next character may be a
/// frame's first, whatever the silence before it, as it is after an answer of the meter's own.
inline void reset(Receiver& receiver, bool may_begin) {
  receiver.phase = may_begin ? Phase::idle : Phase::waiting;
  receiver.after_error = false;
  receiver.heard = 0;
  receiver.count = 0;
}

/// A character has been received.
void take(Receiver& receiver, const Character& character);

/// 22 bit times of silence; `rested`: at least 33 of them lay before the frame's first character.
/// Whether a whole frame is over; then it stands in `frame`, which points into `receiver` and holds
/// until the next character.
bool end_frame(Receiver& receiver, bool rested, Frame& frame);

// --- link ---------------------------------------------------------------------------------------

/// What a frame asks of the meter.
struct Indication {
  enum class Kind : std::uint8_t {
    nothing,
    restart,  ///< E5, the first telegram is the next
    repeat,   ///< the answer of memory(…) once more
    carry_out,
  };
  Kind kind;
  Service service;
  bool answered;      ///< there is an answer to send
  bool individually;  ///< to this meter alone: its own address, or selected
};

/// Judges a frame: selects, deselects, forgets, finds repetitions.
Indication judge(Slave& slave, const Frame& frame, const Identity& identity);

/// The memory that a frame for this meter belongs to, null for 255.
FrameMemory* memory_of(Slave& slave, const Frame& frame);

/// Keeps the answer to a frame that was carried out.
void remember(Slave& slave, const Frame& frame, const Answer& answer);

/// Whether the eight bytes of a secondary address, and what may follow them, mean this meter:
/// wildcards are nibbles F of the number, FFFF, FF and FF.
bool selects(const std::uint8_t* data, int count, const Identity& identity);

}  // namespace metrology::mbus
