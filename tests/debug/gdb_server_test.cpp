#include <catch2/catch.hpp>

#include "tests/debug/tcp_client.h"
#include "tools/gdb/server.h"
#include "tools/report/output_file.h"

namespace {

using tests::TcpClient;
using tools::gdb::Server;

constexpr int patience_ms = 5000;

struct Pair {
  Pair() { server.look(bytes, patience_ms); }
  Server server{0};
  TcpClient client{server.port()};
  std::string bytes;
};

}  // namespace

TEST_CASE("gdb server: port 0 is any free one and bytes go both ways") {
  Pair pair;
  REQUIRE(pair.server.port() != 0);
  REQUIRE(pair.server.connected());
  pair.client.send("$g#67");
  pair.server.look(pair.bytes, patience_ms);
  CHECK(pair.bytes == "$g#67");
  CHECK(pair.server.send("+$#00"));
  CHECK(pair.client.receive_until("#00") == "+$#00");
}

TEST_CASE("gdb server: who comes second is let go and the first stays") {
  Pair pair;
  const TcpClient second(pair.server.port());
  REQUIRE(second.connected());
  pair.server.look(pair.bytes, patience_ms);
  std::string none;
  CHECK(second.ended(none));
  CHECK(pair.server.connected());
  pair.client.send("+");
  pair.server.look(pair.bytes, patience_ms);
  CHECK(pair.bytes == "+");
}

TEST_CASE("gdb server: a client that goes in mid-packet is gone and another may come") {
  Pair pair;
  pair.client.send("$m2000");
  pair.server.look(pair.bytes, patience_ms);
  pair.client.close();
  pair.server.look(pair.bytes, patience_ms);
  CHECK(pair.bytes == "$m2000");
  CHECK_FALSE(pair.server.connected());
  CHECK_FALSE(pair.server.send("+"));
  const TcpClient next(pair.server.port());
  pair.server.look(pair.bytes, patience_ms);
  CHECK(pair.server.connected());
}

TEST_CASE("gdb server: sending to a client that has gone is no fault") {
  Pair pair;
  pair.client.close();
  const std::string much(1 << 16, 'x');
  for (int n = 0; n < 4 && pair.server.connected(); ++n) pair.server.send(much);
  CHECK_FALSE(pair.server.connected());
}

TEST_CASE("gdb server: looking without patience returns at once") {
  Server server(0);
  std::string bytes;
  server.look(bytes, 0);
  CHECK(bytes.empty());
  CHECK_FALSE(server.connected());
}

TEST_CASE("gdb server: a port in use is refused in one sentence") {
  const Server first(0);
  std::string said;
  try {
    const Server second(first.port());
  } catch (const tools::OutputRefused& error) {
    said = error.what();
  }
  CHECK(said == "--gdb " + std::to_string(first.port()) +
                    ": the port cannot be had: Address already in use");
}
