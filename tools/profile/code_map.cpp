#include "tools/profile/code_map.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace tools::profile {
namespace {

constexpr std::uint32_t ra = 1;
constexpr std::uint32_t t0 = 5;

constexpr bool is_link(std::uint32_t reg) { return reg == ra || reg == t0; }

constexpr std::uint32_t field(std::uint32_t bits, unsigned low, unsigned width) {
  return bits >> low & ((1U << width) - 1);
}

Instruction look_at_short(std::uint32_t bits) {
  Instruction out{CodeKind::plain, 2, 0, 0};
  const std::uint32_t quadrant = field(bits, 0, 2);
  const std::uint32_t funct3 = field(bits, 13, 3);
  if (quadrant == 1 && funct3 == 1) {  // c.jal
    out.kind = CodeKind::call;
  } else if (quadrant == 2 && funct3 == 4 && field(bits, 2, 5) == 0) {
    const std::uint32_t rs1 = field(bits, 7, 5);
    const bool links = field(bits, 12, 1) != 0;  // c.jalr; rs1 = 0 would be c.ebreak
    if (links && rs1 != 0) out.kind = CodeKind::call;
    if (!links && is_link(rs1)) out.kind = CodeKind::jump_back;
  }
  return out;
}

void erase_all(std::string& text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) {
    text.erase(at, part.size());
  }
}

/// "metrology::ns::(anonymous namespace)::f(int) const" → "ns::f". What is no mangled name stays:
/// "f" alone would be demangled to the type "float".
std::string readable(const std::string& symbol) {
  if (symbol.rfind("_Z", 0) != 0) return symbol;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), &std::free);
  if (status != 0) return symbol;
  std::string name = demangled.get();
  erase_all(name, "(anonymous namespace)::");
  name.erase(std::min(name.find('('), name.size()));
  erase_all(name, "metrology::");
  return name;
}

}  // namespace

Instruction look_at(std::uint32_t bits) {
  if (field(bits, 0, 2) != 3) return look_at_short(bits);
  constexpr std::uint32_t mret = 0x3020'0073;
  constexpr std::uint32_t wfi = 0x1050'0073;
  constexpr std::uint32_t mstatus = 0x300;
  constexpr std::uint32_t mie = 8;
  const std::uint32_t opcode = field(bits, 0, 7);
  const std::uint32_t rd = field(bits, 7, 5);
  const std::uint32_t funct3 = field(bits, 12, 3);
  const std::uint32_t rs1 = field(bits, 15, 5);
  const std::uint32_t immediate = field(bits, 20, 12);
  Instruction out{CodeKind::plain, 4, 0, 0};
  switch (opcode) {
    case 0x6F:  // jal
      if (is_link(rd)) out.kind = CodeKind::call;
      break;
    case 0x67:  // jalr
      if (is_link(rd)) {
        out.kind = CodeKind::call;
      } else if (rd == 0 && is_link(rs1)) {
        out.kind = CodeKind::jump_back;
      }
      break;
    case 0x13:  // slti and sltiu to x0
      if (rd == 0 && funct3 == 2 && rs1 == 0) out = {CodeKind::charge, 4, 0, immediate};
      if (rd == 0 && funct3 == 3) out = {CodeKind::charge_more, 4, rs1, immediate};
      break;
    case 0x73:  // csrrsi and csrrci
      if (bits == mret) out.kind = CodeKind::trap_return;
      if (bits == wfi) out.kind = CodeKind::wait;
      if (funct3 >= 6 && immediate == mstatus && rs1 == mie) out.kind = CodeKind::interrupt_switch;
      break;
    default:
      break;
  }
  return out;
}

CodeMap::CodeMap(const ElfImage& image) {
  for (const ElfSymbol& symbol : image.symbols) {
    if (symbol.kind != SymbolKind::function || symbol.size == 0) continue;
    functions_.push_back({readable(symbol.name), symbol.value, symbol.value + symbol.size});
  }
  std::stable_sort(functions_.begin(), functions_.end(),
                   [](const Function& a, const Function& b) { return a.begin < b.begin; });
  functions_.push_back({"(in no function)", 0, 0});
  const auto elsewhere = static_cast<std::uint16_t>(functions_.size() - 1);
  nowhere_ = {{CodeKind::plain, 4, 0, 0}, elsewhere};

  for (const ElfSegment& segment : image.segments) {
    if (segment.bytes.size() < 2) continue;
    Region region{segment.virtual_address, {}};
    const auto half = [&segment](std::size_t at) {
      return at + 1 < segment.bytes.size()
                 ? segment.bytes[at] | std::uint32_t{segment.bytes[at + 1]} << 8
                 : 0U;
    };
    for (std::size_t at = 0; at + 1 < segment.bytes.size(); at += 2) {
      region.places.push_back({look_at(half(at) | half(at + 2) << 16), elsewhere});
    }
    regions_.push_back(std::move(region));
  }
  for (std::uint16_t n = 0; n < elsewhere; ++n) enter(n);
}

void CodeMap::enter(std::uint16_t function) {
  const Function& range = functions_[function];
  for (Region& region : regions_) {
    for (std::uint32_t pc = range.begin; pc < range.end; pc += 2) {
      const std::uint32_t n = (pc - region.base) / 2;
      if (pc >= region.base && n < region.places.size()) region.places[n].function = function;
    }
  }
}

}  // namespace tools::profile
