// Somebody who connects to a port of this machine.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "tools/live/descriptor.h"

namespace tests {

class TcpClient {
 public:
  explicit TcpClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in there = {};
    there.sin_family = AF_INET;
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    there.sin_port = htons(port);
    connected_ = connect(socket_.number(), reinterpret_cast<sockaddr*>(&there), sizeof there) == 0;
  }

  bool connected() const { return connected_; }
  void send(std::string_view bytes) const {
    ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// Whether the other side has closed within `patience_ms`; else what came then is in `bytes`.
  bool ended(std::string& bytes, int patience_ms = 5000) const {
    pollfd watched = {socket_.number(), POLLIN, 0};
    char buffer[4096];
    if (poll(&watched, 1, patience_ms) <= 0) return false;
    const ssize_t count = recv(socket_.number(), buffer, sizeof buffer, 0);
    if (count <= 0) return true;
    bytes.append(buffer, static_cast<std::size_t>(count));
    return false;
  }
  /// Everything up to the first `end`, or to the other side's closing.
  std::string receive_until(std::string_view end) const {
    std::string bytes;
    while (bytes.find(end) == std::string::npos && !ended(bytes)) {
    }
    return bytes;
  }
  void close() { socket_ = tools::live::Descriptor(); }

 private:
  tools::live::Descriptor socket_;
  bool connected_ = false;
};

}  // namespace tests
