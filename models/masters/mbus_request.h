// What an M-Bus master is asked to send, and what comes of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/masters/exchange_loop.h"
#include "models/masters/mbus_frames.h"

namespace models::masters {

/// A request that got nothing, or something damaged, is sent again so often (EN 13757-2).
inline constexpr int mbus_repeats = 2;

struct MbusRequest {
  std::vector<OutgoingCharacter> characters;  ///< as sent, with FCB 0
  /// Where among them C and CS stand; without C it is sent as it stands, without CS that stays.
  std::optional<std::size_t> control;
  std::optional<std::size_t> checksum;
  std::optional<bool> fcb;  ///< none: as the master keeps it for the address
  bool awaits_answer = true;
  bool all_telegrams = false;  ///< asks on, FCB toggled, while an answer ends in DIF 1F
  int repeats = mbus_repeats;
  bool repeats_collisions = true;
  Ps not_before = 0;                   ///< the driver goes on then at the earliest
  std::optional<Ps> wait;              ///< for the answer; none: 330 bit times + 50 ms
  std::optional<SerialFormat> format;  ///< from this request on
  std::uint64_t tag = 0;
};

/// A frame without silences or errors. Nothing is awaited of one to 255.
MbusRequest mbus_request(const MbusBytes& frame);

enum class MbusOutcome {
  answer,       ///< a sound frame
  acknowledge,  ///< E5
  error,        ///< a sound frame with CI 70
  no_answer,    ///< none came in time
  bad_frame,    ///< what came is no frame, or has characters with errors
  collision,    ///< two ends drew current at once, whatever was heard
  broadcast,    ///< none was awaited, none came
};

/// The last try of a request, or of one telegram.
struct MbusExchange : Exchange {
  MbusOutcome outcome = MbusOutcome::no_answer;
  std::optional<MbusFrame> frame;  ///< of an answer, an acknowledge or an error
  int error = -1;                  ///< its code; −1: none, or no error
  int tries = 1;
  int telegram = 0;  ///< number in a chain

  bool failed() const {
    return outcome == MbusOutcome::no_answer || outcome == MbusOutcome::bad_frame ||
           outcome == MbusOutcome::collision;
  }
};

}  // namespace models::masters
