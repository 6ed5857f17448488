// What can be expected of an entry's exchanges whatever the protocol.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "tools/scenario/units.h"

namespace tools {

/// What is expected of every answer to one entry of the timeline, whatever it asked; what is not
/// said does not matter.
struct ExpectOfAnswers {
  std::size_t entry = 0;     ///< of the timeline
  std::optional<int> meter;  ///< none: whichever was asked
  std::optional<std::vector<std::uint8_t>> bytes;
  std::optional<Ps> no_sooner;
  std::optional<Ps> no_later;
};

/// How many of one entry's requests came to an outcome.
struct ExpectCountOfExchanges {
  std::size_t entry = 0;
  std::optional<int> meter;
  std::uint64_t at_least = 0;
  std::uint64_t at_most = UINT64_MAX;
};

}  // namespace tools
