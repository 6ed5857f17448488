// All the times that the panel keeps, in one table (pro380 §8). The time a page stands in automatic
// scrolling is not among them: it is register 0x1510.
#pragma once

#include <cstdint>

#include "metrology/hal/memory_map.h"

namespace metrology::ui {

/// Ticks of the real-time clock, 1/32 768 s, since power-on.
using Tick = std::int64_t;
inline constexpr Tick never = INT64_MAX;

enum class Time : std::uint8_t {
  debounce,
  test_pattern,
  manual_timeout,
  hold,
  programming_idle,
  ratio_hold,
  ratio_idle,
  backlight,
  blink,
};

struct TimeConstant {
  Time time;
  std::uint16_t ms;
  bool scaled;  ///< a scenario's time scale holds for it
};

/// The debounce time belongs to the contacts, which no scenario makes faster: it is not scaled.
inline constexpr TimeConstant time_constants[] = {
    {Time::debounce, 20, false},             ///< a level that stands so long is the button's
    {Time::test_pattern, 2'000, true},       ///< all segments after power-on
    {Time::manual_timeout, 30'000, true},    ///< without a press: back to scrolling
    {Time::hold, 5'000, true},               ///< of a button, opens programming
    {Time::programming_idle, 10'000, true},  ///< without a press: what was chosen is stored
    {Time::ratio_hold, 30'000, true},        ///< of both buttons, stores the CT ratio for ever
    {Time::ratio_idle, 30'000, true},        ///< without a press: the choice of a ratio is left
    {Time::backlight, 30'000, true},         ///< after a press in the mode bl btn
    {Time::blink, 250, true},                ///< each off and each on of the two blinks
};
inline constexpr int time_constant_count =
    static_cast<int>(sizeof(time_constants) / sizeof(time_constants[0]));

/// The table in ticks.
struct Times {
  Tick ticks[time_constant_count];

  constexpr Tick operator[](Time time) const { return ticks[static_cast<int>(time)]; }
};

/// The table scaled by `scale_permille` (0 stands for 1000), rounded up to whole ticks, at least
/// one each.
constexpr Times make_times(std::uint32_t scale_permille) {
  constexpr std::int64_t unscaled = 1000;
  const std::int64_t scale = scale_permille == 0 ? unscaled : scale_permille;
  Times times{};
  for (const TimeConstant& row : time_constants) {
    const std::int64_t us = row.ms * (row.scaled ? scale : unscaled);
    const Tick ticks = (us * hal::rtc::ticks_per_second + 999'999) / 1'000'000;
    times.ticks[static_cast<int>(row.time)] = ticks > 0 ? ticks : 1;
  }
  return times;
}

}  // namespace metrology::ui
