#include "tools/live/terminal_speed.h"

// These say the same as <termios.h> in other words; no file can have both.
#include <asm/termbits.h>
#include <sys/ioctl.h>

namespace tools::live {

std::optional<std::uint32_t> terminal_speed(int descriptor) {
  termios2 settings = {};
  if (ioctl(descriptor, TCGETS2, &settings) != 0) return std::nullopt;
  if ((settings.c_cflag & CBAUD) == B0) return 0;
  return settings.c_ospeed;
}

}  // namespace tools::live
