// A pseudo terminal whose client side a symbolic link shows. It is raw before the link appears, and
// stays open on our side, so that clients may come and go.
#pragma once

#include "tools/live/byte_channel.h"

namespace tools::live {

/// Throws OutputRefused when `link` is there and no symbolic link, or cannot be made.
std::unique_ptr<ByteChannel> open_pty(const std::string& link);

}  // namespace tools::live
