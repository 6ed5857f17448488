// A TCP port on the loopback address, with one client at a time; whoever comes second is let go at
// once.
#pragma once

#include <cstdint>

#include "tools/gdb/link.h"
#include "tools/live/descriptor.h"

namespace tools::gdb {

class Server final : public Link {
 public:
  /// Listens; port 0: at any that is free. Throws OutputRefused when it cannot be had.
  explicit Server(std::uint16_t port);

  /// The port it listens at.
  std::uint16_t port() const { return port_; }

  bool connected() const override { return client_.is_open(); }
  void look(std::string& bytes, int patience_ms) override;
  bool send(std::string_view bytes) override;
  void close_client() override { client_ = live::Descriptor(); }

 private:
  void accept_newcomer();
  void read_client(std::string& bytes);

  live::Descriptor listener_;
  live::Descriptor client_;
  std::uint16_t port_;
};

}  // namespace tools::gdb
