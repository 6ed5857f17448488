// Loads and stores of every width at every alignment, against bytes kept by the test; code that
// changes under the hart.
#include <array>
#include <catch2/catch.hpp>

#include "tests/platform/rv32/core_rig.h"

namespace {

using namespace test;  // NOLINT: the instructions' operands

struct LoadRow {
  const char* name;
  Code (*encode)(Reg rd, Reg base, std::int32_t imm);
  std::uint32_t length;
  bool is_signed;
};
const LoadRow load_rows[] = {{"lb", as::lb, 1, true},
                             {"lh", as::lh, 2, true},
                             {"lw", as::lw, 4, true},
                             {"lbu", as::lbu, 1, false},
                             {"lhu", as::lhu, 2, false}};
struct StoreRow {
  const char* name;
  Code (*encode)(Reg source, Reg base, std::int32_t imm);
  std::uint32_t length;
};
const StoreRow store_rows[] = {{"sb", as::sb, 1}, {"sh", as::sh, 2}, {"sw", as::sw, 4}};

constexpr Reg rd = 20, base = 21, source = 22;

/// A byte with the sign set, one without.
unsigned char pattern(std::uint32_t n) {
  return static_cast<unsigned char>(n % 2 == 0 ? 0x80 + n : 0x70 - n);
}

std::uint32_t expected_load(const unsigned char* bytes, std::uint32_t length, bool is_signed) {
  std::int64_t value = 0;
  for (std::uint32_t n = length; n > 0; --n) value = value * 256 + bytes[n - 1];
  const std::int64_t range = std::int64_t{1} << 8 * length;
  if (is_signed && value >= range / 2) value -= range;
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(value));
}

/// RAM reached directly, RAM over the bus, the bus's own storage.
struct Place {
  bool is_direct;
  std::uint32_t address;
};
const Place places[] = {{true, CoreRig::ram_base + 0x800},
                        {false, CoreRig::ram_base + 0x800},
                        {true, CoreRig::bus_base + 0x20}};

unsigned char* bytes_at(CoreRig& rig, std::uint32_t address) {
  return address >= CoreRig::bus_base ? rig.bus.data() + (address - CoreRig::bus_base)
                                      : rig.ram.data() + (address - CoreRig::ram_base);
}

TEST_CASE("A load takes its bytes at any alignment and extends them", "[rv32]") {
  for (const Place& place : places) {
    CoreRig rig;
    rig.is_direct = place.is_direct;
    unsigned char* bytes = bytes_at(rig, place.address);
    for (std::uint32_t n = 0; n < 16; ++n) bytes[n] = pattern(n);
    for (const LoadRow& row : load_rows) {
      for (std::uint32_t offset = 0; offset < 9; ++offset) {
        for (const std::int32_t imm : {0, 1, -1, 2047, -2048}) {
          INFO(row.name << " at " << offset << " by " << imm);
          rig.place(CoreRig::origin, {row.encode(rd, base, imm), row.encode(base, base, imm),
                                      row.encode(zero, base, 0)});
          rig.set(base, place.address + offset - static_cast<std::uint32_t>(imm));
          rig.start();
          rig.run(2);
          const std::uint32_t expected = expected_load(bytes + offset, row.length, row.is_signed);
          CHECK(rig.get(rd) == expected);
          CHECK(rig.get(base) == expected);
          rig.set(base, place.address + offset);
          rig.run(1);
          CHECK(rig.get(zero) == 0);
          CHECK(rig.record.traps.empty());
        }
      }
    }
  }
}

TEST_CASE("A store changes its bytes at any alignment and no other", "[rv32]") {
  for (const Place& place : places) {
    CoreRig rig;
    rig.is_direct = place.is_direct;
    unsigned char* bytes = bytes_at(rig, place.address);
    for (const StoreRow& row : store_rows) {
      for (std::uint32_t offset = 0; offset < 9; ++offset) {
        for (const std::int32_t imm : {0, 1, -1, 2047, -2048}) {
          for (const Reg from : {source, zero}) {
            INFO(row.name << " at " << offset << " by " << imm << " from x" << from);
            std::array<unsigned char, 16> expected{};
            for (std::uint32_t n = 0; n < 16; ++n) bytes[n] = expected[n] = pattern(n);
            const std::uint32_t value = from == zero ? 0 : 0x8765'4321u;
            for (std::uint32_t n = 0; n < row.length; ++n) {
              expected[offset + n] = static_cast<unsigned char>(value / (1u << 8 * n) % 256);
            }
            rig.place(CoreRig::origin, {row.encode(from, base, imm)});
            rig.set(base, place.address + offset - static_cast<std::uint32_t>(imm));
            rig.set(source, 0x8765'4321u);
            rig.start();
            rig.step();
            CHECK(std::equal(expected.begin(), expected.end(), bytes));
            CHECK(rig.record.traps.empty());
          }
        }
      }
    }
  }
}

TEST_CASE("An access across words goes as two parts with their own bytes", "[rv32]") {
  CoreRig rig;
  rig.is_direct = false;
  rig.set(base, CoreRig::bus_base + 0x20);
  rig.set(source, 0x8765'4321u);
  struct Row {
    Code code;
    std::vector<rv::Access> parts;
  };
  constexpr std::uint32_t word = CoreRig::bus_base + 0x20;
  const Row rows[] = {
      {as::sw(source, base, 0), {{word, 4, true, 0x8765'4321}}},
      {as::sw(source, base, 1), {{word + 1, 3, true, 0x65'4321}, {word + 4, 1, true, 0x87}}},
      {as::sw(source, base, 2), {{word + 2, 2, true, 0x4321}, {word + 4, 2, true, 0x8765}}},
      {as::sw(source, base, 3), {{word + 3, 1, true, 0x21}, {word + 4, 3, true, 0x87'6543}}},
      {as::sh(source, base, 1), {{word + 1, 2, true, 0x4321}}},
      {as::sh(source, base, 3), {{word + 3, 1, true, 0x21}, {word + 4, 1, true, 0x43}}},
      {as::sb(source, base, 3), {{word + 3, 1, true, 0x21}}},
      {as::lw(rd, base, 1), {{word + 1, 3, false, 0}, {word + 4, 1, false, 0}}},
      {as::lh(rd, base, 1), {{word + 1, 2, false, 0}}},
      {as::lh(rd, base, 2), {{word + 2, 2, false, 0}}},
      {as::lh(rd, base, 3), {{word + 3, 1, false, 0}, {word + 4, 1, false, 0}}},
  };
  for (const Row& row : rows) {
    rig.place(CoreRig::origin, {row.code});
    rig.start();
    rig.step();
    REQUIRE(rig.record.accesses.size() == row.parts.size());
    for (std::size_t n = 0; n < row.parts.size(); ++n) {
      const rv::Access& access = rig.record.accesses[n].access;
      CHECK(access.address == row.parts[n].address);
      CHECK(access.length == row.parts[n].length);
      CHECK(access.is_write == row.parts[n].is_write);
      CHECK(access.value == row.parts[n].value);
    }
  }
}

TEST_CASE("Flash is read directly and a write to it goes to the bus", "[rv32]") {
  CoreRig rig;
  rig.flash[0x2000] = 0x11;
  rig.errors = {0x2000};  // whoever asks the bus gets an error
  rig.set(base, 0x2000);
  rig.place(CoreRig::origin, {as::lbu(rd, base, 0), as::sb(zero, base, 0)});
  rig.start();
  rig.run(2);
  CHECK(rig.get(rd) == 0x11);
  REQUIRE(rig.record.traps.size() == 1);
  CHECK(rig.record.traps[0].cause == 7);
  CHECK(rig.flash[0x2000] == 0x11);
}

TEST_CASE("Code that a store has changed is executed as it now is", "[rv32]") {
  for (const bool is_direct : {true, false}) {
    for (const std::uint32_t place : {CoreRig::ram_base, CoreRig::ram_base + 2}) {
      CoreRig rig;
      rig.is_direct = is_direct;
      // Executed once, then half of it is overwritten: its immediate becomes 0x123.
      rig.place(place, {as::addi(a0, zero, 1)});
      rig.set(base, place);
      rig.start(place);
      rig.step();
      REQUIRE(rig.get(a0) == 1);
      rig.set(source, 0x1230);
      rig.place(CoreRig::origin, {as::sh(source, base, 2), as::jalr(zero, base, 0)});
      rig.start();
      rig.run(3);
      CHECK(rig.get(a0) == 0x123);
      // One byte of the first half: the target.
      rig.set(source, as::addi(a2, zero, 0).bits >> 8);
      rig.place(CoreRig::origin, {as::sb(source, base, 1), as::jalr(zero, base, 0)});
      rig.start();
      rig.run(3);
      CHECK(rig.get(a2) == 0x123);
    }
  }
}

TEST_CASE("Code that somebody else has changed is decoded anew when the hart is told", "[rv32]") {
  CoreRig rig;
  rig.place(CoreRig::origin, {as::addi(a0, zero, 1)});
  rig.start();
  rig.step();
  const Code other = as::addi(a0, zero, 2);
  rv::store_bytes(rig.flash.data() + CoreRig::origin, 4, other.bits);
  rig.start();
  rig.step();
  CHECK(rig.get(a0) == 1);
  // The byte that is told of need not be the first.
  rig.hart.code_changed(CoreRig::origin + 3, 1);
  rig.start();
  rig.step();
  CHECK(rig.get(a0) == 2);
}

TEST_CASE("Memory that is no whole words or lies over other memory is refused", "[rv32]") {
  CoreRig rig;
  std::array<unsigned char, 16> bytes{};
  CHECK_THROWS_AS(rig.hart.add_data(0x3000'0002, 8, bytes.data()), std::invalid_argument);
  CHECK_THROWS_AS(rig.hart.add_data(0x3000'0000, 6, bytes.data()), std::invalid_argument);
  CHECK_THROWS_AS(rig.hart.add_data(0x3000'0000, 0, bytes.data()), std::invalid_argument);
  CHECK_THROWS_AS(rig.hart.add_data(CoreRig::ram_base + 0xffc, 8, bytes.data()),
                  std::invalid_argument);
  CHECK_THROWS_AS(rig.hart.add_constants(CoreRig::ram_base - 4, 8, bytes.data()),
                  std::invalid_argument);
  CHECK_THROWS_AS(rig.hart.add_code(CoreRig::ram_base + 0xffc, 8, bytes.data()),
                  std::invalid_argument);
  CHECK_THROWS_AS(rig.hart.add_code(0x3000'0002, 8, bytes.data()), std::invalid_argument);
  CHECK_NOTHROW(rig.hart.add_data(CoreRig::ram_base + 0x1000, 8, bytes.data()));
}

}  // namespace
