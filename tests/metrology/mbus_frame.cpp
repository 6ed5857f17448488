// M-Bus frames: the standard's vectors, and every way in which bytes are no frame.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "metrology/protocol/mbus/frame.h"
#include "tests/metrology/mbus_bytes.h"
#include "tests/metrology/mbus_vectors.h"

using namespace metrology::mbus;
using tests::Bytes;
using tests::hex;
using tests::mbus_long;
using tests::mbus_short;

namespace {

bool is_frame(const Bytes& bytes, Frame* parsed = nullptr) {
  Frame frame{};
  const bool good = parse(bytes.data(), static_cast<int>(bytes.size()), frame);
  if (parsed != nullptr) *parsed = frame;
  return good;
}

}  // namespace

TEST_CASE("M-Bus frames: the standard's vectors are frames, and have what they say") {
  for (const tests::MbusVector& vector : tests::mbus_requests) {
    CAPTURE(vector.what);
    CHECK(is_frame(hex(vector.frame)));
  }
  Frame frame{};
  REQUIRE(is_frame(hex("10 7B FD 78 16"), &frame));
  CHECK(frame.type == FrameType::brief);
  CHECK(frame.c == 0x7B);
  CHECK(frame.a == 0xFD);
  const Bytes address = hex("68 06 06 68 53 01 51 01 7A 02 22 16");
  REQUIRE(is_frame(address, &frame));
  CHECK(frame.type == FrameType::full);
  CHECK(frame.c == 0x53);
  CHECK(frame.a == 0x01);
  CHECK(frame.ci == 0x51);
  REQUIRE(frame.data_bytes == 3);
  CHECK(Bytes(frame.data, frame.data + 3) == hex("01 7A 02"));
  REQUIRE(is_frame(hex("68 03 03 68 53 01 50 A4 16"), &frame));
  CHECK(frame.data_bytes == 0);
  REQUIRE(is_frame(hex("E5"), &frame));
  CHECK(frame.type == FrameType::single);
}

TEST_CASE("M-Bus frames: an answer is put together as the standard's example of an error") {
  Answer answer;
  begin(answer, 0x08, 1, 0x70);
  add(answer, 8);
  seal(answer);
  CHECK(Bytes(answer.bytes, answer.bytes + answer.size) == hex(tests::mbus_error_busy.frame));
  put_acknowledgement(answer);
  CHECK(Bytes(answer.bytes, answer.bytes + answer.size) == hex("E5"));
}

TEST_CASE("M-Bus frames: an answer takes 231 bytes of data, 240 in all") {
  Answer answer;
  begin(answer, 0x08, 1, 0x72);
  int data = 0;
  for (; room(answer) > 0; ++data) add(answer, 0x2F);
  seal(answer);
  CHECK(data == 240 - 9);
  CHECK(answer.size == 240);
  CHECK(is_frame(Bytes(answer.bytes, answer.bytes + answer.size)));
}

TEST_CASE("M-Bus frames: one byte changed anywhere, lost or added makes none") {
  for (const tests::MbusVector& vector : tests::mbus_requests) {
    const Bytes good = hex(vector.frame);
    CAPTURE(vector.what);
    for (std::size_t n = 0; n < good.size(); ++n) {
      for (const unsigned bit : {0x01U, 0x10U, 0x80U}) {
        Bytes wrong = good;
        wrong[n] = static_cast<std::uint8_t>(wrong[n] ^ bit);
        CHECK_FALSE(is_frame(wrong));
      }
      Bytes shorter = good;
      shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(n));
      // A byte of several equal ones lost is the checksum's loss as well: the count tells.
      CHECK_FALSE(is_frame(shorter));
      CHECK_FALSE(is_frame(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n))));
    }
    Bytes longer = good;
    longer.push_back(0x16);
    CHECK_FALSE(is_frame(longer));
  }
  CHECK_FALSE(is_frame({}));
}

TEST_CASE("M-Bus frames: lengths are 3 … 255, and both must be the same") {
  CHECK(is_frame(mbus_long(0x53, 1, 0x51)));
  CHECK(is_frame(mbus_long(0x53, 1, 0x51, Bytes(252, 0x2F))));
  // L = 2: C and A alone, with a right checksum.
  CHECK_FALSE(is_frame({0x68, 2, 2, 0x68, 0x53, 0x01, 0x54, 0x16}));
  CHECK_FALSE(is_frame({0x68, 0, 0, 0x68, 0x00, 0x16}));
  Bytes unequal = mbus_long(0x53, 1, 0x51, {1, 2, 3});
  unequal[2] = 5;
  CHECK_FALSE(is_frame(unequal));
  unequal = mbus_long(0x53, 1, 0x51, {1, 2, 3});
  unequal[1] = 5;
  CHECK_FALSE(is_frame(unequal));
  unequal[2] = 5;  // both, but the frame is longer
  CHECK_FALSE(is_frame(unequal));
}

TEST_CASE("M-Bus frames: every C and A of a short frame comes through") {
  for (int c = 0; c < 256; ++c) {
    for (int a = 0; a < 256; ++a) {
      Frame frame{};
      REQUIRE(
          is_frame(mbus_short(static_cast<std::uint8_t>(c), static_cast<std::uint8_t>(a)), &frame));
      REQUIRE((frame.c == c && frame.a == a));
    }
  }
}
