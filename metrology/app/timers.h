// The real-time clock has one alarm; this shares it between several named timers:
//
//   rtc irq → note_alarm(), serve_timers()     main loop → each user's task asks take_expired(…)
//                                              for its own timer
//
// The next deadline is armed in the handler, so that it does not wait for a busy main loop.
// Times are ticks of the RTC, 1/32 768 s, which wrap every 36 hours: a deadline lies less than 2^31
// ticks, 18 hours, from now. Only tasks of the main loop set and cancel timers.
#pragma once

#include <cstdint>

#include "metrology/hal/bus.h"

namespace metrology::app {

/// One line a user. Whoever owns a timer asks take_expired() for it in every turn of the main loop:
/// an expired timer that nobody takes keeps the CPU awake.
enum class Timer : std::uint8_t {
  storage,        ///< the store's next look at the EEPROM
  periodic_save,  ///< counters are saved
  panel,          ///< the display's state machine
  presentation,   ///< what it composed is due on the glass
  ir,             ///< the infra-red dialogue's patience
  mbus_rate,      ///< a baud rate on trial is given up
  s0_rate,        ///< another rate of the S0 outputs holds
};
inline constexpr int timer_count = 7;

struct Timers {
  std::uint32_t deadline[timer_count];  ///< of those running
  bool running[timer_count];
  bool expired[timer_count];  ///< and not yet taken
  bool armed;                 ///< the RTC's alarm is set for `armed_for`
  std::uint32_t armed_for;
  bool alarm;  ///< it went off: set by the interrupt's handler, cleared by serve_timers()
};

// --- pure ---------------------------------------------------------------------------------------

/// Whether `deadline` has come at `now`.
constexpr bool has_come(std::uint32_t deadline, std::uint32_t now) {
  return static_cast<std::int32_t>(deadline - now) <= 0;
}

/// Starts `timer`, or starts it anew; what it left expired is forgotten.
void start(Timers& timers, Timer timer, std::uint32_t deadline);

/// Stops `timer`; what it left expired is forgotten.
void stop(Timers& timers, Timer timer);

/// Lets every timer whose deadline has come at `now` expire.
void expire(Timers& timers, std::uint32_t now);

/// The running timers' first deadline, in `deadline`; false: none runs.
bool first_deadline(const Timers& timers, std::uint32_t now, std::uint32_t& deadline);

/// Whether `timer` has expired since last asked.
bool take_expired(Timers& timers, Timer timer);

/// Whether the main loop has something to do for timers.
bool work_pending(const Timers& timers);

// --- with the RTC -------------------------------------------------------------------------------

/// The RTC's count.
std::uint32_t read_ticks(hal::Bus& bus);

/// For tasks: `timer` expires at tick `deadline`; at once if that has come already. Interrupts are
/// enabled afterwards.
void set_timer(Timers& timers, hal::Bus& bus, Timer timer, std::uint32_t deadline);

/// For tasks: `timer` does not expire any more. Interrupts are enabled afterwards.
void cancel_timer(Timers& timers, hal::Bus& bus, Timer timer);

/// The RTC interrupt's handler: takes the alarm.
void note_alarm(Timers& timers, hal::Bus& bus);

/// The RTC interrupt's handler, then: after an alarm lets timers expire and arms the next deadline.
void serve_timers(Timers& timers, hal::Bus& bus);

}  // namespace metrology::app
