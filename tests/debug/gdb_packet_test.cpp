// Framing by the GDB manual's appendix "Remote Protocol". Sums are worked out by hand: "OK" is
// 0x4F + 0x4B = 0x9A.
#include <catch2/catch.hpp>

#include "tools/gdb/packet.h"

namespace {

using tools::gdb::Decoder;
using tools::gdb::Received;
using Kind = tools::gdb::Received::Kind;

std::vector<Received> all(Decoder& decoder) {
  std::vector<Received> out;
  while (const auto received = decoder.next()) out.push_back(*received);
  return out;
}

std::vector<Received> decoded(std::string_view bytes) {
  Decoder decoder;
  decoder.feed(bytes);
  return all(decoder);
}

}  // namespace

TEST_CASE("gdb packet: a body is framed with the sum of its bytes in two lower-case digits") {
  CHECK(tools::gdb::frame("OK") == "$OK#9a");
  CHECK(tools::gdb::frame("") == "$#00");
  CHECK(tools::gdb::frame("g") == "$g#67");
  // 255 bytes of 'a' (0x61): 255 · 97 = 24735 = 96 · 256 + 159.
  CHECK(tools::gdb::frame(std::string(255, 'a')) == "$" + std::string(255, 'a') + "#9f");
}

TEST_CASE(
    "gdb packet: dollar and hash and brace and star are escaped and the sum is of what is sent") {
  // '}' 0x7D and '$' ^ 0x20 = 0x04: 0x81.
  CHECK(tools::gdb::frame("$") == "$}\x04#81");
  CHECK(tools::gdb::frame("#") == "$}\x03#80");
  CHECK(tools::gdb::frame("}") == "$}]#da");
  CHECK(tools::gdb::frame("*") == "$}\x0A#87");
}

TEST_CASE("gdb packet: any bytes come back as they were framed") {
  std::string body;
  for (int byte = 0; byte < 256; ++byte) body += static_cast<char>(byte);
  const auto received = decoded(tools::gdb::frame(body));
  REQUIRE(received.size() == 1);
  CHECK(received[0].kind == Kind::packet);
  CHECK(received[0].body == body);
}

TEST_CASE("gdb packet: the sum may be written in capitals") {
  const auto received = decoded("$OK#9A");
  REQUIRE(received.size() == 1);
  CHECK(received[0].kind == Kind::packet);
}

TEST_CASE("gdb packet: a wrong sum and what is no sum are damage") {
  for (const char* text : {"$OK#9b", "$OK#99", "$OK#zz", "$OK#9 ", "$OK###"}) {
    INFO(text);
    const auto received = decoded(text);
    REQUIRE(received.size() == 1);
    CHECK(received[0].kind == Kind::damaged);
  }
}

TEST_CASE("gdb packet: a packet in pieces of one byte is the same packet") {
  Decoder decoder;
  const std::string text = "$m20000000,4#4f";
  for (std::size_t n = 0; n < text.size(); ++n) {
    CHECK_FALSE(decoder.next());
    decoder.feed(text.substr(n, 1));
  }
  const auto received = all(decoder);
  REQUIRE(received.size() == 1);
  CHECK(received[0].body == "m20000000,4");
}

TEST_CASE("gdb packet: a torn packet is forgotten when the next one begins") {
  for (const char* text : {"$m2000$g#67", "$m20#$g#67", "$m20#8$g#67", "$m20}$g#67"}) {
    INFO(text);
    const auto received = decoded(text);
    REQUIRE(received.size() == 1);
    CHECK(received[0].kind == Kind::packet);
    CHECK(received[0].body == "g");
  }
}

TEST_CASE("gdb packet: between packets signs are heard and anything else is ignored") {
  const auto received = decoded("GET / HTTP/1.1\r\n+-\x03#9a$g#67");
  REQUIRE(received.size() == 4);
  CHECK(received[0].kind == Kind::acknowledge);
  CHECK(received[1].kind == Kind::again);
  CHECK(received[2].kind == Kind::interrupt);
  CHECK(received[3].kind == Kind::packet);
}

TEST_CASE("gdb packet: 0x03 inside a body is a byte of it") {
  const auto received = decoded("$\x03#03");
  REQUIRE(received.size() == 1);
  CHECK(received[0].kind == Kind::packet);
  CHECK(received[0].body == "\x03");
}

TEST_CASE("gdb packet: a body of the largest size is taken and one byte more is damage") {
  const std::string body(tools::gdb::largest_packet, 'x');
  auto received = decoded(tools::gdb::frame(body));
  REQUIRE(received.size() == 1);
  CHECK(received[0].kind == Kind::packet);
  received = decoded(tools::gdb::frame(body + "x"));
  REQUIRE(received.size() == 1);
  CHECK(received[0].kind == Kind::damaged);
}

TEST_CASE("gdb packet: hex digits") {
  using namespace tools::gdb;
  CHECK(to_hex(std::string_view("\x00\x7F\xFF", 3)) == "007fff");
  CHECK(from_hex("007FfF") == std::string("\x00\x7F\xFF", 3));
  CHECK(from_hex("") == std::string());
  CHECK_FALSE(from_hex("0"));
  CHECK_FALSE(from_hex("0g"));
  CHECK(to_hex(std::uint32_t{0x12345678}) == "78563412");
  CHECK(register_value("78563412") == 0x12345678U);
  CHECK_FALSE(register_value("785634"));
  CHECK_FALSE(register_value("7856341200"));
  CHECK(hex_number("ffffffff") == 0xFFFF'FFFFU);
  CHECK_FALSE(hex_number("100000000"));
  CHECK_FALSE(hex_number(""));
  CHECK_FALSE(hex_number("0x1"));
}
