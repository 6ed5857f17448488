// The RS-485 terminals of Mod meters: the UART of the bus, driven for the Modbus slave.
//
//   uart irq → note_modbus():  notes the instant of a frame's end; when an answer is out, forgets
//                              what came before it and lets changed line settings hold
//   main loop → run_modbus():  takes the frame from the UART, carries the request out, arms the
//                              answer
//
// An answer's first start edge is armed in the UART, counted from the end of the request's last
// stop bit: the reply delay, or t3.5 and what the firmware needs, whichever is more. What is said
// on the line between a request and the end of its answer is not heard [twin].
//
// Line settings (ID, baud rate, parity) that a request changes hold from the end of its answer on,
// in the handler; those that another port or a broadcast changes as soon as no frame and no answer
// is under way. The port is opened when the settings are loaded. While mains fail it is closed: an
// answer that is armed or being sent is cut, what was being received is forgotten; the hold-up
// belongs to the save [twin].
#pragma once

#include "metrology/app/bus_line.h"
#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// The longest that the firmware needs [twin], in core clocks (15.9 ms), from the interrupt at t3.5
/// to the arming of the answer: the longest stretch in which the main loop does not look at the
/// port, 81 000 (tests/metrology/app_modbus.cpp), the longest request, 83 000, and much room. With
/// t3.5 at 9600 Bd it is still less than the default reply delay of 20 ms.
inline constexpr std::uint32_t processing_allowance_cycles = 400'000;

/// t1.5 as the gap, t3.5 as the silence that ends a frame, each rounded up; the driver is on a bit
/// before an answer, at most 2.6 ms [twin].
LineTimes times_of(const LineSettings& line);

/// From a request's end to the answer's first start edge, in core clocks, rounded up.
std::uint32_t reply_cycles(const LineSettings& line, std::uint32_t reply_delay_ms);

/// The interrupt of the UART.
void note_modbus(State& state, hal::Bus& bus);

/// For the main loop: whether run_modbus() has something to do.
bool modbus_work_pending(const State& state);

/// For the main loop, as often as a turn has long parts.
void run_modbus(State& state, hal::Bus& bus);

}  // namespace metrology::app
