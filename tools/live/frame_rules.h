// How the frames of each protocol are told from parts of frames: as masters send them.
//
//   Modbus RTU      whatever ends in its right CRC
//   M-Bus           10 C A CS 16
//                   68 L L 68 (L bytes) CS 16
//   IEC 62056-21    / … LF              sign-on
//                   ACK V Z Y CR LF     acknowledgement: with a choice of the rate
//                   SOH … ETX BCC       command; EOT in place of ETX for a part of one
//                   NAK, NUL            one character; NULs wake a meter that runs on a battery
//
// The check sums of M-Bus and IEC 62056-21 do not matter here: a frame with a wrong one is as whole
// as any. Bit 7 of what comes to an infra-red port is a parity bit, if anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tools::live {

using Bytes = std::vector<std::uint8_t>;

/// How many bytes of garbage stand before the whole frames, one at least, that `bytes` end with;
/// none when they end with anything else.
using FrameRule = std::optional<std::size_t> (*)(const Bytes& bytes);

/// One frame, no garbage.
std::optional<std::size_t> modbus_frame(const Bytes& bytes);
std::optional<std::size_t> mbus_frames(const Bytes& bytes);
std::optional<std::size_t> iec62056_messages(const Bytes& bytes);

}  // namespace tools::live
