// The 32-bit encodings of RV32IM, Zicsr, Zifencei and machine mode.
#pragma once

#include <cstdint>

#include "platform/rv32/instruction.h"

namespace platform::rv32 {

/// What `word`, whose bits 1:0 are 11, stands for. What is none of ours, longer encodings included,
/// is Op::illegal, four bytes long. Hints are what they look like, and do nothing.
Instruction decode(std::uint32_t word);

}  // namespace platform::rv32
