// What a whole frame of each protocol is, and the joiner by these rules.
#include <catch2/catch.hpp>
#include <string>

#include "tools/live/frame_joiner.h"
#include "tools/live/frame_rules.h"

namespace {

using models::pins::ps_never;
using models::pins::ps_per_ms;
using tools::live::Bytes;
using tools::live::FrameJoiner;
using tools::live::iec62056_messages;
using tools::live::mbus_frames;

/// SND_NKE to all, who answer; a selection of any; the standard's documents have both.
const Bytes short_frame = {0x10, 0x40, 0xFE, 0x3E, 0x16};
const Bytes selection = {0x68, 0x0B, 0x0B, 0x68, 0x53, 0xFD, 0x52, 0xFF, 0xFF,
                         0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x9A, 0x16};

Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Bytes first(const Bytes& bytes, std::size_t count) {
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count)};
}

Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }

/// How many bytes it takes until the rule calls them whole, without any garbage; 0: never.
std::size_t whole_at(tools::live::FrameRule rule, const Bytes& bytes) {
  for (std::size_t n = 1; n <= bytes.size(); ++n) {
    if (rule(first(bytes, n)) == std::size_t{0}) return n;
  }
  return 0;
}

FrameJoiner mbus_joiner() { return {mbus_frames, 261, false}; }
FrameJoiner ir_joiner() { return {iec62056_messages, 256, false}; }

}  // namespace

TEST_CASE("live rule: an M-Bus frame is whole with its last byte and not before") {
  CHECK(whole_at(mbus_frames, short_frame) == 5);
  CHECK(whole_at(mbus_frames, selection) == 17);
  CHECK(whole_at(mbus_frames, {0x68, 0x03, 0x03, 0x68, 0x53, 0x01, 0xBD, 0x11, 0x16}) == 9);
  // 16 and 10 among the data end nothing: "data send" of an address 22.
  CHECK(whole_at(mbus_frames,
                 {0x68, 0x06, 0x06, 0x68, 0x53, 0x10, 0x51, 0x01, 0x7A, 0x16, 0x45, 0x16}) == 12);
  Bytes longest(261, 0x16);
  longest[0] = longest[3] = 0x68;
  longest[1] = longest[2] = 0xFF;
  CHECK(whole_at(mbus_frames, longest) == 261);
}

TEST_CASE(
    "live rule: an M-Bus frame with a wrong check sum is whole, one with a wrong stop is none") {
  CHECK(whole_at(mbus_frames, {0x10, 0x40, 0xFE, 0x00, 0x16}) == 5);
  CHECK_FALSE(mbus_frames({0x10, 0x40, 0xFE, 0x3E, 0x17}));
  CHECK_FALSE(mbus_frames({0x68, 0x03, 0x04, 0x68, 0x53, 0x01, 0xBD, 0x11, 0x16}));
  CHECK_FALSE(mbus_frames({0x68, 0x03, 0x03, 0x67, 0x53, 0x01, 0xBD, 0x11, 0x16}));
}

TEST_CASE("live rule: garbage before M-Bus frames is counted, behind them it waits") {
  CHECK(mbus_frames(Bytes{0x00, 0x00} + short_frame) == std::size_t{2});
  CHECK(mbus_frames(Bytes{0x10} + short_frame) == std::size_t{1});
  CHECK(mbus_frames(Bytes{0x68, 0x68} + selection) == std::size_t{2});
  CHECK(mbus_frames(short_frame + selection) == std::size_t{0});
  CHECK_FALSE(mbus_frames(short_frame + Bytes{0x00}));
  CHECK_FALSE(mbus_frames({}));
}

TEST_CASE("live rule: a message of IEC 62056-21 is whole with its last character and not before") {
  CHECK(whole_at(iec62056_messages, bytes_of("/?!\r\n")) == 5);
  CHECK(whole_at(iec62056_messages, bytes_of("/?12345678!\r\n")) == 13);
  CHECK(whole_at(iec62056_messages, bytes_of("\x06"
                                             "051\r\n")) == 6);
  CHECK(whole_at(iec62056_messages, bytes_of("\x01"
                                             "B0\x03q")) == 5);
  CHECK(whole_at(iec62056_messages, bytes_of("\x01P1\x02(00000000)\x03"
                                             "a")) == 16);
  CHECK(whole_at(iec62056_messages, bytes_of("\x01R3\x02"
                                             "1.8.0()\x04"
                                             "a")) == 13);
  CHECK(whole_at(iec62056_messages, {0x15}) == 1);
  CHECK(whole_at(iec62056_messages, {0x00}) == 1);
  // A BCC may be any character: here it is LF, SOH and "/".
  CHECK(whole_at(iec62056_messages, bytes_of("\x01"
                                             "B0\x03\n")) == 5);
  CHECK(whole_at(iec62056_messages, bytes_of("\x01"
                                             "B0\x03\x01")) == 5);
  CHECK(whole_at(iec62056_messages, bytes_of("\x01"
                                             "B0\x03/")) == 5);
}

TEST_CASE("live rule: a parity bit in bit 7 does not matter to IEC 62056-21") {
  CHECK(whole_at(iec62056_messages, {0xAF, 0x3F, 0x21, 0x8D, 0x0A}) == 5);
  CHECK(whole_at(iec62056_messages, {0x81, 0x42, 0x30, 0x03, 0x71}) == 5);
  CHECK(whole_at(iec62056_messages, {0x95}) == 1);
}

TEST_CASE("live rule: garbage before a message of IEC 62056-21 is counted") {
  CHECK(iec62056_messages(bytes_of("xy/?!\r\n")) == std::size_t{2});
  CHECK(iec62056_messages(bytes_of("\x15/?!\r\n")) == std::size_t{0});
  CHECK_FALSE(iec62056_messages(bytes_of("/?!\r\nx")));
  CHECK_FALSE(iec62056_messages(bytes_of("abc")));
}

TEST_CASE(
    "live joiner: an M-Bus frame in pieces is one again, garbage that came before is its own") {
  FrameJoiner joiner = mbus_joiner();
  CHECK(joiner.arrived(0, {0x00, 0xFF}).empty());
  CHECK(joiner.arrived(ps_per_ms, first(selection, 4)).empty());
  CHECK(joiner.deadline() == 51 * ps_per_ms);
  CHECK(joiner.arrived(2 * ps_per_ms, {selection.begin() + 4, selection.end()}) ==
        std::vector<Bytes>{{0x00, 0xFF}, selection});
  CHECK(joiner.deadline() == ps_never);
}

TEST_CASE("live joiner: garbage in one piece with an M-Bus frame stays with it") {
  FrameJoiner joiner = mbus_joiner();
  const Bytes written = Bytes{0x00, 0x00, 0x00} + short_frame;
  CHECK(joiner.arrived(0, written) == std::vector<Bytes>{written});
}

TEST_CASE("live joiner: an M-Bus frame that was given up in its middle does not eat the next one") {
  FrameJoiner joiner = mbus_joiner();
  CHECK(joiner.arrived(0, first(selection, 6)).empty());
  CHECK(joiner.arrived(ps_per_ms, short_frame) ==
        std::vector<Bytes>{first(selection, 6), short_frame});
}

TEST_CASE("live joiner: the longest M-Bus frame comes in two reads") {
  Bytes longest(261, 0x00);
  longest[0] = longest[3] = 0x68;
  longest[1] = longest[2] = 0xFF;
  longest[260] = 0x16;
  FrameJoiner joiner = mbus_joiner();
  CHECK(joiner.arrived(0, first(longest, 256)).empty());
  CHECK(joiner.arrived(0, {longest.begin() + 256, longest.end()}) == std::vector<Bytes>{longest});
}

TEST_CASE("live joiner: a sign-on typed character by character is one message") {
  FrameJoiner joiner = ir_joiner();
  for (const char* character : {"/", "?", "!", "\r"}) {
    CHECK(joiner.arrived(0, bytes_of(character)).empty());
  }
  CHECK(joiner.arrived(0, {'\n'}) == std::vector<Bytes>{bytes_of("/?!\r\n")});
}

TEST_CASE("live joiner: what wakes a meter goes on at once") {
  FrameJoiner joiner = ir_joiner();
  CHECK(joiner.arrived(0, Bytes(60, 0x00)) == std::vector<Bytes>{Bytes(60, 0x00)});
  CHECK(joiner.deadline() == ps_never);
}
