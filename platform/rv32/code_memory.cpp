#include "platform/rv32/code_memory.h"

#include <algorithm>
#include <stdexcept>

#include "platform/rv32/decode.h"
#include "platform/rv32/expand.h"

namespace platform::rv32 {
namespace {

/// Where there is no code at all: the halfword that is missing is the first.
constexpr Instruction no_code = {Op::fetch_fault, 0, 0, 0, 2, 0};
/// The second halfword of four bytes is missing.
constexpr Instruction half_a_code = {Op::fetch_fault, 0, 0, 0, 4, 2};

bool overlap(std::uint32_t base, std::uint32_t size, std::uint32_t other_base,
             std::uint32_t other_size) {
  return base - other_base < other_size || other_base - base < size;
}

}  // namespace

void CodeMemory::add(std::uint32_t base, std::uint32_t size, const unsigned char* bytes) {
  const bool is_taken = std::any_of(
      regions_.begin(), regions_.end(),
      [base, size](const Region& region) { return overlap(base, size, region.base, region.size); });
  if (base % 4 != 0 || size % 4 != 0 || size == 0 || is_taken) {
    throw std::invalid_argument("code lies in whole words of its own");
  }
  regions_.push_back({base, size, bytes, std::vector<Instruction>(size / 2)});
}

CodeMemory::Region* CodeMemory::find(std::uint32_t address) {
  for (Region& region : regions_) {
    if (address - region.base < region.size) return &region;
  }
  return nullptr;
}

bool CodeMemory::read_half(std::uint32_t address, std::uint32_t& half) {
  const Region* region = find(address);
  if (region == nullptr) return false;
  const unsigned char* bytes = region->bytes + (address - region->base);
  half = static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8);
  return true;
}

Instruction CodeMemory::decode_at(std::uint32_t pc) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  if (!read_half(pc, low)) return no_code;
  if ((low & 3) != 3) return expand(static_cast<std::uint16_t>(low));
  if (!read_half(pc + 2, high)) return half_a_code;
  return decode(high << 16 | low);
}

std::uint32_t CodeMemory::word(std::uint32_t address) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  read_half(address, low);
  read_half(address + 2, high);
  return high << 16 | low;
}

const Instruction& CodeMemory::look_up(std::uint32_t pc) {
  Region* region = find(pc);
  if (region == nullptr) return no_code;
  window_ = {region->base, region->size, region->instructions.data()};
  Instruction& instruction = region->instructions[(pc - region->base) / 2];
  if (instruction.op == Op::undecoded) {
    instruction = decode_at(pc);
    decoded_first_ = std::min(decoded_first_, pc);
    decoded_last_ = std::max(decoded_last_, pc + (instruction.length - 1u));
  }
  return instruction;
}

void CodeMemory::forget(std::uint32_t address, std::uint32_t length) {
  // An instruction of four bytes may begin in the halfword before.
  const std::uint32_t first = (address & ~1u) - 2;
  const std::uint32_t last = (address + (length - 1)) & ~1u;
  for (std::uint32_t halves = (last - first) / 2 + 1, at = first; halves > 0; --halves, at += 2) {
    if (Region* region = find(at)) {
      region->instructions[(at - region->base) / 2].op = Op::undecoded;
    }
  }
}

}  // namespace platform::rv32
