// The memory that the data port reaches directly, without a transaction, as long as nobody else
// contends for it.
#pragma once

#include <cstdint>
#include <vector>

namespace platform::rv32 {

/// Little-endian bytes as words, 1 … 4 of them.
inline std::uint32_t load_bytes(const unsigned char* bytes, std::uint32_t length) {
  std::uint32_t value = 0;
  for (std::uint32_t n = 0; n < length; ++n) value |= std::uint32_t{bytes[n]} << (8 * n);
  return value;
}
inline void store_bytes(unsigned char* bytes, std::uint32_t length, std::uint32_t value) {
  for (std::uint32_t n = 0; n < length; ++n) bytes[n] = static_cast<unsigned char>(value >> 8 * n);
}

/// Whether it all lies in one aligned word, and so is one access of the port (R7).
constexpr bool is_within_word(std::uint32_t address, std::uint32_t length) {
  return (address & 3) + length <= 4;
}

class DataMemory {
 public:
  /// `bytes` must outlive this. Throw std::invalid_argument unless base and size are multiples of
  /// four, size is not 0, and no other region is touched.
  void add_writable(std::uint32_t base, std::uint32_t size, unsigned char* bytes);
  void add_constants(std::uint32_t base, std::uint32_t size, const unsigned char* bytes);

  /// Where an address can be read, and the rest of its word; null: not here.
  const unsigned char* readable(std::uint32_t address) const {
    for (const Region<unsigned char>& region : writable_) {
      if (address - region.base < region.size) return region.bytes + (address - region.base);
    }
    for (const Region<const unsigned char>& region : constants_) {
      if (address - region.base < region.size) return region.bytes + (address - region.base);
    }
    return nullptr;
  }
  unsigned char* writable(std::uint32_t address) const {
    for (const Region<unsigned char>& region : writable_) {
      if (address - region.base < region.size) return region.bytes + (address - region.base);
    }
    return nullptr;
  }

 private:
  template <typename Byte>
  struct Region {
    std::uint32_t base;
    std::uint32_t size;
    Byte* bytes;
  };
  void require_free(std::uint32_t base, std::uint32_t size) const;

  std::vector<Region<unsigned char>> writable_;
  std::vector<Region<const unsigned char>> constants_;
};

}  // namespace platform::rv32
