// The speed that a terminal has been set to, whatever it is: termios knows a table of rates only,
// the kernel any number.
#pragma once

#include <cstdint>
#include <optional>

namespace tools::live {

/// In bits per second, 0 for a line that is hung up; nothing for what is no terminal.
std::optional<std::uint32_t> terminal_speed(int descriptor);

}  // namespace tools::live
