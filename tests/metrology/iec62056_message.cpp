// Messages of IEC 62056-21: bytes ↔ structs.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "metrology/protocol/iec62056/message.h"
#include "tests/metrology/iec62056_bytes.h"

using namespace metrology::iec62056;

namespace {

Text text(const std::string& characters) {
  return {reinterpret_cast<const std::uint8_t*>(characters.data()),
          static_cast<int>(characters.size())};
}
std::string string(Text text) {
  return std::string(reinterpret_cast<const char*>(text.bytes),
                     static_cast<std::size_t>(text.size));
}
std::string string(const Answer& answer) { return string(Text{answer.bytes, answer.size}); }

/// The address in a sign-on, "none" if it is none.
std::string address_in(const std::string& message) {
  Text address{};
  return parse_sign_on(text(message), address) ? string(address) : "none";
}

bool addressed(const std::string& address, std::uint32_t serial_bcd) {
  return is_addressed(text(address), serial_bcd);
}

/// code|value|unit, "none" if it is no data set.
std::string parts_of(const std::string& data) {
  DataSet set{};
  if (!parse_data_set(text(data), set)) return "none";
  return string(set.code) + "|" + string(set.value) + "|" + string(set.unit);
}

}  // namespace

TEST_CASE("BCC of the vectors: B0 q, P0 60, P1 61, R1 5A") {
  Answer answer{};
  put_break(answer);
  CHECK(string(answer) ==
        "\x01"
        "B0\x03q");
  struct Vector {
    std::string message;
    std::uint8_t check;
  };
  const Vector vectors[] = {{"\x01"
                             "B0\x03",
                             0x71},
                            {"\x01"
                             "P0\x02()\x03",
                             0x60},
                            {"\x01"
                             "P1\x02(00000000)\x03",
                             0x61},
                            {"\x01"
                             "R1\x02"
                             "1.8.0()\x03",
                             0x5A}};
  for (const Vector& vector : vectors) {
    CAPTURE(vector.message);
    const auto* behind = reinterpret_cast<const std::uint8_t*>(vector.message.data()) + 1;
    CHECK(bcc(behind, static_cast<int>(vector.message.size()) - 1) == vector.check);
    CHECK(is_intact(text(vector.message + static_cast<char>(vector.check))));
    CHECK_FALSE(is_intact(text(vector.message + static_cast<char>(vector.check ^ 1))));
  }
}

TEST_CASE("Sign-on: with and without an address, at most 32 characters of it") {
  CHECK(address_in("/?!\r\n").empty());
  CHECK(address_in("/?14501234!\r\n") == "14501234");
  const std::string longest(32, '7');
  CHECK(address_in("/?" + longest + "!\r\n") == longest);
  CHECK(address_in("/?" + longest + "7!\r\n") == "none");
}

TEST_CASE("Sign-on: nothing that is otherwise is one") {
  for (const char* message :
       {"", "/", "/?!\r", "/?!\n", "/?!\n\r", "/?\r\n", "?/!\r\n", "//!\r\n", "/?1/2!\r\n",
        "/?1!2!\r\n", "/?(1)!\r\n", "/?1*2!\r\n", "/?\x01!\r\n", "/?\x7F!\r\n", "/?!\r\nx"}) {
    CAPTURE(message);
    CHECK(address_in(message) == "none");
  }
}

TEST_CASE("Address: none means any meter, zeros before the number do not count") {
  CHECK(addressed("", 0x14501234));
  CHECK(addressed("14501234", 0x14501234));
  CHECK(addressed("0000000014501234", 0x14501234));
  CHECK(addressed("1234", 0x00001234));
  CHECK(addressed("00001234", 0x00001234));
  CHECK(addressed("0", 0x00000000));
}

TEST_CASE("Address: another number, or more or less of it, means another meter") {
  for (const char* address :
       {"0", "14501235", "1450123", "145012340", "4501234", "1450123A", " "}) {
    CAPTURE(address);
    CHECK_FALSE(addressed(address, 0x14501234));
  }
  CHECK_FALSE(addressed("0", 0x00000001));
}

TEST_CASE("Option select: ACK, three digits, CR LF, and nothing else") {
  Option option{};
  REQUIRE(parse_option(text("\x06"
                            "051\r\n"),
                       option));
  CHECK(option.protocol == 0);
  CHECK(option.rate == 5);
  CHECK(option.mode == 1);
  for (const char* message : {"\x06",
                              "\x06"
                              "05\r\n",
                              "\x06"
                              "0500\r\n",
                              "\x06"
                              "0A0\r\n",
                              "\x06"
                              "05:\r\n",
                              "\x15"
                              "050\r\n",
                              "\x06"
                              "050\n\r",
                              "\x06"
                              "/50\r\n"}) {
    CAPTURE(message);
    CHECK_FALSE(parse_option(text(message), option));
  }
}

TEST_CASE("Command: letter, digit and what stands between STX and ETX") {
  const std::string read = tests::command("R1", "2008()");
  const std::string sign_off = tests::command("B0");
  const std::string empty = tests::with_bcc("\x01P1\x02\x03");
  Command command{};
  REQUIRE(parse_command(text(read), command));
  CHECK(command.letter == 'R');
  CHECK(command.digit == '1');
  CHECK(string(command.data) == "2008()");
  REQUIRE(parse_command(text(sign_off), command));
  CHECK(command.letter == 'B');
  CHECK(command.digit == '0');
  CHECK(command.data.size == 0);
  REQUIRE(parse_command(text(empty), command));
  CHECK(command.data.size == 0);
}

TEST_CASE("Command: another letter, no digit, no STX, a partial block is none") {
  Command command{};
  for (const char* message : {"\x01\x03",
                              "\x01"
                              "B\x03",
                              "\x01"
                              "X1\x02()\x03",
                              "\x01"
                              "RX\x02()\x03",
                              "\x01"
                              "R1()\x03",
                              "\x01"
                              "R1\x02()\x04"}) {
    CAPTURE(message);
    const std::string whole = tests::with_bcc(message);
    REQUIRE(is_intact(text(whole)));
    CHECK_FALSE(parse_command(text(whole), command));
  }
}

TEST_CASE("Command: shorter than SOH ETX BCC, with another beginning or end, none is intact") {
  for (const char* message : {"", "\x01", "\x01\x03", "\x02\x03\x03",
                              "\x01"
                              "B0\x02q"}) {
    CAPTURE(message);
    CHECK_FALSE(is_intact(text(message)));
  }
}

TEST_CASE("Data set: code, value and unit, each of which may be missing") {
  CHECK(parts_of("1.8.0(123.45*kWh)") == "1.8.0|123.45|kWh");
  CHECK(parts_of("2008()") == "2008||");
  CHECK(parts_of("(00000000)") == "|00000000|");
  CHECK(parts_of("()") == "||");
  CHECK(parts_of("1(2*)") == "1|2|");
}

TEST_CASE("Data set: parentheses missing or too many, and what is forbidden in it, make it none") {
  for (const char* data :
       {"", "2008", "2008(", "2008)", "2008(1", "2008(1))", "2008((1)", "(1)x", "1(2*3*4)",
        "1/2(3)", "1(2!)", "1(2/3)", "1*2(3)", "1(\x02)", "1(2)1(2)"}) {
    CAPTURE(data);
    CHECK(parts_of(data) == "none");
  }
}

TEST_CASE("Identification: INM, 9600 Bd, the variant with a dash for the blank") {
  Answer answer{};
  put_identification(answer, "PRO380-Mod CT");
  CHECK(string(answer) == "/INM5PRO380-Mod-CT\r\n");
  put_identification(answer, "PRO380-S");
  CHECK(string(answer) == "/INM5PRO380-S\r\n");
}

TEST_CASE("Password request, ACK and NAK are the standard's") {
  Answer answer{};
  put_password_request(answer);
  // The vector with "()" has 60: eight zeros cancel each other out.
  CHECK(string(answer) ==
        "\x01"
        "P0\x02(00000000)\x03\x60");
  put_character(answer, nak);
  CHECK(string(answer) == "\x15");
}

TEST_CASE("An answer that is full takes no more") {
  Answer answer{};
  for (int n = 0; n < 3 * max_answer_size; ++n) add(answer, 'x');
  CHECK(answer.size == max_answer_size);
}
