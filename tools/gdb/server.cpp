#include "tools/gdb/server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <utility>

#include "tools/live/loopback.h"

namespace tools::gdb {
namespace {

/// A client that takes nothing for so long is lost.
constexpr int send_patience_ms = 5000;

}  // namespace

Server::Server(std::uint16_t port)
    : listener_(live::listen_on_loopback("--gdb " + std::to_string(port), port)),
      port_(live::port_of(listener_)) {}

void Server::look(std::string& bytes, int patience_ms) {
  pollfd watched[] = {{listener_.number(), POLLIN, 0}, {client_.number(), POLLIN, 0}};
  if (poll(watched, 2, patience_ms) <= 0) return;
  if (watched[1].revents != 0) read_client(bytes);
  if (watched[0].revents != 0) accept_newcomer();
}

void Server::accept_newcomer() {
  live::Descriptor newcomer = live::accept_waiting(listener_);
  if (newcomer.is_open() && !client_.is_open()) client_ = std::move(newcomer);
}

void Server::read_client(std::string& bytes) {
  char buffer[4096];
  const ssize_t count = recv(client_.number(), buffer, sizeof buffer, 0);
  if (count > 0) {
    bytes.append(buffer, static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    close_client();
  }
}

bool Server::send(std::string_view bytes) {
  while (!bytes.empty() && client_.is_open()) {
    const ssize_t count = ::send(client_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      continue;
    }
    pollfd writable = {client_.number(), POLLOUT, 0};
    const bool full = count < 0 && (errno == EAGAIN || errno == EINTR);
    if (!full || poll(&writable, 1, send_patience_ms) == 0) close_client();
  }
  return client_.is_open();
}

}  // namespace tools::gdb
