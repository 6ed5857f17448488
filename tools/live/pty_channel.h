// A pseudo terminal whose client side a symbolic link shows. It is raw before the link appears, and
// stays open on our side, so that clients may come and go.
#pragma once

#include "tools/live/byte_channel.h"

namespace tools::live {

/// The target of a symbolic link; empty when there is none.
std::string link_target(const std::string& link);

/// At first the terminal has the rate of `format`. Throws OutputRefused when `link` is there and
/// was not left behind by another session, belongs to one that runs, or cannot be made.
std::unique_ptr<ByteChannel> open_pty(const std::string& link,
                                      const models::masters::SerialFormat& format);

}  // namespace tools::live
