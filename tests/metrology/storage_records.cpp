// Bytes of the stored records, and where they stand.
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <vector>

#include "metrology/storage/crc32.h"
#include "metrology/storage/image.h"
#include "metrology/storage/layout.h"
#include "metrology/storage/record.h"
#include "tests/metrology/storage_rig.h"

using namespace metrology;
using namespace metrology::storage;
using tests::calibration_of;
using tests::counters_of;
using tests::number_of;
using tests::settings_of;

namespace {

std::vector<std::uint8_t> sealed_counters(std::uint32_t n, std::uint32_t sequence) {
  std::vector<std::uint8_t> bytes(counter_bytes);
  put(counters_of(n), bytes.data());
  seal(RecordKind::counters, sequence, bytes.data());
  return bytes;
}

}  // namespace

TEST_CASE("CRC-32 of the check string and of its parts") {
  const auto* text = reinterpret_cast<const std::uint8_t*>("123456789");
  CHECK(crc32(text, 9) == 0xCBF4'3926);  // the catalogue's check value
  CHECK(crc32(text, 0) == 0);
  CHECK(crc32(text + 4, 5, crc32(text, 4)) == 0xCBF4'3926);
}

TEST_CASE("A settings record's bytes stand as its table says") {
  registers::Settings settings{};
  settings.serial_bcd = 0x1450'1234;
  settings.s0_rate_centi = 0x0001'86A0;
  settings.ct_primary_A = 0x0000'1D4C;
  settings.meter_id = 0x00F7;
  settings.baud = 0x2580;
  settings.combined_code = registers::CombinedCode::forward_minus_reverse_for_ever;
  settings.lcd_cycle_s = 30;
  settings.backlight = registers::BacklightMode::on;
  for (std::uint8_t n = 0; n < 9; ++n) settings.scroll_mask[n] = static_cast<std::uint8_t>(n + 1);
  settings.ir_password = 0x8765'4321;
  std::uint8_t bytes[config_bytes];
  put(settings, bytes);
  seal(RecordKind::settings, 0x0102'0304, bytes);
  const std::uint8_t expected[] = {'P',  'S',  1,    0,    1,    2,    3,    4,    0,    0,    0x14,
                                   0x50, 0x12, 0x34, 0x00, 0x01, 0x86, 0xA0, 0,    0,    0x1D, 0x4C,
                                   0x00, 0xF7, 0x25, 0x80, 10,   30,   2,    1,    2,    3,    4,
                                   5,    6,    7,    8,    9,    0,    0x87, 0x65, 0x43, 0x21};
  for (std::size_t n = 0; n < sizeof(expected); ++n) {
    CAPTURE(n);
    if (n != 8 && n != 9) CHECK(bytes[n] == expected[n]);
  }
  const std::uint32_t check = crc32(bytes, 8);
  CHECK(bytes[8] == ((check >> 8U) & 0xFFU));
  CHECK(bytes[9] == (check & 0xFFU));
  for (std::size_t n = sizeof(expected); n < 60; ++n) CHECK(bytes[n] == 0);
  const std::uint32_t crc = crc32(bytes, 60);
  for (std::size_t n = 0; n < 4; ++n) CHECK(bytes[60 + n] == ((crc >> (24 - 8 * n)) & 0xFFU));
}

TEST_CASE("A settings record from before the infra-red password has the default one") {
  registers::Settings settings{};
  settings.ir_password = 0x8765'4321;
  std::uint8_t bytes[config_bytes] = {};  // what was not written is zero
  get(bytes, settings);
  CHECK(settings.ir_password == 0);
}

TEST_CASE("Counters stand by tariff, account, kind and direction, 12 bytes each") {
  Counters counters{};
  // T2, total, active, reverse: 16 + 12 + 1 before it, at 10 + 29 · 12. The outputs begin behind
  // 33 counters, at 406; the tariff behind four of them, at 470.
  counters.accounts.total.of(energy::Kind::active, energy::Direction::reverse,
                             energy::Tariff::t2) = {-2, 999'999};
  counters.output[3] = {0x0102'0304'0506'0708, -1};
  counters.power_downs = 0xA1B2'C3D4;
  std::uint8_t bytes[counter_bytes];
  put(counters, bytes);
  const std::uint8_t counter[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                                  0xFF, 0xFE, 0x00, 0x0F, 0x42, 0x3F};
  CHECK(std::memcmp(bytes + 358, counter, 12) == 0);
  const std::uint8_t output[] = {1,    2,    3,    4,    5,    6,    7,    8,
                                 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  CHECK(std::memcmp(bytes + 454, output, 16) == 0);
  const std::uint8_t power_downs[] = {0xA1, 0xB2, 0xC3, 0xD4};
  CHECK(std::memcmp(bytes + 472, power_downs, 4) == 0);
}

TEST_CASE("Every record comes back as it was put") {
  for (const std::uint32_t n : {1U, 2U, 3U, 77U, 5000U}) {
    std::vector<std::uint8_t> bytes(counter_bytes);
    registers::Settings settings{};
    put(settings_of(n), bytes.data());
    get(bytes.data(), settings);
    CHECK(number_of(settings) == static_cast<int>(n));
    Calibration calibration{};
    put(calibration_of(n), bytes.data());
    get(bytes.data(), calibration);
    put_compensation(calibration_of(n), bytes.data());
    get_compensation(bytes.data(), calibration);
    CHECK(number_of(calibration) == static_cast<int>(n));
    Counters counters{};
    put(counters_of(n), bytes.data());
    get(bytes.data(), counters);
    CHECK(number_of(counters) == static_cast<int>(n));
  }
}

TEST_CASE("A record is whole only as its own kind, and with no byte flipped") {
  std::vector<std::uint8_t> bytes = sealed_counters(5, 4711);
  std::uint32_t sequence = 0;
  REQUIRE(is_sealed(RecordKind::counters, bytes.data(), sequence));
  CHECK(sequence == 4711);
  CHECK_FALSE(is_sealed(RecordKind::settings, bytes.data(), sequence));
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[n] = static_cast<std::uint8_t>(bytes[n] ^ (1U << static_cast<unsigned>(bit)));
      REQUIRE_FALSE(is_sealed(RecordKind::counters, bytes.data(), sequence));
      bytes[n] = static_cast<std::uint8_t>(bytes[n] ^ (1U << static_cast<unsigned>(bit)));
    }
  }
}

TEST_CASE("A tag tells a slot's number, and one with a flipped bit tells none") {
  std::vector<std::uint8_t> bytes = sealed_counters(5, 62);
  std::uint8_t* tag = bytes.data() + tag_offset;
  std::uint32_t sequence = 0;
  REQUIRE(is_tag(RecordKind::counters, tag, sequence));
  CHECK(sequence == 62);
  CHECK_FALSE(is_tag(RecordKind::settings, tag, sequence));
  for (std::size_t bit = 0; bit < std::size_t{8} * tag_bytes; ++bit) {
    tag[bit / 8] = static_cast<std::uint8_t>(tag[bit / 8] ^ (1U << (bit % 8)));
    CHECK_FALSE(is_tag(RecordKind::counters, tag, sequence));
    tag[bit / 8] = static_cast<std::uint8_t>(tag[bit / 8] ^ (1U << (bit % 8)));
  }
  const std::vector<std::uint8_t> blank(tag_bytes, 0xFF);
  CHECK_FALSE(is_tag(RecordKind::counters, blank.data(), sequence));
  CHECK(is_blank(blank.data(), tag_bytes));
}

TEST_CASE("Sequence numbers keep to their slots and their order across the wrap") {
  CHECK(sequence_modulus % slot_count == 0);
  CHECK(sequence_modulus == 4'294'967'292U);  // 63 · 68 174 084
  CHECK(next_sequence(sequence_modulus - 1) == 0);
  CHECK(slot_of(sequence_modulus - 1) == 62);
  CHECK(slot_of(next_sequence(sequence_modulus - 1)) == 0);
  CHECK(is_newer(1, 0));
  CHECK_FALSE(is_newer(0, 1));
  CHECK_FALSE(is_newer(7, 7));
  CHECK(is_newer(0, sequence_modulus - 1));
  CHECK_FALSE(is_newer(sequence_modulus - 1, 0));
  CHECK(is_newer(30, sequence_modulus - 30));
}

TEST_CASE("The records lie on pages of their own") {
  CHECK(config_address(0, 0) == 0);
  CHECK(config_address(1, 1) == 3 * 64);
  CHECK(slot_address(0) == 512);
  CHECK(slot_address(slot_count - 1) + slot_bytes == eeprom_bytes);
}

TEST_CASE("Ten years of saves wear no cell beyond a million cycles") {
  // A save every 15 minutes and at ten power cuts a day, each a whole slot, one slot after the
  // other; every save is assumed to change something.
  constexpr std::int64_t days = 3653;
  constexpr std::int64_t saves = days * (24 * 4 + 10);
  constexpr std::int64_t cycles = (saves + slot_count - 1) / slot_count;
  CHECK(saves == 387'218);
  CHECK(cycles == 6147);
  CHECK(1'000'000 / cycles == 162);
  // Settings take turns on two pages: a change every five minutes for ten years would do.
  CHECK(days * 24 * 12 / 2 < 1'000'000);
}
