// The program's check of its own constants: the checksum against an independent CRC-32, and every
// damaged word found.
#include <array>
#include <catch2/catch.hpp>
#include <string_view>
#include <vector>

#include "metrology/app/program_block.h"
#include "metrology/registers/table.h"

namespace app = metrology::app;

namespace {

/// IEEE 802.3's CRC-32 as the standard's long division has it, bit by bit from the top: an
/// implementation of its own.
std::uint32_t crc32(const std::vector<std::uint8_t>& bytes) {
  const auto reflected = [](std::uint32_t value, int bits) {
    std::uint32_t out = 0;
    for (int n = 0; n < bits; ++n) out |= ((value >> n) & 1U) << (bits - 1 - n);
    return out;
  };
  std::uint32_t remainder = 0xFFFF'FFFF;
  for (const std::uint8_t byte : bytes) {
    remainder ^= reflected(byte, 8) << 24U;
    for (int bit = 0; bit < 8; ++bit) {
      const bool top = (remainder & 0x8000'0000U) != 0;
      remainder = (remainder << 1U) ^ (top ? 0x04C1'1DB7U : 0U);
    }
  }
  return ~reflected(remainder, 32);
}

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::vector<std::int32_t> block() {
  const std::uint32_t* words = app::program_block();
  return {words, words + app::program_block_words()};
}

std::vector<std::uint8_t> constants() {
  const std::vector<std::int32_t> words = block();
  std::vector<std::uint8_t> bytes;
  for (std::uint32_t n = 0; n < static_cast<std::uint32_t>(words.at(1)); ++n) {
    bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint32_t>(words.at(3 + n / 4)) >>
                                              (8 * (n % 4))));
  }
  return bytes;
}

}  // namespace

TEST_CASE("program block: its checksum is the CRC-32 of its constants") {
  REQUIRE(crc32(bytes_of("123456789")) == 0xCBF4'3926);  // the check value of the CRC's catalogue
  CHECK(static_cast<std::uint32_t>(block().at(0)) == 0x5052'4F47);
  CHECK(static_cast<std::uint32_t>(block().at(2)) == crc32(constants()));
  CHECK(app::program_checksum() == crc32(constants()));
}

TEST_CASE("program block: the register table's rows stand in it, the first one first") {
  const std::vector<std::uint8_t> bytes = constants();
  const metrology::registers::Row& row = metrology::registers::rows[0];
  CHECK((bytes.at(0) | bytes.at(1) << 8) == row.address);
  CHECK((bytes.at(2) | bytes.at(3) << 8) == row.second_address);
  CHECK(bytes.at(4) == row.bytes);
  CHECK(bytes.at(14) == static_cast<std::uint8_t>(row.name[0]));
  CHECK(bytes.size() > std::size_t{metrology::registers::row_count} * 42);
}

TEST_CASE("program block: whole it passes, with any one bit of any word turned it fails") {
  std::vector<std::int32_t> words = block();
  CHECK(app::program_intact(words.data()));
  const std::size_t last = 3 + static_cast<std::size_t>(words.at(1)) / 4;
  for (std::size_t n = 0; n < last; ++n) {
    const std::uint32_t bit = 1U << (n * 7 % 32);
    words[n] = static_cast<std::int32_t>(static_cast<std::uint32_t>(words[n]) ^ bit);
    CHECK_FALSE(app::program_intact(words.data()));
    words[n] = static_cast<std::int32_t>(static_cast<std::uint32_t>(words[n]) ^ bit);
  }
  CHECK(app::program_intact(words.data()));
}

TEST_CASE("program block: erased flash fails") {
  CHECK_FALSE(app::program_intact(std::vector<std::int32_t>(block().size(), -1).data()));
  CHECK_FALSE(app::program_intact(std::vector<std::int32_t>(block().size(), 0).data()));
}
