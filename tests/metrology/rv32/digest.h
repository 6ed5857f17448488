// One number that stands for all the firmware's arithmetic on generated samples: signal path,
// booking, measured values, play-out. The native build and the RV32 image must find the same one.
// Freestanding; integers only on the input side.
#pragma once

#include <cstdint>

namespace digest {

/// Instructions retired so far, modulo 2^32; natively a function that returns 0.
using InstructionCounter = std::uint32_t (*)();

/// Most instructions that one call of each stage took.
struct Worst {
  std::uint32_t block;         ///< signal path, a whole block of samples
  std::uint32_t book;          ///< one window
  std::uint32_t refresh;       ///< the measured values of a second
  std::uint32_t correction;    ///< temperature, and what follows from it
  std::uint32_t settle;        ///< settling and adding a window
  std::uint32_t plan;          ///< planning one output's next pulse
  std::uint32_t request;       ///< reading a register row and what is behind it
  std::uint32_t page;          ///< a page of the display, from rows to segments
  std::uint32_t panel;         ///< the panel's state machine, from one deadline to the next
  std::uint32_t character;     ///< a character from the bus
  std::uint32_t modbus;        ///< a request for the longest run of rows, and its answer
  std::uint32_t write;         ///< a request to write, as long as frames get
  std::uint32_t ir_character;  ///< a character from the infra-red port
  std::uint32_t ir_message;    ///< the end of a message, and its answer
  std::uint32_t ir_line;       ///< a line of the readout
  std::uint32_t mbus_character;
  std::uint32_t mbus_frame;   ///< the longest frame judged
  std::uint32_t mbus_answer;  ///< a request for a telegram of everything, and its answer
  std::uint32_t mbus_write;   ///< sixteen records looked up, tried and written
  std::uint32_t slice;        ///< of the look at the program's constants
};

struct Result {
  std::uint64_t digest;
  std::uint32_t windows;
  std::uint32_t pulses;
  Worst worst;
};

/// Runs `blocks` blocks of 128 sample sets.
Result run(int blocks, InstructionCounter instructions);

/// 5 s: every stage has been through its refreshes, its directions and both its S0 bands.
inline constexpr int blocks_compared = 160;

}  // namespace digest
