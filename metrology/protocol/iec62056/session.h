// The meter's end of a mode C dialogue: characters, silences and times in, answers out. No hardware
// and no clock: whoever drives it says when each thing was, in core clocks.
//
// clang-format off
//   in          event                                            goes to      answer
//   idle        sign-on to this meter or to any                  identified   identification
//   idle        anything else                                    idle         –
//   identified  sign-on to this meter or to any                  identified   identification
//   identified  sign-on to another meter                         idle         –
//   identified  option: protocol 0, mode 0                       readout      readout, at the rate chosen
//   identified  option: protocol 0, mode 1                       locked       P0, at the rate chosen
//   identified  … while programming is barred                    leaving      B0, at the rate chosen
//   identified  any other option, or message, or a damaged one   readout      readout, at 300 Bd
//   identified  1500 ms without an option                        readout      readout, at 300 Bd
//   readout     sign-on to this meter or to any                  identified   identification
//   readout     anything else; 1500 ms                           idle         –
//   locked      P1 with the right password                       unlocked     ACK
//   both        P1 with a wrong one                              locked       error 09
//   both        … the third in a row                             leaving      B0; bars programming
//   unlocked    R1, W1, R5, W5                                   unlocked     of register_access.h
//   locked      R1, W1, R5, W5                                   locked       error 08
//   both        B0, B1; 60 s                                     idle         –
//   both        any other command with the right BCC             the same     error 01
//   both        damaged, torn by ta, wrong BCC, no command       the same     NAK; after ta none
//   both        … the fourth in a row                            leaving      B0
//   all but idle  NAK                                            the same     the last one again
//   all but idle  … the fourth in a row                          leaving      B0
//   leaving     its answer is sent                               idle         –
//   any         break                                            idle         –
// clang-format on
//
// In idle the rate is 300 Bd.
//
// Times (IEC 62056-21 §6.3.13…; where it gives a range, [twin]): an answer begins tr = 200 ms after
// the end of what it answers; a message that stops for more than ta = 1500 ms is dropped; the
// option and a repeat of the readout may begin up to 1500 ms after the answer before, and a readout
// without an option begins tr after that; in programming mode 60 s may pass between the end of an
// answer or a message and the next character; programming is barred for 60 s from the end of the
// third wrong password on. A time that is just reached counts as kept.
//
// A message may come in pieces, each ended by a silence that the driver judges. What follows a
// whole message within its piece is not looked at. Only characters that can begin a message in the
// phase do; what else stands before one spoils nothing, what stands alone counts as damaged.
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "metrology/protocol/iec62056/message.h"
#include "metrology/protocol/iec62056/readout.h"
#include "metrology/protocol/iec62056/register_access.h"

namespace metrology::iec62056 {

/// Core counter, bits 31…0. Times that are compared lie less than 85 s apart.
using Cycle = std::uint32_t;

/// So many milliseconds in core clocks, rounded up.
constexpr Cycle cycles_of_ms(std::int64_t ms) {
  return static_cast<Cycle>((ms * hal::core_hz + 999) / 1000);
}

inline constexpr Cycle reaction_cycles = cycles_of_ms(200);            ///< tr
inline constexpr Cycle character_gap_cycles = cycles_of_ms(1500);      ///< ta
inline constexpr Cycle option_wait_cycles = cycles_of_ms(1500);        ///< for the option, a repeat
inline constexpr Cycle inactivity_cycles = cycles_of_ms(60'000);       ///< in programming mode
inline constexpr Cycle programming_bar_cycles = cycles_of_ms(60'000);  ///< after wrong passwords
/// The bar is forgotten when every message that ended before its end has been heard.
inline constexpr Cycle bar_memory_cycles = cycles_of_ms(61'000);
/// Wrong passwords in a row that end the session, and faults or repeats in a row that are borne.
inline constexpr int password_limit = 3;
inline constexpr int try_limit = 3;

/// A character with what the UART found out about it.
struct Character {
  std::uint8_t byte;
  bool damaged;   ///< parity, framing, or others lost before it
  bool is_break;  ///< the light was on for longer than a character
};

enum class Phase : std::uint8_t { idle, identified, readout, locked, unlocked, leaving };

/// How far the message on its way has come.
enum class Receiving : std::uint8_t { nothing, line, command, check, whole };

struct Session {
  Phase phase;
  std::uint8_t rate;  ///< digit of the baud rate that is spoken, of bauds
  Receiving receiving;
  bool damaged;  ///< a character of the message, or all of them outside of one
  bool noise;    ///< there were characters outside of a message
  bool broken;   ///< there was a break
  std::uint8_t count;
  std::uint8_t bytes[max_message_size];
  Cycle since;  ///< end of the newest piece or answer
  std::uint8_t faults;
  std::uint8_t repeats;
  std::uint8_t wrong_passwords;
  bool barred;  ///< programming is, for a while from `barred_since` on
  Cycle barred_since;
  bool reads_out;  ///< the last answer is the readout; else it is `answer`
  Answer answer;
};
static_assert(std::is_trivially_copyable_v<Session>);

/// What is to be sent, at the session's rate; its first start edge tr after `from`.
struct Reply {
  enum class Kind : std::uint8_t { none, answer, readout };
  Kind kind;
  Cycle from;
};

/// Ends the dialogue; wrong passwords and their bar remain.
void reset(Session& session);

/// A character has been received.
void take(Session& session, const Character& character);

/// A piece of a message has ended at `end`, its last character's.
Reply end_piece(Session& session, Cycle end, const Bank& bank);

/// Nothing has been received by `now`, or a character that began at `now`: what was awaited longer
/// has not come.
Reply pass_time(Session& session, Cycle now);

/// The answer's last character has ended at `end`. Between a reply and this nothing else is told.
void sent(Session& session, Cycle end);

/// Until when nothing happens by time alone; false: for ever.
bool next_deadline(const Session& session, Cycle& deadline);

}  // namespace metrology::iec62056
