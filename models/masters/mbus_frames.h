// M-Bus frames as a master builds and reads them (EN 13757-2, EN 13757-3).
//
//   acknowledge  E5
//   short        10 C A CS 16
//   control      68 03 03 68 C A CI CS 16
//   long         68 L L 68 C A CI data CS 16      L = 3 + data, at most 255
//
// CS is the sum of all bytes from C up to it, modulo 256. C: bit 6 master to slave, bit 5 FCB, bit
// 4 FCV, below them the function. Numbers go out with their low byte first.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace models::masters {

inline constexpr std::uint8_t mbus_acknowledge = 0xE5;

inline constexpr std::uint8_t mbus_snd_nke = 0x40;
inline constexpr std::uint8_t mbus_snd_ud = 0x53;
inline constexpr std::uint8_t mbus_req_ud1 = 0x5A;
inline constexpr std::uint8_t mbus_req_ud2 = 0x5B;
inline constexpr std::uint8_t mbus_fcb = 0x20;
inline constexpr std::uint8_t mbus_fcv = 0x10;

inline constexpr std::uint8_t mbus_highest_primary = 250;
/// The slave that is selected by its secondary address; all, who answer; all, who do not.
inline constexpr std::uint8_t mbus_selected = 253;
inline constexpr std::uint8_t mbus_everybody = 254;
inline constexpr std::uint8_t mbus_broadcast = 255;

// CI fields.
inline constexpr std::uint8_t mbus_ci_reset = 0x50;
inline constexpr std::uint8_t mbus_ci_data = 0x51;
inline constexpr std::uint8_t mbus_ci_select = 0x52;
inline constexpr std::uint8_t mbus_ci_error = 0x70;
inline constexpr std::uint8_t mbus_ci_alarm = 0x71;
inline constexpr std::uint8_t mbus_ci_variable = 0x72;
/// 300 Bd; the seven above it: 600, 1200, 2400, 4800, 9600, 19 200, 38 400 Bd.
inline constexpr std::uint8_t mbus_ci_baud = 0xB8;

/// Data of one frame.
inline constexpr std::size_t mbus_most_data = 252;

using MbusBytes = std::vector<std::uint8_t>;

std::uint8_t mbus_checksum(const std::uint8_t* bytes, std::size_t count);

/// 10 C A CS 16
MbusBytes mbus_short_frame(std::uint8_t c, std::uint8_t a);
/// 68 L L 68 C A CI data CS 16. Throws std::invalid_argument for more than mbus_most_data.
MbusBytes mbus_long_frame(std::uint8_t c, std::uint8_t a, std::uint8_t ci, const MbusBytes& data);

/// Where C stands in a frame that begins with this byte; none of an acknowledge or anything else.
std::optional<std::size_t> mbus_control_index(const MbusBytes& frame);

/// How long a frame that begins like this will be; none as long as that is open. 0: no frame begins
/// like this.
std::optional<std::size_t> mbus_frame_length(const MbusBytes& begin);

struct MbusFrame {
  /// A control frame is a long one without data.
  enum class Kind { acknowledge, short_frame, long_frame };

  Kind kind = Kind::acknowledge;
  std::uint8_t c = 0;
  std::uint8_t a = 0;
  std::uint8_t ci = 0;
  MbusBytes data;

  /// A slave's answer with data (RSP_UD), whatever its ACD and DFC.
  bool is_response() const { return kind == Kind::long_frame && (c & 0xCF) == 0x08; }
};

/// The frame, if the bytes are one from the first to the last.
std::optional<MbusFrame> parse_mbus_frame(const MbusBytes& bytes);

// --- who is meant
// ------------------------------------------------------------------------------

/// A secondary address, or a mask of some: a nibble F of the identification, a manufacturer of
/// FFFF, a version or a medium of FF stand for any.
struct MbusSecondary {
  std::uint32_t id = 0xFFFF'FFFF;  ///< eight digits, BCD: 12345678 is 0x12345678
  std::uint16_t manufacturer = 0xFFFF;
  std::uint8_t version = 0xFF;
  std::uint8_t medium = 0xFF;
  std::optional<std::uint32_t> fabrication;  ///< eight digits: enhanced selection

  bool operator==(const MbusSecondary& other) const;
};

/// Three capital letters in 15 bits. Throws std::invalid_argument for anything else.
std::uint16_t mbus_manufacturer(std::string_view letters);
/// The letters, or "*" of FFFF.
std::string mbus_letters(std::uint16_t manufacturer);

/// 68 0B 0B 68 53 FD 52 …; with a fabrication number the record 0C 78 behind it.
MbusBytes mbus_select_frame(const MbusSecondary& whom);

/// The fixed header of an RSP_UD with CI 72.
struct MbusHeader {
  MbusSecondary address;
  std::uint8_t access = 0;
  std::uint8_t status = 0;
  std::uint16_t signature = 0;
};
inline constexpr std::size_t mbus_header_bytes = 12;

/// None if the frame is no RSP_UD with CI 72 or too short.
std::optional<MbusHeader> mbus_header_of(const MbusFrame& frame);

}  // namespace models::masters
