#include "tools/live/loopback.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include "tools/report/output_file.h"

namespace tools::live {
namespace {

[[noreturn]] void refuse(const std::string& name, const char* what) {
  throw OutputRefused(
      fmt::format("{}: {}: {}", name, what, std::generic_category().message(errno)));
}

}  // namespace

Descriptor listen_on_loopback(const std::string& name, std::uint16_t port) {
  Descriptor listener(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!listener.is_open()) refuse(name, "no socket to be had");
  const int on = 1;
  setsockopt(listener.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in here = {};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  here.sin_port = htons(port);
  if (bind(listener.number(), reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0 ||
      listen(listener.number(), 1) != 0) {
    refuse(name, "the port cannot be had");
  }
  return listener;
}

std::uint16_t port_of(const Descriptor& listener) {
  sockaddr_in here = {};
  socklen_t size = sizeof here;
  getsockname(listener.number(), reinterpret_cast<sockaddr*>(&here), &size);
  return ntohs(here.sin_port);
}

Descriptor accept_waiting(const Descriptor& listener) {
  Descriptor client(accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (client.is_open()) {
    const int on = 1;
    setsockopt(client.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  return client;
}

}  // namespace tools::live
