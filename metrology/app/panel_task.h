// The panel's state machine bound to buttons, display, backlight and clock.
//
//   gpio irq → note_button_edges()          with the RTC's tick of the edge
//   second's refresh → refresh_panel()
//   main loop → run_panel()                 everything at the tick it was due, however late the
//   task rtc irq → present_panel()               what was composed for that tick
//
// Code takes its time, so nothing is shown when it happens to be ready: what happens in an LCD
// frame is written into the segment RAM, and to the backlight's pin, in the middle of the second
// frame after it, 23 ms to 39 ms later [twin]. By then the task has long been through, and no frame
// begins between the writes.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// The first frame that begins after `tick` and one more, and half of it.
constexpr std::uint32_t presentation_tick(std::uint32_t tick) {
  constexpr std::uint32_t frame = hal::lcd::ticks_per_frame;
  return (tick / frame + 2) * frame + frame / 2;
}

/// Power-on: pins, glass and state machine, which shows its test pattern at once.
void start_panel(State& state, hal::Bus& bus);

/// The GPIO interrupt's handler: takes the buttons' edges.
void note_button_edges(State& state, hal::Bus& bus);

/// The rows have new values, as of the newest processed block's end.
void refresh_panel(State& state);

/// For tasks: settings may have been written by the request of core clock `request_cycle`; for the
/// panel those it goes by hold since then.
void note_settings(State& state, std::int64_t request_cycle);

/// For the main loop: whether run_panel() has something to do that no timer tells of.
bool panel_work_pending(const State& state);

/// For the main loop, in every turn.
void run_panel(State& state, hal::Bus& bus);

/// The RTC interrupt's handler, after the timers were served; and run_panel().
void present_panel(State& state, hal::Bus& bus);

/// For tasks: brown-out. Glass and backlight go dark at once, the state machine goes on.
void darken_panel(State& state, hal::Bus& bus);
/// For tasks: mains are back. Shows what would be seen now.
void light_panel(State& state, hal::Bus& bus);

}  // namespace metrology::app
