// Frames, secondary addresses and records against the standard's examples and others' telegrams.
#include "models/masters/mbus_frames.h"

#include <catch2/catch.hpp>

#include "models/masters/mbus_records.h"

using models::masters::MbusBytes;
using models::masters::MbusFrame;
using models::masters::MbusFunction;
using models::masters::MbusRecords;
using models::masters::MbusSecondary;

namespace masters = models::masters;

TEST_CASE("M-Bus frames: the short ones of the standard, byte for byte") {
  CHECK(masters::mbus_short_frame(0x40, 0x01) == MbusBytes{0x10, 0x40, 0x01, 0x41, 0x16});
  CHECK(masters::mbus_short_frame(0x7B, 0x01) == MbusBytes{0x10, 0x7B, 0x01, 0x7C, 0x16});
  CHECK(masters::mbus_short_frame(0x5B, 0x01) == MbusBytes{0x10, 0x5B, 0x01, 0x5C, 0x16});
  CHECK(masters::mbus_short_frame(0x7B, 0xFD) == MbusBytes{0x10, 0x7B, 0xFD, 0x78, 0x16});
  CHECK(masters::mbus_short_frame(0x40, 0xFE) == MbusBytes{0x10, 0x40, 0xFE, 0x3E, 0x16});
}

TEST_CASE("M-Bus frames: control and long ones of the standard, byte for byte") {
  CHECK(masters::mbus_long_frame(0x53, 1, 0xBB, {}) ==
        MbusBytes{0x68, 0x03, 0x03, 0x68, 0x53, 0x01, 0xBB, 0x0F, 0x16});
  CHECK(masters::mbus_long_frame(0x53, 1, 0x51, {0x01, 0x7A, 0x02}) ==
        MbusBytes{0x68, 0x06, 0x06, 0x68, 0x53, 0x01, 0x51, 0x01, 0x7A, 0x02, 0x22, 0x16});
  CHECK_NOTHROW(masters::mbus_long_frame(0x53, 1, 0x51, MbusBytes(252)));
  CHECK_THROWS_AS(masters::mbus_long_frame(0x53, 1, 0x51, MbusBytes(253)), std::invalid_argument);
}

TEST_CASE("M-Bus frames: selections of one meter, of any, and with a fabrication number") {
  MbusSecondary whom;
  whom.id = 0x12345678;
  CHECK(masters::mbus_select_frame(whom) == MbusBytes{0x68, 0x0B, 0x0B, 0x68, 0x53, 0xFD, 0x52,
                                                      0x78, 0x56, 0x34, 0x12, 0xFF, 0xFF, 0xFF,
                                                      0xFF, 0xB2, 0x16});
  CHECK(masters::mbus_select_frame({}) == MbusBytes{0x68, 0x0B, 0x0B, 0x68, 0x53, 0xFD, 0x52, 0xFF,
                                                    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x9A,
                                                    0x16});
  whom.manufacturer = masters::mbus_manufacturer("INM");
  whom.version = 1;
  whom.medium = 2;
  whom.fabrication = 0x00112233;
  const MbusBytes enhanced = masters::mbus_select_frame(whom);
  REQUIRE(enhanced.size() == 23);
  CHECK(MbusBytes(enhanced.begin() + 7, enhanced.end() - 2) ==
        MbusBytes{0x78, 0x56, 0x34, 0x12, 0xCD, 0x25, 0x01, 0x02, 0x0C, 0x78, 0x33, 0x22, 0x11,
                  0x00});
}

TEST_CASE("M-Bus: a manufacturer is three letters in 15 bits") {
  CHECK(masters::mbus_manufacturer("PAD") == 0x4024);
  CHECK(masters::mbus_manufacturer("INM") == 0x25CD);
  CHECK(masters::mbus_letters(0x25CD) == "INM");
  CHECK(masters::mbus_letters(0xFFFF) == "*");
  CHECK_THROWS_AS(masters::mbus_manufacturer("In"), std::invalid_argument);
  CHECK_THROWS_AS(masters::mbus_manufacturer("inm"), std::invalid_argument);
}

TEST_CASE("M-Bus frames: the length is known from the fourth byte of a long one on") {
  CHECK(masters::mbus_frame_length({}) == std::nullopt);
  CHECK(masters::mbus_frame_length({0xE5}) == 1u);
  CHECK(masters::mbus_frame_length({0x10}) == 5u);
  CHECK(masters::mbus_frame_length({0x68, 0x04, 0x04}) == std::nullopt);
  CHECK(masters::mbus_frame_length({0x68, 0x04, 0x04, 0x68}) == 10u);
  CHECK(masters::mbus_frame_length({0x68, 0xFF, 0xFF, 0x68}) == 261u);
  CHECK(masters::mbus_frame_length({0x68, 0x04, 0x05, 0x68}) == 0u);
  CHECK(masters::mbus_frame_length({0x68, 0x04, 0x04, 0x67}) == 0u);
  CHECK(masters::mbus_frame_length({0x68, 0x02, 0x02, 0x68}) == 0u);
  CHECK(masters::mbus_frame_length({0xE4}) == 0u);
}

TEST_CASE("M-Bus frames: any one byte changed and it is none, or another") {
  const MbusBytes good = {0x68, 0x04, 0x04, 0x68, 0x08, 0x01, 0x70, 0x08, 0x81, 0x16};
  const auto frame = masters::parse_mbus_frame(good);
  REQUIRE(frame);
  CHECK(frame->is_response());
  CHECK(frame->a == 1);
  CHECK(frame->ci == 0x70);
  CHECK(frame->data == MbusBytes{0x08});
  for (std::size_t i = 0; i < good.size(); ++i) {
    MbusBytes bad = good;
    bad[i] ^= 0x20;
    CHECK_FALSE(masters::parse_mbus_frame(bad));
  }
  for (MbusBytes begun; begun.size() < good.size(); begun.push_back(good[begun.size()])) {
    CHECK_FALSE(masters::parse_mbus_frame(begun));
  }
  MbusBytes longer = good;
  longer.push_back(0x16);
  CHECK_FALSE(masters::parse_mbus_frame(longer));
}

TEST_CASE("M-Bus frames: what a master sends is no answer") {
  const auto short_one = masters::parse_mbus_frame({0x10, 0x40, 0x01, 0x41, 0x16});
  REQUIRE(short_one);
  CHECK_FALSE(short_one->is_response());
  const auto sent = masters::parse_mbus_frame(masters::mbus_long_frame(0x53, 1, 0x50, {}));
  REQUIRE(sent);
  CHECK_FALSE(sent->is_response());
  // ACD and DFC set.
  const auto with_flags = masters::parse_mbus_frame(masters::mbus_long_frame(0x38, 1, 0x72, {}));
  REQUIRE(with_flags);
  CHECK(with_flags->is_response());
}

TEST_CASE("M-Bus records: DIF, DIFE, VIF and VIFE taken apart") {
  const MbusRecords got = masters::mbus_records(
      {0x8C, 0x20, 0x04, 0x78, 0x56, 0x34, 0x12,        // T2, BCD
       0xCB, 0x01, 0xFD, 0x47, 0x01, 0x30, 0x02,        // storage 3
       0x2F,                                            // a filler
       0xAC, 0x50, 0x04, 0x00, 0x00, 0x00, 0x00,        // minimum, T1, subunit 1
       0x81, 0x82, 0x83, 0x04, 0xFF, 0x81, 0x02, 0x55,  // three DIFE, two VIFE
       0x1F});
  CHECK(got.whole);
  CHECK(got.more_follow);
  REQUIRE(got.records.size() == 4);
  CHECK(got.records[0].tariff == 2);
  CHECK(got.records[0].vif == MbusBytes{0x04});
  CHECK(masters::mbus_number_of(got.records[0])->value == 12345678);
  CHECK(got.records[1].storage == 3);
  CHECK(got.records[1].vif == MbusBytes{0x7D, 0x47});
  CHECK(masters::mbus_number_of(got.records[1])->value == 23001);
  CHECK(got.records[2].function == MbusFunction::minimum);
  CHECK(got.records[2].tariff == 1);
  CHECK(got.records[2].subunit == 1);
  // Storage: bit 0 of the DIF, then four bits each: 2, 3, 4.
  CHECK(got.records[3].storage == (2u << 1 | 3u << 5 | 4u << 9));
  CHECK(got.records[3].vif == MbusBytes{0x7F, 0x01, 0x02});
}

TEST_CASE("M-Bus records: integers, reals, BCD with its minus, and digits that are none") {
  const auto number = [](const MbusBytes& record) {
    const MbusRecords got = masters::mbus_records(record);
    REQUIRE(got.records.size() == 1);
    return masters::mbus_number_of(got.records[0]);
  };
  CHECK(number({0x01, 0x7A, 0xFF})->value == -1);
  CHECK(number({0x02, 0x2B, 0x00, 0x80})->value == -32768);
  CHECK(number({0x03, 0x2B, 0xFF, 0xFF, 0x7F})->value == 8388607);
  CHECK(number({0x04, 0x03, 0x00, 0x00, 0x00, 0x80})->value == -2147483648.0);
  CHECK(number({0x06, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00})->value == 4294967296.0);
  CHECK(number({0x05, 0x2E, 0x00, 0x00, 0x20, 0x41})->value == 10);
  CHECK(number({0x0B, 0x2A, 0x56, 0x34, 0xF2})->value == -23456);
  CHECK_FALSE(number({0x0B, 0x2A, 0x56, 0x34, 0xF2})->overflow);
  const auto overflow = number({0x0C, 0xAA, 0x16, 0xFF, 0xFF, 0xFF, 0xFF});
  CHECK(overflow->overflow);
  CHECK_FALSE(number({0x00, 0x2A}));
}

TEST_CASE("M-Bus records: a text comes last letter first") {
  const MbusRecords got = masters::mbus_records({0x0D, 0xFF, 0x08, 0x03, 'C', 'B', 'A'});
  REQUIRE(got.records.size() == 1);
  CHECK(masters::mbus_text_of(got.records[0]) == "ABC");
  CHECK_FALSE(masters::mbus_number_of(got.records[0]));
  // A unit in words, VIF 7C, stands before the data.
  const MbusRecords worded = masters::mbus_records({0x01, 0x7C, 0x02, 'h', 'k', 0x07});
  REQUIRE(worded.records.size() == 1);
  CHECK(worded.records[0].text == MbusBytes{'k', 'h'});
  CHECK(masters::mbus_number_of(worded.records[0])->value == 7);
}

TEST_CASE("M-Bus records: 1F inside a value is no end and 0F ends without more") {
  const MbusRecords inside = masters::mbus_records({0x01, 0x7A, 0x1F});
  CHECK(inside.records.size() == 1);
  CHECK_FALSE(inside.more_follow);
  const MbusRecords makers = masters::mbus_records({0x01, 0x7A, 0x05, 0x0F, 0x1F, 0x2F});
  CHECK(makers.records.size() == 1);
  CHECK_FALSE(makers.more_follow);
  CHECK(makers.makers == MbusBytes{0x1F, 0x2F});
}

TEST_CASE("M-Bus records: one that breaks off is said to, and those before it count") {
  const MbusBytes whole = {0x0C, 0x04, 0x01, 0x02, 0x03, 0x04, 0x8B, 0x01, 0xFD, 0x47, 1, 2, 3};
  for (std::size_t length = 7; length < whole.size(); ++length) {
    const MbusRecords got =
        masters::mbus_records(MbusBytes(whole.begin(), whole.begin() + static_cast<int>(length)));
    CHECK_FALSE(got.whole);
    CHECK(got.records.size() == 1);
  }
  CHECK(masters::mbus_records(whole).whole);
  MbusBytes endless(14, 0x81);  // more than ten DIFE
  CHECK_FALSE(masters::mbus_records(endless).whole);
}

TEST_CASE("M-Bus: the header of an answer and one that is too short for it") {
  const MbusBytes header = {0x01, 0x00, 0x50, 0x14, 0xCD, 0x25, 0x01, 0x02, 0x07, 0x10, 0x00, 0x00};
  const auto frame = masters::parse_mbus_frame(masters::mbus_long_frame(0x08, 5, 0x72, header));
  const auto got = masters::mbus_header_of(*frame);
  REQUIRE(got);
  CHECK(got->address.id == 0x14500001);
  CHECK(got->address.manufacturer == 0x25CD);
  CHECK(got->address.version == 1);
  CHECK(got->address.medium == 2);
  CHECK(got->access == 7);
  CHECK(got->status == 0x10);
  const auto shorter = masters::parse_mbus_frame(
      masters::mbus_long_frame(0x08, 5, 0x72, MbusBytes(header.begin(), header.end() - 1)));
  CHECK_FALSE(masters::mbus_header_of(*shorter));
}
