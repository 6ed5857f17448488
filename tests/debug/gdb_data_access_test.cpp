// Encodings by the RISC-V unprivileged specification, chapters "RV32I" and "C". Words are those of
// riscv64-unknown-elf-as -march=rv32imc, which is an independent implementation of them.
#include <catch2/catch.hpp>

#include "tools/gdb/breakpoints.h"
#include "tools/gdb/data_access.h"

namespace {

using tools::gdb::Breakpoints;
using tools::gdb::data_access;
using tools::gdb::PointKind;

std::array<std::uint32_t, 32> registers() {
  std::array<std::uint32_t, 32> x{};
  x[2] = 0x2000'8000;   // sp
  x[10] = 0x4000'4000;  // a0
  x[31] = 4;            // t6
  return x;
}

}  // namespace

TEST_CASE("gdb data access: every load and store at its bounds") {
  struct Row {
    const char* text;
    std::uint32_t code;
    std::uint32_t address;
    std::uint32_t length;
    bool is_write;
  };
  for (const Row& row : {Row{"lb a1,0(a0)", 0x00050583, 0x40004000, 1, false},
                         Row{"lh a1,2(a0)", 0x00251583, 0x40004002, 2, false},
                         Row{"lw a1,16(a0)", 0x01052583, 0x40004010, 4, false},
                         Row{"lbu a1,2047(a0)", 0x7ff54583, 0x400047ff, 1, false},
                         Row{"lhu a1,-2048(a0)", 0x80055583, 0x40003800, 2, false},
                         Row{"lw a1,-4(sp)", 0xffc12583, 0x20007ffc, 4, false},
                         Row{"sb a1,-1(a0)", 0xfeb50fa3, 0x40003fff, 1, true},
                         Row{"sh a1,2046(a0)", 0x7eb51f23, 0x400047fe, 2, true},
                         Row{"sw a1,16(a0)", 0x00b52823, 0x40004010, 4, true},
                         Row{"sw a1,-2048(sp)", 0x80b12023, 0x20007800, 4, true},
                         Row{"c.lw a1,4(a0)", 0x414c, 0x40004004, 4, false},
                         Row{"c.lw a1,64(a0)", 0x412c, 0x40004040, 4, false},
                         Row{"c.lw a1,124(a0)", 0x5d6c, 0x4000407c, 4, false},
                         Row{"c.sw a1,4(a0)", 0xc14c, 0x40004004, 4, true},
                         Row{"c.sw a1,64(a0)", 0xc12c, 0x40004040, 4, true},
                         Row{"c.sw a1,56(a0)", 0xdd0c, 0x40004038, 4, true},
                         Row{"c.lwsp a1,4(sp)", 0x4592, 0x20008004, 4, false},
                         Row{"c.lwsp a1,32(sp)", 0x5582, 0x20008020, 4, false},
                         Row{"c.lwsp a1,252(sp)", 0x55fe, 0x200080fc, 4, false},
                         Row{"c.lwsp t6,192(sp)", 0x4f8e, 0x200080c0, 4, false},
                         Row{"c.swsp a1,4(sp)", 0xc22e, 0x20008004, 4, true},
                         Row{"c.swsp a1,60(sp)", 0xde2e, 0x2000803c, 4, true},
                         Row{"c.swsp a1,192(sp)", 0xc1ae, 0x200080c0, 4, true},
                         Row{"lw a1,0(t6)", 0x000fa583, 0x00000004, 4, false}}) {
    INFO(row.text);
    const auto access = data_access(row.code, registers());
    REQUIRE(access);
    CHECK(access->address == row.address);
    CHECK(access->length == row.length);
    CHECK(access->is_write == row.is_write);
  }
}

TEST_CASE("gdb data access: behind a short instruction stands another") {
  const auto access = data_access(0xFFFF'414C, registers());  // c.lw a1,4(a0)
  REQUIRE(access);
  CHECK(access->address == 0x4000'4004);
}

TEST_CASE("gdb data access: what is no load or store accesses nothing") {
  for (const std::uint32_t code :
       {0x00000073u, 0x000000efu, 0x0001u, 0x0048u, 0x0505u, 0x0ff0000fu, 0x30200073u, 0x34102573u,
        0x4505u, 0x6505u, 0x8082u, 0x9002u, 0x952eu, 0xa001u, 0xc101u}) {
    INFO(std::hex << code);
    CHECK_FALSE(data_access(code, registers()));
  }
  CHECK_FALSE(data_access(0x00053503, registers()));  // ld, of RV64
  CHECK_FALSE(data_access(0x00b53023, registers()));  // sd, of RV64
  CHECK_FALSE(data_access(0x00056503, registers()));  // lwu, of RV64
  CHECK_FALSE(data_access(0x4002, registers()));      // c.lwsp to x0: reserved
}

TEST_CASE("gdb breakpoints: an access meets a watchpoint when they share a byte") {
  Breakpoints points;
  points.set({PointKind::write_watchpoint, 0x100, 4});
  CHECK_FALSE(points.by({0xFC, 4, true}));
  CHECK(points.by({0xFD, 4, true})->address == 0x100);
  CHECK(points.by({0x103, 1, true})->address == 0x103);
  CHECK_FALSE(points.by({0x104, 1, true}));
  CHECK_FALSE(points.by({0x100, 4, false}));
  points.clear({PointKind::write_watchpoint, 0x100, 4});
  CHECK_FALSE(points.by({0x100, 4, true}));
}

TEST_CASE("gdb breakpoints: a watchpoint at the top of the address space ends there") {
  Breakpoints points;
  points.set({PointKind::access_watchpoint, 0xFFFF'FFFF, 1});
  CHECK(points.by({0xFFFF'FFFC, 4, false})->address == 0xFFFF'FFFF);
  CHECK_FALSE(points.by({0, 4, false}));
}

TEST_CASE("gdb breakpoints: reads and writes by the kind") {
  Breakpoints points;
  points.set({PointKind::read_watchpoint, 0x100, 4});
  CHECK(points.by({0x100, 1, false})->kind == PointKind::read_watchpoint);
  CHECK_FALSE(points.by({0x100, 1, true}));
  points.set({PointKind::access_watchpoint, 0x200, 1});
  CHECK(points.by({0x200, 1, false}));
  CHECK(points.by({0x200, 1, true}));
}

TEST_CASE("gdb breakpoints: those at equal places of the filter are told apart") {
  Breakpoints points;
  points.set({PointKind::software_breakpoint, 0x100, 2});
  CHECK(points.at(0x100) == PointKind::software_breakpoint);
  CHECK_FALSE(points.at(0x102));
  CHECK_FALSE(points.at(0x100 + 2 * 4096));
  points.set({PointKind::hardware_breakpoint, 0x100 + 2 * 4096, 2});
  points.clear({PointKind::software_breakpoint, 0x100, 2});
  CHECK_FALSE(points.at(0x100));
  CHECK(points.at(0x100 + 2 * 4096) == PointKind::hardware_breakpoint);
  points.clear_all();
  CHECK_FALSE(points.any());
}
