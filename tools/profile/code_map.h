// A program's code as a profile sees it: which function an address belongs to, and the few kinds of
// instruction that mean something beyond their cycles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/isa/elf_image.h"

namespace tools::profile {

enum class CodeKind : std::uint8_t {
  plain,
  call,              ///< jal or jalr that links to ra or t0
  jump_back,         ///< jalr by ra or t0 that does not link
  trap_return,       ///< mret
  wait,              ///< wfi
  interrupt_switch,  ///< csrsi or csrci mstatus, 8
  charge,            ///< slti x0, x0, N (metrology/hal/bus.h)
  charge_more,       ///< sltiu x0, rs1, N
};

struct Instruction {
  CodeKind kind;
  std::uint32_t length;  ///< 2 or 4 bytes
  std::uint32_t rs1;     ///< of charge_more
  std::uint32_t number;  ///< of charge and charge_more
};

/// What the bits are; of a 16-bit instruction the low half counts.
Instruction look_at(std::uint32_t bits);

struct Function {
  std::string name;  ///< as in the source, without the parameters
  std::uint32_t begin;
  std::uint32_t end;
};

class CodeMap {
 public:
  /// Functions are the image's symbols of functions that say their size.
  explicit CodeMap(const ElfImage& image);

  const Instruction& instruction(std::uint32_t pc) const { return place(pc).instruction; }
  /// Index into functions(); the last one stands for code that is in no function.
  std::uint16_t function(std::uint32_t pc) const { return place(pc).function; }
  const std::vector<Function>& functions() const { return functions_; }

 private:
  struct Place {
    Instruction instruction;
    std::uint16_t function;
  };
  struct Region {
    std::uint32_t base;
    std::vector<Place> places;  ///< one for each two bytes
  };

  const Place& place(std::uint32_t pc) const {
    for (const Region& region : regions_) {
      const std::uint32_t n = (pc - region.base) / 2;
      if (pc >= region.base && n < region.places.size()) return region.places[n];
    }
    return nowhere_;
  }
  void enter(std::uint16_t function);

  std::vector<Function> functions_;
  std::vector<Region> regions_;
  Place nowhere_{};
};

}  // namespace tools::profile
