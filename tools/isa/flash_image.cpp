#include "tools/isa/flash_image.h"

#include <fmt/format.h>

#include <algorithm>

#include "metrology/app/program_block.h"
#include "metrology/hal/memory_map.h"
#include "metrology/storage/crc32.h"
#include "tools/isa/elf_image.h"
#include "tools/scenario/input_error.h"

namespace tools {
namespace {

namespace hal = metrology::hal;

constexpr std::uint32_t erased = 0xFFFF'FFFF;
/// Where the core fetches its first instruction.
constexpr std::uint32_t reset_vector = hal::flash_base + 0x80;

using Bytes = std::vector<unsigned char>;

[[noreturn]] void refuse(const std::string& path, const std::string& found,
                         const std::string& expected) {
  throw InputError(fmt::format("{}: found {}, expected {}", path, found, expected));
}

void place(Bytes& flash, const ElfImage& image) {
  for (const ElfSegment& segment : image.segments) {
    if (segment.bytes.empty()) continue;
    const std::uint64_t offset = std::uint64_t{segment.physical_address} - hal::flash_base;
    if (segment.physical_address < hal::flash_base ||
        offset + segment.bytes.size() > hal::flash_size) {
      refuse(image.path,
             fmt::format("{} bytes at 0x{:08x}", segment.bytes.size(), segment.physical_address),
             fmt::format("a firmware within the {} KiB of flash at 0x{:08x}",
                         hal::flash_size / 1024, hal::flash_base));
    }
    std::copy(segment.bytes.begin(), segment.bytes.end(),
              flash.begin() + static_cast<std::ptrdiff_t>(offset));
  }
}

std::uint32_t word_at(const Bytes& flash, std::uint32_t address) {
  const std::uint32_t n = address - hal::flash_base;
  return flash[n] | std::uint32_t{flash[n + 1]} << 8 | std::uint32_t{flash[n + 2]} << 16 |
         std::uint32_t{flash[n + 3]} << 24;
}

std::uint32_t checksum(const Bytes& flash) {
  return metrology::storage::crc32(flash.data(), hal::image_checksum_base - hal::flash_base);
}

void require_firmware(const std::string& path, const Bytes& flash) {
  const std::uint32_t first = word_at(flash, reset_vector);
  if (first == erased || first == 0) {
    refuse(path, fmt::format("0x{:08x} where the core starts, at 0x{:x}", first, reset_vector),
           "an instruction");
  }
  if (word_at(flash, hal::program_block_base) != metrology::app::program_block_magic) {
    refuse(path, fmt::format("no program block at 0x{:x}", hal::program_block_base),
           "a firmware of this meter");
  }
  const std::uint32_t said = word_at(flash, hal::image_checksum_base);
  const std::uint32_t computed = checksum(flash);
  if (said == computed) return;
  if (said == erased) {
    refuse(path, fmt::format("no checksum at 0x{:x}", hal::image_checksum_base),
           "a whole image, as the preset \"firmware\" builds it");
  }
  refuse(path, fmt::format("a damaged image of CRC-32 {:08X}", computed),
         fmt::format("{:08X}, as it says itself", said));
}

}  // namespace

std::vector<std::uint32_t> read_flash_image(const std::string& path) {
  Bytes file = read_program_file(path);
  Bytes flash(hal::flash_size, 0xFF);
  if (is_elf(file)) {
    place(flash, parse_elf(path, std::move(file)));
  } else if (file.size() > flash.size()) {
    refuse(path, fmt::format("a binary of {} bytes", file.size()),
           fmt::format("an ELF file, or one of at most {}", flash.size()));
  } else {
    std::copy(file.begin(), file.end(), flash.begin());
  }
  require_firmware(path, flash);
  std::vector<std::uint32_t> words(flash.size() / 4);
  for (std::uint32_t n = 0; n < words.size(); ++n)
    words[n] = word_at(flash, hal::flash_base + 4 * n);
  return words;
}

}  // namespace tools
