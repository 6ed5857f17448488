#include "tools/live/control_channel.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

#include "tools/report/output_file.h"

namespace tools::live {
namespace {

/// A line beyond this is no order.
constexpr std::size_t longest_line = 65'536;

[[noreturn]] void refuse(const std::string& target, const std::string& what) {
  throw OutputRefused(
      fmt::format("{}: {}: {}", target, what, std::generic_category().message(errno)));
}

Descriptor listen_at(const std::string& path) {
  sockaddr_un here = {};
  here.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof here.sun_path) {
    throw OutputRefused("--control: found a path too long or empty, expected one for a socket");
  }
  std::memcpy(here.sun_path, path.c_str(), path.size());
  struct stat there = {};
  if (lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) {
      throw OutputRefused(path + ": found a file, expected a name for a socket");
    }
    unlink(path.c_str());
  }
  Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) refuse(path, "no socket to be had");
  if (bind(listener.number(), reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      listen(listener.number(), 1) != 0) {
    refuse(path, "the socket cannot be made");
  }
  return listener;
}

}  // namespace

ControlChannel::ControlChannel(const std::string& target)
    : target_(target), standard_(target == "-") {
  if (!standard_) listener_ = listen_at(target);
}

ControlChannel::~ControlChannel() {
  if (!standard_) unlink(target_.c_str());
}

int ControlChannel::descriptor() const {
  if (standard_) return ended_ ? -1 : STDIN_FILENO;
  return client_.is_open() ? client_.number() : listener_.number();
}

std::vector<std::string> ControlChannel::read() {
  if (!standard_) {
    Descriptor newcomer(
        accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (newcomer.is_open()) {
      client_ = std::move(newcomer);
      text_.clear();
    }
    if (!client_.is_open()) return {};
  }
  // The standard input stays as its owner set it: it is read only when something is there.
  pollfd there{descriptor(), POLLIN, 0};
  if (poll(&there, 1, 0) <= 0) return {};
  std::vector<std::uint8_t> bytes;
  if (read_waiting(descriptor(), bytes) == Input::ended) {
    if (!text_.empty()) bytes.push_back('\n');  // a last line without its end
    if (standard_) ended_ = true;
    client_ = Descriptor();
  }
  text_.append(bytes.begin(), bytes.end());
  std::vector<std::string> lines;
  for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
    std::string line = text_.substr(0, end);
    text_.erase(0, end + 1);
    const bool rest = std::exchange(too_long_, false);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (rest || line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') continue;
    lines.push_back(line);
  }
  if (text_.size() > longest_line) {
    if (!too_long_) answer("error: control: found a line without an end, expected an order");
    too_long_ = true;
    text_.clear();
  }
  return lines;
}

void ControlChannel::answer(const std::string& line) {
  const std::string text = line + "\n";
  if (standard_) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  } else if (client_.is_open() &&
             send(client_.number(), text.data(), text.size(), MSG_NOSIGNAL) < 0) {
    client_ = Descriptor();
  }
}

}  // namespace tools::live
