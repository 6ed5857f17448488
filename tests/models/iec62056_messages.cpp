// The reader's messages against the standard's vectors and forms.
#include "models/masters/iec62056_messages.h"

#include <catch2/catch.hpp>

using models::masters::classify;
using models::masters::command_message;
using models::masters::DataSet;
using models::masters::error_of;
using models::masters::IrBytes;
using models::masters::IrMessageKind;
using models::masters::parse_data_sets;

namespace {

IrBytes bytes(const std::string& text) { return {text.begin(), text.end()}; }

/// STX body ETX BCC, the BCC by the definition, character by character.
IrBytes block(const std::string& body) {
  IrBytes out = bytes("\x02" + body + "\x03");
  unsigned bcc = 0x03;
  for (const char c : body) bcc ^= static_cast<unsigned char>(c);
  out.push_back(static_cast<std::uint8_t>(bcc));
  return out;
}

}  // namespace

TEST_CASE("BCC: the standard's commands end in q, 0x60, a and Z") {
  CHECK(command_message("B0", std::nullopt) == bytes("\x01"
                                                     "B0\x03q"));
  CHECK(command_message("P0", "()").back() == 0x60);
  CHECK(command_message("P1", "(00000000)").back() == 0x61);
  CHECK(command_message("R1", "1.8.0()") == bytes("\x01R1\x02"
                                                  "1.8.0()\x03Z"));
}

TEST_CASE("BCC: of a block it leaves out its STX and counts its ETX") {
  // 'A' ^ ETX = 0x41 ^ 0x03.
  CHECK(classify({0x02, 'A', 0x03, 0x42}) == IrMessageKind::data);
  CHECK(classify({0x02, 'A', 0x03, 0x40}) == IrMessageKind::bad_bcc);
  // EOT ends a partial block and counts likewise.
  CHECK(classify({0x02, 'A', 0x04, 0x45}) == IrMessageKind::data);
}

TEST_CASE("sign-on and acknowledgement are the standard's, character for character") {
  CHECK(models::masters::sign_on_message("") == bytes("/?!\r\n"));
  CHECK(models::masters::sign_on_message("14500001") == bytes("/?14500001!\r\n"));
  CHECK(models::masters::acknowledgement_message('0', '5', '1') == bytes("\x06"
                                                                         "051\r\n"));
}

TEST_CASE("rates of mode C: 0 to 6 are 300 Bd to 19200 Bd, each twice the one before") {
  std::uint32_t baud = 300;
  for (char c = '0'; c <= '6'; ++c) {
    CHECK(models::masters::baud_of(c) == baud);
    CHECK(models::masters::character_of(baud) == c);
    baud *= 2;
  }
  CHECK_FALSE(models::masters::baud_of('7'));
  CHECK_FALSE(models::masters::baud_of('A'));
  CHECK_FALSE(models::masters::baud_of('/'));
  CHECK_FALSE(models::masters::character_of(38400));
}

TEST_CASE("a message is whole with its last character and not before") {
  for (const auto& [text, kind] : std::vector<std::pair<std::string, IrMessageKind>>{
           {"/INM5PRO380-Mod\r\n", IrMessageKind::identification},
           {"\x01P0\x02(00000000)\x03`", IrMessageKind::command},
           {"\x06", IrMessageKind::ack},
           {"\x15", IrMessageKind::nak}}) {
    const IrBytes whole = bytes(text);
    CHECK(classify(whole) == kind);
    for (std::size_t n = 0; n < whole.size(); ++n) {
      CHECK(classify(IrBytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) ==
            IrMessageKind::incomplete);
    }
  }
  CHECK(classify(bytes("garbage\r\n")) == IrMessageKind::incomplete);
}

TEST_CASE("an identification gives maker, rate and text, also an empty one") {
  const auto found = models::masters::parse_identification(bytes("/INM5PRO380-Mb-CT\r\n"));
  REQUIRE(found);
  CHECK(found->maker == "INM");
  CHECK(found->baud == '5');
  CHECK(found->text == "PRO380-Mb-CT");
  CHECK(models::masters::parse_identification(bytes("/INM5\r\n"))->text.empty());
  CHECK_FALSE(models::masters::parse_identification(bytes("/INM\r\n")));
  CHECK_FALSE(models::masters::parse_identification(bytes("/\r\n")));
}

TEST_CASE("data sets of a readout, with units and without, several a line") {
  const auto sets = parse_data_sets(
      block("1.8.0(123.45*kWh)\r\nC.1.0(14500001)\r\nF.F(0)2.8.0(0.00*kWh)\r\n!\r\n"));
  REQUIRE(sets);
  CHECK(*sets == std::vector<DataSet>{{"1.8.0", "123.45", "kWh"},
                                      {"C.1.0", "14500001", ""},
                                      {"F.F", "0", ""},
                                      {"2.8.0", "0.00", "kWh"}});
}

TEST_CASE("a value without a code and an empty value are data sets") {
  CHECK(*parse_data_sets(block("(00000000)")) == std::vector<DataSet>{{"", "00000000", ""}});
  CHECK(*parse_data_sets(command_message("P0", "()")) == std::vector<DataSet>{{"", "", ""}});
  CHECK(parse_data_sets(block("!\r\n"))->empty());
}

TEST_CASE("what is no data set is not taken for one") {
  for (const char* body :
       {"1.8.0", "1.8.0(12", "1.8.0(1(2)", "1.8.0)12(", "1.8.0(12)\r\n2.8.0\r\n", "1.8.0\r\n(12)",
        "!1.8.0(1)", "1.8.0!", "1.8.0*kWh(1)", "1.8.0(1\r\n2)"}) {
    INFO(body);
    CHECK_FALSE(parse_data_sets(block(body)));
  }
}

TEST_CASE("an error answer is (ER and a code and nothing else") {
  CHECK(error_of(block("(ER03)")) == std::string("ER03"));
  CHECK(error_of(block("(ERROR)")) == std::string("ERROR"));
  CHECK_FALSE(error_of(block("2008(ER03)")));
  CHECK_FALSE(error_of(block("(ER03)(1)")));
  CHECK_FALSE(error_of(block("(03)")));
  CHECK_FALSE(error_of(bytes("\x15")));
  IrBytes wrong = block("(ER03)");
  wrong.back() ^= 1;
  CHECK_FALSE(error_of(wrong));
}

TEST_CASE("only B0 alone is a break") {
  CHECK(models::masters::is_break(command_message("B0", std::nullopt)));
  CHECK_FALSE(models::masters::is_break(command_message("B0", "()")));
  CHECK_FALSE(models::masters::is_break(command_message("B1", std::nullopt)));
  CHECK_FALSE(models::masters::is_break(bytes("\x06")));
}
