#include "tools/live/pty_channel.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <termios.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "tools/live/baud_codes.h"
#include "tools/live/descriptor.h"
#include "tools/report/output_file.h"

namespace tools::live {
namespace {

[[noreturn]] void refuse(const std::string& link, const std::string& what) {
  const std::string reason = std::generic_category().message(errno);
  throw OutputRefused(fmt::format("{}: {}: {}", link, what, reason));
}

/// The target of a symbolic link; empty when there is none.
std::string target_of(const std::string& link) {
  char target[256];
  const ssize_t length = readlink(link.c_str(), target, sizeof target);
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

/// Longer than a call of tcsetattr() takes, shorter than a client stays away.
constexpr auto settling = std::chrono::milliseconds(20);

class PtyChannel final : public ByteChannel {
 public:
  explicit PtyChannel(const std::string& link) : link_(link) {
    struct stat there = {};
    if (lstat(link.c_str(), &there) == 0 && !S_ISLNK(there.st_mode)) {
      throw OutputRefused(link + ": found a file, expected a name for a symbolic link");
    }
    master_ = Descriptor(posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!master_.is_open()) refuse(link, "no pseudo terminal to be had");
    char name[128];
    if (grantpt(master_.number()) != 0 || unlockpt(master_.number()) != 0 ||
        ptsname_r(master_.number(), name, sizeof name) != 0) {
      refuse(link, "the pseudo terminal cannot be used");
    }
    terminal_ = name;
    client_ = Descriptor(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!client_.is_open()) refuse(link, "the pseudo terminal cannot be opened");
    make_raw();
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
    if (target_of(link_) == terminal_) unlink(link_.c_str());
  }

  int descriptor() const override { return master_.number(); }

  std::vector<std::uint8_t> read() override {
    std::vector<std::uint8_t> bytes;
    expect_parity(read_waiting(master_.number(), bytes) == Input::some);
    return bytes;
  }

  bool write(std::uint8_t byte) override { return write_byte(master_.number(), byte); }

  std::optional<std::uint32_t> baud() const override {
    termios now = {};
    if (tcgetattr(client_.number(), &now) != 0) return std::nullopt;
    for (const BaudCode& known : baud_codes) {
      if (known.code == cfgetospeed(&now)) return known.baud;
    }
    return std::nullopt;
  }

  std::string address() const override { return link_ + " (" + terminal_ + ")"; }

 private:
  void make_raw() {
    termios raw = {};
    if (tcgetattr(client_.number(), &raw) != 0) refuse(link_, "the terminal's settings");
    cfmakeraw(&raw);
    cfsetspeed(&raw, B9600);
    if (tcsetattr(client_.number(), TCSANOW, &raw) != 0) refuse(link_, "the terminal's settings");
  }

  /// A pseudo terminal has no parity, and the C library's tcsetattr() says EINVAL to a client that
  /// asks for it and changes nothing else: the second one with the same settings. All serial
  /// libraries set CLOCAL, which has no meaning here; taken back, there is something to change. But
  /// not while tcsetattr() still looks at what it has changed: it is over once the client `writes`.
  void expect_parity(bool writes) {
    termios now = {};
    if (tcgetattr(client_.number(), &now) != 0) return;
    if ((now.c_cflag & CLOCAL) == 0) {
      changed_at_.reset();
      return;
    }
    const auto time = std::chrono::steady_clock::now();
    if (!changed_at_) changed_at_ = time;
    if (!writes && time < *changed_at_ + settling) return;
    now.c_cflag &= ~static_cast<tcflag_t>(CLOCAL);
    tcsetattr(client_.number(), TCSANOW, &now);
  }

  std::string link_;
  std::string terminal_;
  Descriptor master_;
  std::optional<std::chrono::steady_clock::time_point> changed_at_;  ///< by a client
  Descriptor client_;  ///< kept open: else the last client's leaving would look like an error
};

}  // namespace

std::unique_ptr<ByteChannel> open_pty(const std::string& link) {
  return std::make_unique<PtyChannel>(link);
}

}  // namespace tools::live
