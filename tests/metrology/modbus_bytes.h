// Frames for tests: hexadecimal text, and a CRC of their own, by long division bit by bit.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace tests {

using Bytes = std::vector<std::uint8_t>;

/// The bytes of "01 03 20 08".
inline Bytes hex(const std::string& text) {
  Bytes bytes;
  for (std::size_t n = 0; n < text.size(); n += 3) {
    bytes.push_back(
        static_cast<std::uint8_t>(std::strtoul(text.substr(n, 2).c_str(), nullptr, 16)));
  }
  return bytes;
}

/// The polynomial x^16 + x^15 + x^2 + 1, bits from the lowest on, initial value all ones.
inline std::uint16_t modbus_crc(const Bytes& bytes) {
  unsigned remainder = 0xFFFF;
  for (const std::uint8_t byte : bytes) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      const bool out = ((remainder ^ (unsigned{byte} >> bit)) & 1U) != 0;
      remainder = (remainder >> 1U) ^ (out ? 0xA001U : 0U);
    }
  }
  return static_cast<std::uint16_t>(remainder);
}

/// `bytes` with their CRC, low byte first.
inline Bytes sealed(Bytes bytes) {
  const std::uint16_t crc = modbus_crc(bytes);
  bytes.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(crc >> 8U));
  return bytes;
}
inline Bytes sealed(const std::string& text) { return sealed(hex(text)); }

inline void append16(Bytes& bytes, std::uint32_t value) {
  bytes.push_back(static_cast<std::uint8_t>((value >> 8U) & 0xFFU));
  bytes.push_back(static_cast<std::uint8_t>(value & 0xFFU));
}

/// Requests with their CRC.
inline Bytes read_request(std::uint8_t id, std::uint32_t address, std::uint32_t count,
                          std::uint8_t function = 0x03) {
  Bytes bytes{id, function};
  append16(bytes, address);
  append16(bytes, count);
  return sealed(bytes);
}
inline Bytes write_one(std::uint8_t id, std::uint32_t address, std::uint32_t value) {
  return read_request(id, address, value, 0x06);
}
/// `values` are words of 16 bits.
inline Bytes write_many(std::uint8_t id, std::uint32_t address,
                        const std::vector<std::uint32_t>& values) {
  Bytes bytes{id, 0x10};
  append16(bytes, address);
  append16(bytes, static_cast<std::uint32_t>(values.size()));
  bytes.push_back(static_cast<std::uint8_t>(2 * values.size()));
  for (const std::uint32_t value : values) append16(bytes, value);
  return sealed(bytes);
}
inline Bytes exception(std::uint8_t id, unsigned function, std::uint8_t code) {
  return sealed(Bytes{id, static_cast<std::uint8_t>(function | 0x80U), code});
}

}  // namespace tests
