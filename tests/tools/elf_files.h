// ELF files as tests want them, byte by byte: 32-bit little-endian RISC-V executables and what is
// nearly one. Offsets are those of the ELF specification.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tests {

struct LoadedBytes {
  std::uint32_t virtual_address;
  std::uint32_t physical_address;
  std::string bytes;
};

inline void put(std::string& out, std::uint32_t value, int bytes) {
  for (int n = 0; n < bytes; ++n) out += static_cast<char>(value >> (8 * n));
}

/// Instructions as the bytes they are.
inline std::string code(const std::vector<std::uint32_t>& words) {
  std::string out;
  for (const std::uint32_t word : words) put(out, word, 4);
  return out;
}

/// An executable without sections and so without symbols.
inline std::string elf_file(std::uint32_t entry, const std::vector<LoadedBytes>& segments) {
  constexpr std::uint32_t header_bytes = 52;
  constexpr std::uint32_t segment_header_bytes = 32;
  const auto count = static_cast<std::uint32_t>(segments.size());
  std::string out(
      "\x7F"
      "ELF\x01\x01\x01",
      7);
  out.resize(16);
  put(out, 2, 2);    // e_type: executable
  put(out, 243, 2);  // e_machine: RISC-V
  put(out, 1, 4);
  put(out, entry, 4);
  put(out, count == 0 ? 0 : header_bytes, 4);
  put(out, 0, 4);
  put(out, 1, 4);  // e_flags: compressed instructions
  put(out, header_bytes, 2);
  put(out, segment_header_bytes, 2);
  put(out, count, 2);
  put(out, 40, 2);
  put(out, 0, 4);
  std::uint32_t offset = header_bytes + segment_header_bytes * count;
  for (const LoadedBytes& segment : segments) {
    const auto size = static_cast<std::uint32_t>(segment.bytes.size());
    for (const std::uint32_t field :
         {1U, offset, segment.virtual_address, segment.physical_address, size, size, 7U, 4U}) {
      put(out, field, 4);
    }
    offset += size;
  }
  for (const LoadedBytes& segment : segments) out += segment.bytes;
  return out;
}

}  // namespace tests
