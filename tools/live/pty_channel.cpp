#include "tools/live/pty_channel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "tools/live/baud_codes.h"
#include "tools/live/descriptor.h"
#include "tools/live/terminal_speed.h"
#include "tools/report/output_file.h"

namespace tools::live {
namespace {

[[noreturn]] void refuse(const std::string& link, const std::string& what) {
  const std::string reason = std::generic_category().message(errno);
  throw OutputRefused(fmt::format("{}: {}: {}", link, what, reason));
}

/// A link's name is taken while whoever made it lives: a socket without a file stands for that.
Descriptor claim(const std::string& link) {
  const std::string name = "vmeter:" + std::filesystem::absolute(link).lexically_normal().string();
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::min(name.size(), sizeof address.sun_path - 1);
  // The end of a long name tells more than its begin; the first byte is 0.
  std::memcpy(address.sun_path + 1, name.data() + (name.size() - length), length);
  Descriptor claim(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
  if (!claim.is_open()) refuse(link, "no socket to be had");
  if (bind(claim.number(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    throw OutputRefused(link + ": found the port of another vmeter, expected a name of its own");
  }
  return claim;
}

/// Longer than a call of tcsetattr() takes, shorter than a client stays away.
constexpr auto settling = std::chrono::milliseconds(20);

class PtyChannel final : public ByteChannel {
 public:
  PtyChannel(const std::string& link, const models::masters::SerialFormat& format)
      : link_(link), claim_(claim(link)) {
    refuse_what_is_there();
    master_ = Descriptor(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!master_.is_open()) refuse(link, "no pseudo terminal to be had");
    char name[128];
    if (grantpt(master_.number()) != 0 || unlockpt(master_.number()) != 0 ||
        ptsname_r(master_.number(), name, sizeof name) != 0) {
      refuse(link, "the pseudo terminal cannot be used");
    }
    terminal_ = name;
    own_client_ = Descriptor(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!own_client_.is_open()) refuse(link, "the pseudo terminal cannot be opened");
    make_raw(format);
    watch_ = Descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    inotify_add_watch(watch_.number(), name, IN_OPEN | IN_CLOSE);
    // A link appears whole or not at all, and takes the place of one that was left behind.
    const std::string staging = fmt::format("{}.{}", link, getpid());
    if (symlink(name, staging.c_str()) != 0) refuse(link, "the link cannot be made");
    if (std::rename(staging.c_str(), link.c_str()) != 0) {
      const int reason = errno;
      unlink(staging.c_str());
      errno = reason;
      refuse(link, "the link cannot be made");
    }
  }

  ~PtyChannel() override {
    if (link_target(link_) == terminal_) unlink(link_.c_str());
  }

  int descriptor() const override { return master_.number(); }

  std::vector<std::uint8_t> read() override {
    count_clients();
    std::vector<std::uint8_t> bytes;
    expect_parity(read_waiting(master_.number(), bytes) == Input::some);
    return bytes;
  }

  bool write(std::uint8_t byte) override {
    count_clients();
    // A serial port that nobody has open keeps nothing for who comes next.
    return clients_ > 0 && write_byte(master_.number(), byte);
  }

  std::optional<std::uint32_t> baud() const override {
    return terminal_speed(own_client_.number());
  }

  std::string address() const override { return link_ + " (" + terminal_ + ")"; }

 private:
  /// Only a link that another session left behind may be replaced.
  void refuse_what_is_there() const {
    struct stat there = {};
    if (lstat(link_.c_str(), &there) != 0) return;
    if (S_ISLNK(there.st_mode) && link_target(link_).rfind("/dev/pts/", 0) == 0) return;
    throw OutputRefused(link_ + ": found something else, expected a name for a symbolic link");
  }

  void make_raw(const models::masters::SerialFormat& format) {
    termios raw = {};
    if (tcgetattr(own_client_.number(), &raw) != 0) refuse(link_, "the terminal's settings");
    cfmakeraw(&raw);
    set_speed(raw, format.baud);
    if (tcsetattr(own_client_.number(), TCSANOW, &raw) != 0) {
      refuse(link_, "the terminal's settings");
    }
  }

  /// A pseudo terminal has no parity, and the C library's tcsetattr() says EINVAL to a client that
  /// asks for it and changes nothing else: the second one with the same settings. All serial
  /// libraries set CLOCAL, which has no meaning here; taken back, there is something to change. But
  /// not while tcsetattr() still looks at what it has changed: it is over once the client `writes`.
  void expect_parity(bool writes) {
    termios now = {};
    if (tcgetattr(own_client_.number(), &now) != 0) return;
    if ((now.c_cflag & CLOCAL) == 0) {
      changed_at_.reset();
      return;
    }
    const auto time = std::chrono::steady_clock::now();
    if (!changed_at_) changed_at_ = time;
    if (!writes && time < *changed_at_ + settling) return;
    now.c_cflag &= ~static_cast<tcflag_t>(CLOCAL);
    tcsetattr(own_client_.number(), TCSANOW, &now);
  }

  /// Who has the terminal open besides this.
  void count_clients() {
    alignas(inotify_event) char buffer[4096];
    for (;;) {
      const ssize_t size = ::read(watch_.number(), buffer, sizeof buffer);
      if (size <= 0) return;
      for (ssize_t at = 0; at < size;) {
        inotify_event event = {};
        std::memcpy(&event, buffer + at, sizeof event);
        at += static_cast<ssize_t>(sizeof event + event.len);
        if ((event.mask & IN_OPEN) != 0) ++clients_;
        if ((event.mask & IN_CLOSE) == 0 || clients_ == 0) continue;
        if (--clients_ == 0) leave_as_found();
      }
    }
  }

  /// What nobody read goes, and so does the claim of a client that wanted the terminal for itself
  /// (TIOCEXCL): the kernel would keep it, because the terminal never closes, and refuse the next.
  void leave_as_found() {
    tcflush(own_client_.number(), TCIFLUSH);
    ioctl(own_client_.number(), TIOCNXCL);
  }

  std::string link_;
  Descriptor claim_;
  std::string terminal_;
  Descriptor master_;
  Descriptor own_client_;  ///< kept open: else the last client's leaving would look like an error
  std::optional<std::chrono::steady_clock::time_point> changed_at_;  ///< by a client
  Descriptor watch_;
  int clients_ = 0;
};

}  // namespace

std::string link_target(const std::string& link) {
  char target[4096];
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

std::unique_ptr<ByteChannel> open_pty(const std::string& link,
                                      const models::masters::SerialFormat& format) {
  return std::make_unique<PtyChannel>(link, format);
}

}  // namespace tools::live
