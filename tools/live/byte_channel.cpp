#include "tools/live/byte_channel.h"

#include <sys/stat.h>

#include "tools/live/device_channels.h"
#include "tools/live/pty_channel.h"

namespace tools::live {

std::unique_ptr<ByteChannel> open_channel(const std::string& target,
                                          const models::masters::SerialFormat& format) {
  constexpr std::string_view tcp = "tcp:";
  if (target.rfind(tcp, 0) == 0) return open_tcp(target.substr(tcp.size()));
  // A link of another session's is made anew; any other leads to where it leads.
  const bool left_behind = link_target(target).rfind("/dev/pts/", 0) == 0;
  struct stat what = {};
  if (!left_behind && stat(target.c_str(), &what) == 0 && S_ISCHR(what.st_mode)) {
    return open_serial_device(target, format);
  }
  return open_pty(target, format);
}

}  // namespace tools::live
