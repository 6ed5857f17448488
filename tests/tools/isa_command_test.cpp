// vmeter isa-test: how programs end, what it writes, and what it refuses.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/tools/elf_files.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using tests::Folder;
using tests::ProcessResult;
using tests::vmeter;

namespace {

// Encodings as in the unprivileged specification, 2.2 to 2.6.
constexpr std::uint32_t lui(std::uint32_t rd, std::uint32_t page) {
  return page << 12 | rd << 7 | 0x37;
}
constexpr std::uint32_t addi(std::uint32_t rd, std::uint32_t rs, std::uint32_t imm) {
  return imm << 20 | rs << 15 | rd << 7 | 0x13;
}
constexpr std::uint32_t sw(std::uint32_t rs2, std::uint32_t offset, std::uint32_t rs1) {
  return (offset >> 5) << 25 | rs2 << 20 | rs1 << 15 | 2U << 12 | (offset & 31) << 7 | 0x23;
}
constexpr std::uint32_t lw(std::uint32_t rd, std::uint32_t offset, std::uint32_t rs1) {
  return offset << 20 | rs1 << 15 | 2U << 12 | rd << 7 | 0x03;
}
constexpr std::uint32_t wfi = 0x1050'0073;
constexpr std::uint32_t loop = 0x0000'006F;  // jal x0, .
constexpr std::uint32_t control_page = 0x5'0000;

/// At 0x80: `words`, with the control port's base in x1.
std::string program(std::vector<std::uint32_t> words) {
  words.insert(words.begin(), lui(1, control_page));
  return tests::elf_file(0x80, {{0x80, 0x80, tests::code(words)}});
}

ProcessResult isa_test(const std::string& file, std::vector<std::string> options = {}) {
  const Folder folder;
  options.insert(options.begin(), {"isa-test", folder.write("program", file)});
  return vmeter(options);
}

void refused(const std::string& file, const std::vector<std::string>& options,
             const std::string& fragment) {
  const ProcessResult result = isa_test(file, options);
  INFO(result.err);
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  CHECK_THAT(result.err, Contains(fragment));
}

/// In RAM at 0x80000000, with tohost behind 64 bytes: writes `value` there, and runs on.
std::string tohost_program(std::uint32_t value) {
  const std::vector<std::uint32_t> words = {lui(1, 0x8'0000), addi(2, 0, value), sw(2, 64, 1),
                                            loop};
  std::string bytes = tests::code(words);
  bytes.resize(68);
  return tests::elf_file(0x8000'0000, {{0x8000'0000, 0x8000'0000, bytes}});
}
const std::vector<std::string> in_ram = {"--ram", "0x80000000:4096", "--tohost", "0x80000040"};

const std::string ends = program({sw(0, 4, 1)});

}  // namespace

TEST_CASE("isa-test: code 0 is status 0 and any other 1") {
  const ProcessResult zero = isa_test(ends);
  CHECK(zero.status == 0);
  // R15: the first starts in cycle 4, so the store that ends it in 5.
  CHECK_THAT(zero.out, EndsWith(": ended with code 0 after 1 instructions, 5 cycles\n"));
  const ProcessResult seven = isa_test(program({addi(2, 0, 7), sw(2, 4, 1)}));
  CHECK(seven.status == 1);
  CHECK_THAT(seven.out, EndsWith(": ended with code 7 after 2 instructions, 6 cycles\n"));
}

TEST_CASE("isa-test: words put out are printed and the control port tells the cycle") {
  // lw starts in cycle 5: that is the cycle of its access; sw in 7 (R6).
  const ProcessResult result = isa_test(program({lw(2, 8, 1), sw(2, 0x18, 1), sw(0, 4, 1)}));
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Catch::Matchers::StartsWith("00000005\n"));
  CHECK_THAT(result.out, EndsWith("after 3 instructions, 9 cycles\n"));
}

TEST_CASE("isa-test: storage comes again every 256 bytes and behind two wait cycles") {
  const ProcessResult result = isa_test(program(
      {lui(3, 0x4'0000), lui(4, 0x4'FFFF), sw(3, 8, 3), lw(2, 8, 4), sw(2, 0x18, 1), sw(0, 4, 1)}));
  CHECK_THAT(result.out, Catch::Matchers::StartsWith("40000000\n"));
  // 4: lui three times, 7: sw 4 cycles, 11: lw 4, 15: sw 2, 17: the end.
  CHECK_THAT(result.out, EndsWith("after 6 instructions, 17 cycles\n"));
}

TEST_CASE("isa-test: what the machine does not have is a bus error") {
  // Each traps to 0, where nothing but another trap is: so it never ends.
  for (const std::uint32_t access :
       {sw(0, 0, 0), lw(2, 0x18, 1), sw(0, 8, 1), sw(0, 0x1C, 1), lw(2, 4, 1), lw(2, 0x400, 1)}) {
    const ProcessResult result = isa_test(program({access, sw(0, 4, 1)}), {"--cycles", "100"});
    CHECK(result.status == 1);
    CHECK_THAT(result.out, Contains(": had not ended at 0x00000000 after 1 instructions"));
  }
}

TEST_CASE("isa-test: a program that never ends fails by its limit of cycles") {
  const ProcessResult result = isa_test(program({loop}), {"--cycles", "1000"});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains(": had not ended at 0x00000084 after "));
  // lui in cycle 4, then a jump every two cycles: the last starts in 999 and the next in 1001.
  CHECK_THAT(result.out, EndsWith("after 499 instructions, 1001 cycles\n"));
}

TEST_CASE("isa-test: sleep that nothing ends is a failure") {
  const ProcessResult result = isa_test(program({wfi, loop}));
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("fell asleep before 0x00000088, for good,"));
}

TEST_CASE("isa-test: --tohost 1 is a pass and 2 n + 1 the failure of test n") {
  const ProcessResult pass = isa_test(tohost_program(1), in_ram);
  CHECK(pass.status == 0);
  CHECK_THAT(pass.out, Contains(": passed after 2 instructions"));
  const ProcessResult fail = isa_test(tohost_program(11), in_ram);
  CHECK(fail.status == 1);
  CHECK_THAT(fail.out, Contains(": failed in test 5 after 2 instructions"));
  const ProcessResult request = isa_test(tohost_program(12), in_ram);
  CHECK(request.status == 1);
  CHECK_THAT(request.out, Contains("wrote 0x0000000c to tohost"));
  std::vector<std::string> limited = in_ram;
  limited.insert(limited.end(), {"--cycles", "50"});
  CHECK_THAT(isa_test(tohost_program(0), limited).out, Contains("had not ended"));
}

TEST_CASE("isa-test: --retire has the stamp and the address of every instruction but the last") {
  const Folder folder;
  const std::string path = folder.path("retire");
  const ProcessResult result =
      isa_test(program({sw(0, 0x18, 1), addi(2, 0, 0), sw(0, 4, 1)}), {"--retire", path});
  CHECK(result.status == 0);
  CHECK(tests::read_all(path) == "5 00000080\n7 00000084\n8 00000088\n");
}

TEST_CASE("isa-test: outputs that cannot be written") {
  CHECK(isa_test(ends, {"--retire", "/dev/full"}).status == 3);
  refused(ends, {"--retire", "/no/such/folder/F"}, "cannot be written");
  refused(ends, {"--retire", "/tmp/isa-same", "--signature", "/tmp/isa-same"},
          "read or written already");
  const Folder folder;
  const std::string path = folder.write("program", ends);
  const ProcessResult own = vmeter({"isa-test", path, "--retire", path});
  CHECK(own.status == 2);
  CHECK(tests::read_all(path) == ends);
}

TEST_CASE("isa-test: wrong usage and programs that fit nowhere are refused in one sentence") {
  CHECK(vmeter({"isa-test"}).status == 2);
  CHECK_THAT(vmeter({"isa-test", "/no/such/file"}).err, Contains("No such file"));
  refused("text", {}, "no ELF file");
  for (const char* ram : {"", "0x80000000", "0x80000000:", ":4096", "0x8000000g:4096", "-4:4",
                          "0x100000000:4", "1:2:3"}) {
    refused(ends, {"--ram", ram}, "expected BASE:SIZE");
  }
  for (const char* ram : {"0x80000002:4096", "0x80000000:0", "0x80000000:6", "0x80000000:0x4000004",
                          "0xfffff000:8192"}) {
    refused(ends, {"--ram", ram}, "expected whole words, 64 MiB at most");
  }
  for (const char* ram : {"0x1fffc:8", "0x1ffffffc:8", "0x4ffffffc:4", "0x50000000:4"}) {
    refused(ends, {"--ram", ram}, "expected a place where nothing is");
  }
  for (const char* cycles : {"0", "-1", "many"}) refused(ends, {"--cycles", cycles}, "--cycles");
  refused(ends, {"--tohost", "tohost"}, "an address or a symbol");
  refused(ends, {"--tohost", "0x80"}, "the address of a word in RAM");
  refused(ends, {"--tohost", "0x20000001"}, "the address of a word in RAM");
  refused(ends, {"--tohost", "0x20008000"}, "the address of a word in RAM");
  refused(ends, {"--signature", "/tmp/never"}, "found no symbol begin_signature");
  refused(tohost_program(1), {}, "where there is no memory");
  refused(tests::elf_file(0, {{0x100, 0x100, tests::code({loop})}}), {}, "found nothing at 0x80");
  refused(tests::elf_file(0x9000'0000, {{0x80, 0x80, tests::code({loop})}}),
          {"--ram", "0x80000000:4096"}, "found the entry 0x90000000");
}
