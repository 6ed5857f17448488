// The way to a client, who may come and go.
#pragma once

#include <string>
#include <string_view>

namespace tools::gdb {

class Link {
 public:
  Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  virtual ~Link() = default;

  /// Whether a client is there.
  virtual bool connected() const = 0;
  /// Waits up to `patience_ms` for a client, or for bytes of the one that is there, and adds those
  /// to `bytes`; 0 only looks. It may have come or gone afterwards, not both.
  virtual void look(std::string& bytes, int patience_ms) = 0;
  /// False: the client is lost.
  virtual bool send(std::string_view bytes) = 0;
  /// Lets the client go.
  virtual void close_client() = 0;
};

}  // namespace tools::gdb
