// A serial device of the host, and a TCP port.
#pragma once

#include "tools/live/byte_channel.h"

namespace tools::live {

/// The device is set raw and to `format`. Throws OutputRefused when it cannot be.
std::unique_ptr<ByteChannel> open_serial_device(const std::string& path,
                                                const models::masters::SerialFormat& format);

/// Listens on 127.0.0.1; a client that comes takes the place of the one before. `port`: 1 … 65535,
/// else UsageError. Throws OutputRefused when the port cannot be had.
std::unique_ptr<ByteChannel> open_tcp(const std::string& port);

}  // namespace tools::live
