#include "tools/live/byte_channel.h"

#include <sys/stat.h>

#include "tools/live/device_channels.h"
#include "tools/live/pty_channel.h"

namespace tools::live {

std::unique_ptr<ByteChannel> open_channel(const std::string& target,
                                          const models::masters::SerialFormat& format) {
  constexpr std::string_view tcp = "tcp:";
  if (target.rfind(tcp, 0) == 0) return open_tcp(target.substr(tcp.size()));
  struct stat link = {};
  struct stat what = {};
  const bool is_link = lstat(target.c_str(), &link) == 0 && S_ISLNK(link.st_mode);
  if (!is_link && stat(target.c_str(), &what) == 0 && S_ISCHR(what.st_mode)) {
    return open_serial_device(target, format);
  }
  return open_pty(target);
}

}  // namespace tools::live
