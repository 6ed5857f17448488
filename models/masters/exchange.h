// A request and what was heard after it: what every protocol's exchanges have in common.
#pragma once

#include <cstdint>
#include <vector>

#include "models/masters/serial_end.h"

namespace models::masters {

struct Exchange {
  std::uint64_t tag = 0;  ///< whoever asked may know it again
  std::vector<std::uint8_t> request;
  Ps begin = 0;  ///< the request's first start edge
  Ps end = 0;    ///< … and its last stop bit's end
  std::vector<HeardCharacter> answer;
  bool contested = false;  ///< two ends drove at once meanwhile
  Ps judged = 0;           ///< when the master knew

  std::vector<std::uint8_t> answer_bytes() const;
  /// Whether no character of the answer has an error; of none too.
  bool all_good() const;
  /// End of the request to the first start edge of the answer, which there must be.
  Ps answer_time() const { return answer.front().start - end; }
};

}  // namespace models::masters
