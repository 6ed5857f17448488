// Time stamps as tables of loads have them.
//
//   900          seconds, with decimals or without
//   00:15        of the day, hours and minutes, seconds if wanted; a time that is not after the one
//                before it is of the next day, 24:00 the day's end
//   2026-01-31T00:15:00+01:00   ISO 8601, a blank for the T, seconds and zone if wanted; Z is UTC
//   31.01.2026 00:15            the same in the German order
//
// A stamp without a zone is taken as it stands, without summer time.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tools/scenario/decimal.h"

namespace tools {

class ProfileStamps {
 public:
  /// The stamp in picoseconds, of which only differences mean something: nothing for what is no
  /// stamp, or of another kind than those before it.
  std::optional<Int128> read(std::string_view text);

 private:
  enum class Kind : std::uint8_t { unknown, seconds, time_of_day, date };

  std::optional<Int128> of_day(std::string_view text);

  Kind kind_ = Kind::unknown;
  std::int64_t day_ = 0;
  Int128 last_of_day_ = -1;
};

}  // namespace tools
