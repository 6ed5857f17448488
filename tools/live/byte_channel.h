// The host's side of a serial line: bytes that a real master writes and reads. A pseudo terminal
// with a stable link, a serial device, or a TCP port.
//
//   LINK          a pseudo terminal is made and the symbolic link LINK shows it
//   /dev/ttyUSB0  (a character device that exists, also through a link) a serial device, set to the
//                 line's format
//   tcp:PORT      the same bytes over TCP on the loopback address; one client at a time
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/masters/serial_end.h"

namespace tools::live {

class ByteChannel {
 public:
  ByteChannel() = default;
  ByteChannel(const ByteChannel&) = delete;
  ByteChannel& operator=(const ByteChannel&) = delete;
  virtual ~ByteChannel() = default;

  /// What poll() is to watch for input; −1 for nothing.
  virtual int descriptor() const = 0;
  /// What is there, without waiting; empty for nothing. A client that has gone is no error.
  virtual std::vector<std::uint8_t> read() = 0;
  /// Writes what the client has room for; false: it was lost, nobody reads.
  virtual bool write(std::uint8_t byte) = 0;
  /// The baud rate that the client has set, 0 for a line hung up; none where it cannot be known.
  virtual std::optional<std::uint32_t> baud() const { return std::nullopt; }
  /// Where a client finds it.
  virtual std::string address() const = 0;
};

/// Makes what `target` names. `format`: of the line. Throws OutputRefused in
/// one sentence.
std::unique_ptr<ByteChannel> open_channel(const std::string& target,
                                          const models::masters::SerialFormat& format);

}  // namespace tools::live
