// The data readout: every entry of the OBIS table (obis.h) that the meter has, a line each. The
// text is made piece by piece as the line takes it; a value is that of the moment when its piece
// is made.
//
//   STX 1.8.0(123.45*kWh) CR LF … ! CR LF ETX BCC
#pragma once

#include <cstdint>

#include "metrology/protocol/iec62056/message.h"
#include "metrology/registers/access.h"

namespace metrology::iec62056 {

struct Readout {
  std::uint8_t next;   ///< entry of the table; behind the last one the end, and behind that nothing
  std::uint8_t check;  ///< BCC up to here
};

inline void begin(Readout& readout) { readout = {}; }

/// The next piece, in `piece`; false: there is none, the readout is complete.
bool next_piece(Readout& readout, const registers::MeterData& data, Answer& piece);

/// Whether next_piece() has no more.
bool is_complete(const Readout& readout);

}  // namespace metrology::iec62056
