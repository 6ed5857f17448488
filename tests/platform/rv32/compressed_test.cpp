// All 65536 halfwords, against the manual's table of RV32C in its own notation.
#include <catch2/catch.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "platform/rv32/expand.h"

namespace {

using platform::rv32::Instruction;
using platform::rv32::Op;

constexpr int none = -1;

/// What a form's fields hold: registers a and b, the immediate.
struct Fields {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::int32_t imm = 0;
};

/// A row of the table. The layout goes from bit 15 down: binary digits; a, b: registers; a', b':
/// x8 … x15; u[…] and s[…]: those bits of an unsigned or signed immediate. Registers of what it
/// stands for: 'a', 'b', or a number.
struct Row {
  const char* name;
  const char* layout;
  Op op;
  int rd;
  int rs1;
  int rs2;
  bool (*is_reserved)(const Fields& fields) = nullptr;
};

bool no_immediate(const Fields& f) { return f.imm == 0; }
bool no_a(const Fields& f) { return f.a == 0; }

// Of two rows that fit, the first counts.
const Row rows[] = {
    {"c.addi4spn", "000 u[5:4|9:6|2|3] b' 00", Op::addi, 'b', 2, 0, no_immediate},
    {"c.lw", "010 u[5:3] a' u[2|6] b' 00", Op::lw, 'b', 'a', 0},
    {"c.sw", "110 u[5:3] a' u[2|6] b' 00", Op::sw, 0, 'a', 'b'},
    {"c.addi", "000 s[5] a s[4:0] 01", Op::addi, 'a', 'a', 0},
    {"c.jal", "001 s[11|4|9:8|10|6|7|3:1|5] 01", Op::jal, 1, 0, 0},
    {"c.li", "010 s[5] a s[4:0] 01", Op::addi, 'a', 0, 0},
    {"c.addi16sp", "011 s[9] 00010 s[4|6|8:7|5] 01", Op::addi, 2, 2, 0, no_immediate},
    {"c.lui", "011 s[17] a s[16:12] 01", Op::lui, 'a', 0, 0, no_immediate},
    {"c.srli", "100 0 00 a' u[4:0] 01", Op::srli, 'a', 'a', 0},
    {"c.srai", "100 0 01 a' u[4:0] 01", Op::srai, 'a', 'a', 0},
    {"c.andi", "100 s[5] 10 a' s[4:0] 01", Op::andi, 'a', 'a', 0},
    {"c.sub", "100 0 11 a' 00 b' 01", Op::sub, 'a', 'a', 'b'},
    {"c.xor", "100 0 11 a' 01 b' 01", Op::xor_, 'a', 'a', 'b'},
    {"c.or", "100 0 11 a' 10 b' 01", Op::or_, 'a', 'a', 'b'},
    {"c.and", "100 0 11 a' 11 b' 01", Op::and_, 'a', 'a', 'b'},
    {"c.j", "101 s[11|4|9:8|10|6|7|3:1|5] 01", Op::jal, 0, 0, 0},
    {"c.beqz", "110 s[8|4:3] a' s[7:6|2:1|5] 01", Op::beq, 0, 'a', 0},
    {"c.bnez", "111 s[8|4:3] a' s[7:6|2:1|5] 01", Op::bne, 0, 'a', 0},
    {"c.slli", "000 0 a u[4:0] 10", Op::slli, 'a', 'a', 0},
    {"c.lwsp", "010 u[5] a u[4:2|7:6] 10", Op::lw, 'a', 2, 0, no_a},
    {"c.jr", "100 0 a 00000 10", Op::jalr, 0, 'a', 0, no_a},
    {"c.mv", "100 0 a b 10", Op::add, 'a', 0, 'b'},
    {"c.ebreak", "100 1 00000 00000 10", Op::ebreak, 0, 0, 0},
    {"c.jalr", "100 1 a 00000 10", Op::jalr, 1, 'a', 0},
    {"c.add", "100 1 a b 10", Op::add, 'a', 'a', 'b'},
    {"c.swsp", "110 u[5:2|7:6] b 10", Op::sw, 0, 2, 'b'},
};

/// Reads a halfword from bit 15 down as a layout says.
class Reader {
 public:
  explicit Reader(std::uint32_t half) : half_(half) {}

  /// False: the halfword is another one.
  bool read(const std::string& layout) {
    std::istringstream tokens(layout);
    for (std::string token; tokens >> token;) {
      if (!read_token(token)) return false;
    }
    REQUIRE(left_ == 0);
    if (sign_bit_ != none && (fields_.imm >> sign_bit_ & 1) != 0) {
      fields_.imm -= 2 << sign_bit_;
    }
    return true;
  }
  const Fields& fields() const { return fields_; }

 private:
  std::uint32_t take(int count) {
    left_ -= count;
    return half_ >> left_ & ((1u << count) - 1);
  }

  bool read_token(const std::string& token) {
    if (token[0] == '0' || token[0] == '1') {
      const std::uint32_t literal = static_cast<std::uint32_t>(std::stoul(token, nullptr, 2));
      return take(static_cast<int>(token.size())) == literal;
    }
    if (token[0] == 'a' || token[0] == 'b') {
      const std::uint32_t number = token.size() == 2 ? 8 + take(3) : take(5);
      (token[0] == 'a' ? fields_.a : fields_.b) = number;
      return true;
    }
    read_immediate(token);
    return true;
  }

  void read_immediate(const std::string& token) {
    std::istringstream ranges(token.substr(2, token.size() - 3));
    for (std::string range; std::getline(ranges, range, '|');) {
      const std::size_t colon = range.find(':');
      const int high = std::stoi(range);
      const int low = colon == std::string::npos ? high : std::stoi(range.substr(colon + 1));
      fields_.imm |= static_cast<std::int32_t>(take(high - low + 1)) << low;
      if (token[0] == 's') sign_bit_ = std::max(sign_bit_, high);
    }
  }

  std::uint32_t half_;
  int left_ = 16;
  int sign_bit_ = none;
  Fields fields_;
};

std::uint8_t reg(int which, const Fields& fields) {
  if (which == 'a') return static_cast<std::uint8_t>(fields.a);
  if (which == 'b') return static_cast<std::uint8_t>(fields.b);
  return static_cast<std::uint8_t>(which);
}

Instruction expected(std::uint16_t half) {
  const Instruction illegal = {Op::illegal, 0, 0, 0, 2, half};
  for (const Row& row : rows) {
    Reader reader(half);
    if (!reader.read(row.layout)) continue;
    const Fields& f = reader.fields();
    if (row.is_reserved != nullptr && row.is_reserved(f)) return illegal;
    return {row.op, reg(row.rd, f), reg(row.rs1, f), reg(row.rs2, f), 2, f.imm};
  }
  return illegal;
}

TEST_CASE("Every halfword expands as the manual's table says or is illegal", "[rv32]") {
  int legal = 0;
  for (std::uint32_t half = 0; half < 0x1'0000; ++half) {
    if ((half & 3) == 3) continue;
    const auto bits = static_cast<std::uint16_t>(half);
    const Instruction instruction = platform::rv32::expand(bits);
    if (!(instruction == expected(bits))) {
      CAPTURE(half, int{instruction.rd}, int{instruction.rs1}, int{instruction.rs2},
              instruction.imm);
      FAIL("another instruction");
    }
    legal += instruction.op != Op::illegal;
  }
  // Counted by hand: c.addi4spn, c.lw, c.sw; c.addi, c.jal, c.li, c.lui with c.addi16sp, shifts and
  // logic, c.j, c.beqz, c.bnez; c.slli, c.lwsp, jumps and moves, c.swsp.
  CHECK(legal == (2048 - 8) + 2 * 2048 + 3 * 2048 + 63 * 32 + (2 * 256 + 512 + 4 * 64) + 3 * 2048 +
                     1024 + (2048 - 64) + (2048 - 1) + 2048);
}

}  // namespace
