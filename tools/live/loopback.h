// TCP on the loopback address: who listens there cannot be reached from another machine.
#pragma once

#include <cstdint>
#include <string>

#include "tools/live/descriptor.h"

namespace tools::live {

/// A listening socket that does not block, at `port` or, for 0, at any that is free. Throws
/// OutputRefused in one sentence that begins with `name`.
Descriptor listen_on_loopback(const std::string& name, std::uint16_t port);

/// The port at which a socket listens.
std::uint16_t port_of(const Descriptor& listener);

/// A client that waits to be let in, as a socket that neither blocks nor holds small writes back;
/// not open when none waits.
Descriptor accept_waiting(const Descriptor& listener);

}  // namespace tools::live
