// The M-Bus terminals of Mb meters: the UART of the bus, driven for the M-Bus slave; 8E1.
//
//   uart irq → note_mbus():   notes the instant of a frame's end; when an answer is out, forgets
//                             what came before it and lets changed line settings hold
//   main loop → run_mbus():   takes the frame from the UART, carries it out, arms the answer
//   timer mbus_rate           two minutes in which nobody was heard at a new rate
//
// A silence of more than 22 bit times tears a frame, and ends it. An answer's first start edge is
// armed in the UART: 33 bit times and the reply delay after the end of the request's last stop bit,
// or 22 bit times and what the firmware needs, whichever is more [twin]. The driver is on with the
// first start bit: mark is no current.
//
// ID and baud rate that a request changes hold from the end of its answer on, in the handler; those
// that another port or a request to everybody changes as soon as no frame and no answer is under
// way. A new ID begins with a new memory of FCB, a new rate too, and with one of 253: what is asked
// there, or again because the former rate came back, is no repetition [twin].
//
// A rate asked for with CI B8 … BD is on trial from the end of E5 on: the first whole frame that is
// heard there makes it the setting, row 1020, which is stored; two minutes without one, or mains
// that fail, and the former holds again [twin].
//
// The port is opened when the settings are loaded. While mains fail it is closed: an answer that is
// armed or being sent is cut, what was being received is forgotten [twin].
#pragma once

#include "metrology/app/bus_line.h"
#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// The longest that the firmware needs [twin], in core clocks (11.1 ms), from the interrupt at 22
/// bit times to the arming of the answer: the longest stretch in which the main loop does not look
/// at the port, the longest request with its answer (215 000 together,
/// tests/metrology/app_mbus.cpp), and room for pulses that are owed on all outputs. With 22 bit
/// times at 9600 Bd it is just less than 33 bit times and the default reply delay of 10 ms: 337 672
/// of 338 167.
inline constexpr std::uint32_t mbus_processing_allowance_cycles = 280'000;

/// How long a rate is on trial.
inline constexpr std::uint32_t mbus_trial_seconds = 120;

/// 22 bit times as the gap and as the silence that ends a frame, rounded up.
LineTimes mbus_times_of(const LineSettings& line);

/// From a request's end to the answer's first start edge, in core clocks, each part rounded up.
std::uint32_t mbus_reply_cycles(const LineSettings& line, std::uint32_t reply_delay_ms);

/// Power-on: the link as it is after a reset.
void start_mbus(State& state);

/// The interrupt of the UART.
void note_mbus(State& state, hal::Bus& bus);

/// For the main loop: whether run_mbus() has something to do that no timer tells of.
bool mbus_work_pending(const State& state);

/// For the main loop, as often as a turn has long parts.
void run_mbus(State& state, hal::Bus& bus);

}  // namespace metrology::app
