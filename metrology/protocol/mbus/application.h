// The M-Bus slave's application layer: what a frame asks of the meter, and the answer to it
// (EN 13757-3, pro380 §5). No hardware and no clock.
//
//   service    CI                       does                                    answer
//   SND_UD     50 application reset     the default set is read; after           E5
//                                       subcode 00 everything
//              51 data send             writes records                           E5
//              54 synchronise           nothing: the meter keeps no time         E5
//              B1, B4, without data     –                                        RSP_UD, that set
//              B8 … BD baud rate        after E5 the new rate, if the meter      E5
//                                       alone was meant
//              BE, BF baud rate         nothing: 19 200 and 38 400 Bd are not    E5
//                                       spoken
//              any other                nothing                                  E5, error 1
//   REQ_UD2                             the set's next telegram                  RSP_UD, CI 72
//                                       … an error is to be told                 RSP_UD, CI 70
//   REQ_UD1                             an alarm, or none                        RSP_UD, CI 71; E5
//
// What SND_UD brings is acknowledged by E5 when it arrived, whatever becomes of it. What was
// refused has changed nothing, no record of several, and is told once in answer to the next
// REQ_UD2:
//   0 a record, or its value, that the meter does not take; 1 CI unknown (mode 2 too);
//   3 more than 16 records; 4 data end within a record; 5, 6 more than ten DIFE, VIFE;
//   8 the EEPROM cannot keep it.
// A new SND_UD, SND_NKE or a selection let it be forgotten [twin].
//
// Alarms [twin]: one byte, the error code of the second generation's map: bit 0 program, 1 EEPROM,
// 2 … 4 phase L1 … L3 missing.
// Status byte: bit 3 program or EEPROM fault, bit 4 a phase is missing [twin].
//
// Writing: each record as it is read (records.h); 07 79 with the whole secondary address sets the
// identification, its other parts must be the meter's own or wildcards [twin].
//
// A telegram has as many records as fit 240 bytes; when more follow, its data end in DIF 1F and the
// next REQ_UD2 gives them, after the last the first. Application reset, SND_NKE and a selection
// begin with the first. The access number counts RSP_UD with CI 72, from 0 at power-up.
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/protocol/mbus/records.h"
#include "metrology/protocol/mbus/slave.h"
#include "metrology/registers/access.h"

namespace metrology::mbus {

struct Application {
  Set set;
  std::uint8_t next;           ///< record of the set that the next telegram begins with
  std::uint8_t access_number;  ///< of the next answer
  Error error;                 ///< to be told
};
static_assert(std::is_trivially_copyable_v<Application>);

/// As it is after power-up.
inline void reset(Application& application) { application = {Set::standard, 0, 0, Error::none}; }

/// What of the meter frames reach. Lives as long as one frame.
struct Bank {
  registers::MeterData data;
  Identity identity;
  bool memory_answers;  ///< the EEPROM can keep what is written
  void* context;        ///< for `write`
  /// Writes a row that the port may write; it says itself whether it takes the value.
  registers::WriteResult (*write)(void* context, const registers::Row& row,
                                  const std::uint8_t* bytes);
};

/// What is to be done about a frame.
struct Reaction {
  bool answered;       ///< the answer is to be sent
  std::uint16_t baud;  ///< the rate that is to hold after it; 0: no change
};

/// Does all that `frame` asks. `answer` is only then one when it is to be sent.
Reaction serve(Slave& slave, Application& application, const Frame& frame, const Bank& bank,
               Answer& answer);

}  // namespace metrology::mbus
