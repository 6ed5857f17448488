// What is no program for the core, or no firmware for the meter, is refused in one sentence.
#include <catch2/catch.hpp>

#include "metrology/app/program_block.h"
#include "metrology/hal/memory_map.h"
#include "tests/tools/elf_files.h"
#include "tests/tools/files.h"
#include "tools/isa/elf_image.h"
#include "tools/isa/flash_image.h"
#include "tools/scenario/input_error.h"

using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using tests::Folder;

namespace hal = metrology::hal;

namespace {

const std::string nop = tests::code({0x00000013});
const std::string good = tests::elf_file(0x80, {{0x80, 0x80, nop}});

std::string with_byte(std::string file, std::size_t offset, char byte) {
  file.at(offset) = byte;
  return file;
}

template <typename Read>
std::string refusal_of(Read read, const std::string& path) {
  try {
    read(path);
  } catch (const tools::InputError& error) {
    return error.what();
  }
  return "";
}

void refused_as_elf(const std::string& file, const std::string& fragment) {
  const Folder folder;
  const std::string path = folder.write("program", file);
  const std::string sentence = refusal_of(tools::read_elf, path);
  CHECK_THAT(sentence, StartsWith(path + ": found ") && Contains(fragment));
  CHECK_THAT(sentence, Contains(", expected "));
}

void refused_as_flash(const std::string& file, const std::string& fragment) {
  const Folder folder;
  const std::string path = folder.write("image", file);
  const std::string sentence = refusal_of(tools::read_flash_image, path);
  CHECK_THAT(sentence, StartsWith(path + ": found ") && Contains(fragment));
}

/// IEEE 802.3, bit by bit.
std::uint32_t crc32(const std::string& bytes, std::size_t count) {
  std::uint32_t crc = 0xFFFF'FFFF;
  for (std::size_t n = 0; n < count; ++n) {
    crc ^= static_cast<unsigned char>(bytes[n]);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB8'8320U : 0U);
  }
  return ~crc;
}

void replace(std::string& flash, std::uint32_t address, const std::string& bytes) {
  flash.replace(address, bytes.size(), bytes);
}

void sign(std::string& flash) {
  replace(flash, hal::image_checksum_base, tests::code({crc32(flash, hal::flash_size - 4)}));
}

/// A whole flash that holds next to nothing.
std::string small_firmware() {
  std::string flash(hal::flash_size, '\xFF');
  replace(flash, 0x80, nop);
  replace(flash, hal::program_block_base, tests::code({metrology::app::program_block_magic}));
  sign(flash);
  return flash;
}

std::string firmware_elf() {
  return tests::read_all(tests::repository("build/firmware/firmware.elf"));
}

}  // namespace

TEST_CASE("ELF: segments, entry and addresses are read as they stand") {
  const Folder folder;
  const std::string path = folder.write(
      "program", tests::elf_file(0x84, {{0x80, 0x80, nop + nop}, {0x2000'0010, 0x88, "abc"}}));
  const tools::ElfImage image = tools::read_elf(path);
  CHECK(image.path == path);
  CHECK(image.entry == 0x84);
  REQUIRE(image.segments.size() == 2);
  CHECK(image.segments[0].bytes.size() == 8);
  CHECK(image.segments[1].virtual_address == 0x2000'0010);
  CHECK(image.segments[1].physical_address == 0x88);
  CHECK(image.segments[1].memory_size == 3);
  CHECK(image.segments[1].bytes == std::vector<unsigned char>{'a', 'b', 'c'});
  CHECK(image.symbols.empty());
}

TEST_CASE("ELF: the firmware's symbols have their kinds and sizes") {
  const tools::ElfImage image = tools::read_elf(tests::repository("build/firmware/firmware.elf"));
  CHECK(image.entry == 0x80);
  const tools::ElfSymbol* reset = tools::find_symbol(image, "reset");
  REQUIRE(reset != nullptr);
  CHECK(reset->value == 0x80);
  const tools::ElfSymbol* handler = tools::find_symbol(image, "firmware_external_interrupt");
  REQUIRE(handler != nullptr);
  CHECK(handler->kind == tools::SymbolKind::function);
  CHECK(handler->size > 0);
  CHECK(tools::find_symbol(image, "no such symbol") == nullptr);
}

TEST_CASE("ELF: what is no program for the core is refused in one sentence") {
  refused_as_elf("", "no ELF file");
  refused_as_elf("#!/bin/sh\n", "no ELF file");
  refused_as_elf(good.substr(0, 10), "a truncated ELF file");
  refused_as_elf(good.substr(0, 51), "a truncated ELF file");
  refused_as_elf(good.substr(0, 60), "a truncated ELF file");
  refused_as_elf(good.substr(0, good.size() - 1), "a truncated ELF file, a segment of which ends");
  refused_as_elf(with_byte(good, 4, 2), "a 64-bit ELF file");
  refused_as_elf(with_byte(good, 4, 7), "a damaged ELF file");
  refused_as_elf(with_byte(good, 5, 2), "a big-endian ELF file");
  refused_as_elf(with_byte(good, 18, 40), "a program for machine 40");
  refused_as_elf(with_byte(good, 16, 1), "an object file");
  refused_as_elf(with_byte(good, 16, 3), "an ELF file of type 3");
  refused_as_elf(with_byte(good, 36, 0x8), "a program for RV32E");
  refused_as_elf(with_byte(good, 36, 0x4), "a program with floating-point registers");
  refused_as_elf(tests::elf_file(0, {}), "an ELF file that loads nothing");
  // 8 bytes of the file for 4 of memory; and the address space's end passed.
  refused_as_elf(with_byte(good, 52 + 20, 2), "a damaged segment at 0x00000080");
  refused_as_elf(tests::elf_file(0, {{0xFFFF'FFFC, 0x80, nop + nop}}), "a damaged segment");
}

TEST_CASE("ELF: a file that is not there or none is refused") {
  const Folder folder;
  CHECK_THAT(refusal_of(tools::read_elf, folder.path("nothing")), Contains("No such file"));
  CHECK_THAT(refusal_of(tools::read_elf, folder.path("")), Contains("it is no file"));
}

TEST_CASE("flash image: the firmware stands at its load addresses and what is left is erased") {
  const std::vector<std::uint32_t> words =
      tools::read_flash_image(tests::repository("build/firmware/firmware.elf"));
  REQUIRE(words.size() == hal::flash_size / 4);
  CHECK(words[hal::program_block_base / 4] == metrology::app::program_block_magic);
  CHECK(words[hal::image_checksum_base / 4 - 1] == 0xFFFF'FFFF);
  // The image's constants are ours: one source, two compilers.
  for (std::uint32_t n = 0; n < metrology::app::program_block_words(); ++n) {
    if (words[hal::program_block_base / 4 + n] != metrology::app::program_block()[n]) FAIL(n);
  }
}

TEST_CASE("flash image: a binary is as good as an ELF file") {
  const Folder folder;
  const std::vector<std::uint32_t> words =
      tools::read_flash_image(folder.write("flash.bin", small_firmware()));
  CHECK(words[0x80 / 4] == 0x13);
  CHECK(words[0] == 0xFFFF'FFFF);
}

TEST_CASE("flash image: one flipped bit anywhere is found") {
  std::string flash = small_firmware();
  for (const std::uint32_t address : {0x0U, 0x81U, 0x1'0000U, hal::program_block_base + 4,
                                      hal::image_checksum_base - 1, hal::image_checksum_base + 3}) {
    std::string damaged = flash;
    damaged[address] = static_cast<char>(damaged[address] ^ 0x10);
    refused_as_flash(damaged, "a damaged image of CRC-32");
  }
  // In the code of the ELF file as it was built: its first segment begins 4 KiB into the file.
  std::string elf = firmware_elf();
  elf.at(0x1000 + 0x4321) = static_cast<char>(elf.at(0x1000 + 0x4321) ^ 0x01);
  refused_as_flash(elf, "a damaged image of CRC-32");
}

TEST_CASE("flash image: what is no firmware of the meter is refused in one sentence") {
  refused_as_flash(std::string(hal::flash_size + 1, 'x'), "a binary of 131073 bytes");
  refused_as_flash("", "0xffffffff where the core starts");
  refused_as_flash(std::string(hal::flash_size, '\0'), "0x00000000 where the core starts");
  refused_as_flash(std::string(0x80, '\xFF') + nop, "no program block at 0x1e000");
  refused_as_flash(good, "no program block at 0x1e000");
  refused_as_flash(tests::elf_file(0, {{0x1'FFFE, 0x1'FFFE, nop}}), "4 bytes at 0x0001fffe");
  refused_as_flash(tests::elf_file(0, {{0x80, 0x2000'0000, nop}}), "4 bytes at 0x20000000");
  refused_as_flash(with_byte(good, 4, 2), "a 64-bit ELF file");
  std::string unsigned_flash = small_firmware();
  replace(unsigned_flash, hal::image_checksum_base, std::string(4, '\xFF'));
  refused_as_flash(unsigned_flash, "no checksum at 0x1fffc");
}

TEST_CASE("flash image: another build is as good as ours") {
  const Folder folder;
  std::string flash = small_firmware();
  replace(flash, hal::program_block_base + 8, "other");
  sign(flash);
  CHECK_NOTHROW(tools::read_flash_image(folder.write("flash.bin", flash)));
}
