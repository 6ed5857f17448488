// What is flashed into the virtual microcontroller: the words of its flash, from the firmware's
// ELF file or from a binary of the flash itself, found to be whole.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tools {

/// The whole flash (metrology::hal::flash_size), erased words as ones. An ELF file's segments
/// stand at their physical addresses, a file without ELF's mark from flash's first byte on.
/// Throws InputError, whose sentence names `path`: the file cannot be read, is bigger than flash
/// or lies outside, has nothing where the core starts, is no firmware of this meter (without its
/// program block), or is damaged: its last word is not the CRC-32 of all others, which the build
/// of the firmware writes there. A whole image of another build is as good as ours.
std::vector<std::uint32_t> read_flash_image(const std::string& path);

}  // namespace tools
