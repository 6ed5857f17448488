// The 16-bit encodings of RV32C.
#pragma once

#include <cstdint>

#include "platform/rv32/instruction.h"

namespace platform::rv32 {

/// The instruction that `half`, whose bits 1:0 are not 11, stands for, two bytes long. Reserved
/// encodings, RV64C's and those of floating point are Op::illegal; hints do nothing.
Instruction expand(std::uint16_t half);

}  // namespace platform::rv32
