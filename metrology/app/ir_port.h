// The infra-red port on the meter's front: its UART, driven for the dialogues of IEC 62056-21.
//
//   uart irq → note_ir():  notes when a piece of a message began and when it was over, and that an
//                          answer is out
//   main loop → run_ir():  takes the piece from the UART, arms the answer; goes on with the text of
//                          a readout; lets the session's times pass
//
// Two interrupts a piece: its first character, for the silence before it is judged to the clock,
// and 100 ms of silence behind its last. An answer's first start edge is armed in the UART, 200 ms
// after the end of what it answers: no code has a part in when anything is sent. What is said
// between a message and the end of its answer is not heard [twin].
//
// A readout is longer than the UART's FIFO: three lines a turn of the main loop, which comes at
// least every 31.25 ms with a block of samples, are more than the 30 characters that 9600 Bd take
// in that time. Baud rates change between a message and its answer, or with the dialogue's end;
// seven data bits and even parity stay.
//
// Times that pass without a character are told by the RTC, a character and a tick late, so that
// what has begun in time has been received; what follows is counted from the time itself. The port
// is open from when the settings are loaded; while mains fail it is closed, which ends a dialogue
// as a break would and cuts an answer.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// Silence behind a piece of a message [twin], in core clocks: 100 ms, three characters at 300 Bd
/// and half of what an answer waits.
inline constexpr std::uint32_t ir_piece_silence_cycles = iec62056::cycles_of_ms(100);

/// Lines of a readout made before it begins, and in each turn of the main loop.
inline constexpr int ir_first_lines = 6;
inline constexpr int ir_lines_a_turn = 3;

/// DIVIDER of a baud rate of iec62056::bauds, and a character's time with it, in core clocks.
std::uint32_t ir_divider(std::uint8_t rate);
std::uint32_t ir_character_cycles(std::uint8_t rate);

/// The interrupt of the UART.
void note_ir(State& state, hal::Bus& bus);

/// For the main loop: whether run_ir() has something to do.
bool ir_work_pending(const State& state);

/// For the main loop.
void run_ir(State& state, hal::Bus& bus);

}  // namespace metrology::app
