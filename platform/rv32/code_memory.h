// The memory that instructions are fetched from, decoded once: an Instruction for each halfword at
// which one may begin.
#pragma once

#include <cstdint>
#include <vector>

#include "platform/rv32/instruction.h"

namespace platform::rv32 {

class CodeMemory {
 public:
  /// `bytes` must outlive this. Throws std::invalid_argument unless base and size are multiples of
  /// four, size is not 0, and no other region is touched.
  void add(std::uint32_t base, std::uint32_t size, const unsigned char* bytes);

  /// The instruction at `pc`, which is even; beyond all regions Op::fetch_fault. Holds until the
  /// next call of any function here.
  const Instruction& at(std::uint32_t pc) {
    const std::uint32_t offset = pc - window_.base;
    if (offset < window_.size) {
      const Instruction& known = window_.instructions[offset / 2];
      if (known.op != Op::undecoded) return known;
    }
    return look_up(pc);
  }

  /// Whether the instruction at `pc` lies across two words, and a redirect to it so costs a cycle
  /// more (rule R2).
  bool is_split(std::uint32_t pc) { return (pc & 2) != 0 && at(pc).length == 4; }

  /// The four bytes at `address`, where there is an instruction of that length.
  std::uint32_t word(std::uint32_t address);

  /// These bytes have been written: what was decoded from them is forgotten.
  void changed(std::uint32_t address, std::uint32_t length) {
    // Most writes go to data, and end here.
    if (address <= decoded_last_ && address + (length - 1) >= decoded_first_) {
      forget(address, length);
    }
  }

 private:
  struct Region {
    std::uint32_t base;
    std::uint32_t size;
    const unsigned char* bytes;
    std::vector<Instruction> instructions;
  };
  struct Window {
    std::uint32_t base = 0;
    std::uint32_t size = 0;
    const Instruction* instructions = nullptr;
  };

  const Instruction& look_up(std::uint32_t pc);
  Region* find(std::uint32_t address);
  bool read_half(std::uint32_t address, std::uint32_t& half);
  Instruction decode_at(std::uint32_t pc);
  void forget(std::uint32_t address, std::uint32_t length);

  std::vector<Region> regions_;
  Window window_;  ///< the region last fetched from
  // The bytes that anything was ever decoded from lie between these.
  std::uint32_t decoded_first_ = UINT32_MAX;
  std::uint32_t decoded_last_ = 0;
};

}  // namespace platform::rv32
