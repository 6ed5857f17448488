// Expectations on registers and their unrounded values.
#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "metrology/registers/table.h"
#include "tests/tools/synthetic.h"
#include "tools/checks/raw_value.h"

using metrology::hal::MailboxReply;
using tests::Bench;

namespace {

const metrology::registers::Row& row_at(std::uint16_t address) {
  return *metrology::registers::find(address);
}

tools::ExpectationReadings answer(std::initializer_list<std::uint32_t> words,
                                  MailboxReply status = MailboxReply::ok) {
  tools::Reading reading;
  reading.at = tests::ps_per_s;
  reading.status = status;
  std::copy(words.begin(), words.end(), reading.words.begin());
  return {std::nullopt, reading};
}

std::uint32_t bits(float value) {
  std::uint32_t out = 0;
  std::memcpy(&out, &value, sizeof out);
  return out;
}

tools::ExpectRow equals(std::uint16_t address, double value,
                        std::optional<tools::Band> tolerance = {}) {
  tools::ExpectRow e;
  e.row = &row_at(address);
  e.equals = tools::RowValue{value, "", "value"};
  e.tolerance = std::move(tolerance);
  return e;
}

bool passes(const tools::ExpectRow& e, const tools::ExpectationReadings& readings) {
  return Bench(0).judge(e, readings).pass;
}

}  // namespace

TEST_CASE("a float register equals the decimal value that its float is nearest to") {
  CHECK(passes(equals(0x2008, 230.1), answer({bits(230.1F)})));
  CHECK_FALSE(passes(equals(0x2008, 230.1), answer({bits(230.1F) + 1})));
  CHECK_FALSE(passes(equals(0x2008, 230.1), answer({bits(230.0F)})));
}

TEST_CASE("a register of bits equals its hexadecimal digits") {
  tools::ExpectRow e;
  e.row = &row_at(0x1600);
  e.equals = tools::RowValue{std::nullopt, "930000000000000101", "930000000000000101"};
  CHECK(passes(e, answer({0x93000000, 0x00000001, 0x01000000})));
  CHECK_FALSE(passes(e, answer({0x93000000, 0x00000001, 0x00000000})));
}

TEST_CASE("a tolerance is absolute or of the expected value") {
  const tools::Band tenth{0.1, false, "0.1 V"};
  CHECK(passes(equals(0x2008, 230, tenth), answer({bits(230.1F)})));
  CHECK_FALSE(passes(equals(0x2008, 230, tenth), answer({bits(230.2F)})));
  const tools::Band percent{0.01, true, "1 %"};
  CHECK(passes(equals(0x2008, 230, percent), answer({bits(232.3F)})));
  CHECK_FALSE(passes(equals(0x2008, 230, percent), answer({bits(232.4F)})));
}

TEST_CASE("limits hold on their own sides") {
  tools::ExpectRow e = equals(0x2008, 0);
  e.equals.reset();
  e.at_least = tools::RowValue{230.0, "", "230 V"};
  CHECK(passes(e, answer({bits(230.0F)})));
  CHECK_FALSE(passes(e, answer({bits(229.9F)})));
  e.at_most = tools::RowValue{231.0, "", "231 V"};
  CHECK(passes(e, answer({bits(231.0F)})));
  CHECK_FALSE(passes(e, answer({bits(231.1F)})));
}

TEST_CASE("integers of two bytes stand in the upper half of the word and have a sign") {
  CHECK(passes(equals(0x1060, 100), answer({100U << 16U})));
  CHECK(passes(equals(0x1060, -1), answer({0xFFFF'0000})));
  CHECK_FALSE(passes(equals(0x1060, 100), answer({100U})));
}

TEST_CASE("texts and digits are compared as they are read") {
  tools::ExpectRow name;
  name.row = &row_at(0x1030);
  name.equals = tools::RowValue{std::nullopt, "PRO3", "\"PRO3\""};
  CHECK(passes(name, answer({0x5052'4F33, 0})));
  CHECK_FALSE(passes(name, answer({0x5052'4F33, 0x3830'0000})));
  tools::ExpectRow serial;
  serial.row = &row_at(0x1000);
  serial.equals = tools::RowValue{std::nullopt, "14500001", "14500001"};
  CHECK(passes(serial, answer({0x1450'0001})));
  CHECK_FALSE(passes(serial, answer({0x1450'0002})));
}

TEST_CASE("a refusal and a missing answer are failures that look different") {
  const tools::ExpectRow e = equals(0x2008, 230);
  const tools::Verdict refused = Bench(0).judge(e, answer({bits(230.0F)}, MailboxReply::read_only));
  CHECK_FALSE(refused.pass);
  CHECK(refused.seen == "refused: read only");
  const tools::Verdict silent = Bench(0).judge(e, {});
  CHECK_FALSE(silent.pass);
  CHECK_FALSE(silent.seen.has_value());
}

TEST_CASE("raw values are doubles, raw energies counters with their residue") {
  tools::ExpectRow power = equals(0x2080, 3.45);
  power.raw = true;
  const double value = 3.45;
  std::uint64_t wide = 0;
  std::memcpy(&wide, &value, sizeof wide);
  const auto high = static_cast<std::uint32_t>(wide >> 32U);
  CHECK(passes(power, answer({1, high, static_cast<std::uint32_t>(wide)})));
  CHECK_FALSE(passes(power, answer({1, high, static_cast<std::uint32_t>(wide) + 1})));
  // 2^32 + 5 µWh and 250 000 pWh.
  const tools::Reading energy = *answer({2, 1, 5, 250'000, 0, 77, 0x8000'0000}).last;
  CHECK(tools::raw_value(energy) == Approx(4.29496730125).epsilon(1e-15));
  CHECK(tools::booked_until(energy).cycle == 77);
  CHECK(tools::booked_until(energy).fraction == 0.5);
}

TEST_CASE("energy between two readings loses nothing to the size of the counters") {
  // 10^6 kWh apart from one picowatt hour.
  const std::int64_t counter = 1'000'000'000'000'000;
  const auto low = static_cast<std::uint32_t>(counter);
  const auto high = static_cast<std::uint32_t>(counter >> 32);
  const tools::Reading first = *answer({2, high, low, 1}).last;
  const tools::Reading last = *answer({2, high, low, 2}).last;
  CHECK(tools::booked_between(first, last) == Approx(3.6e-9));
}

TEST_CASE("what is no number is neither at least nor at most anything") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  tools::ExpectRow e = equals(0x2008, 0);
  e.equals.reset();
  e.at_least = tools::RowValue{-1e9, "", "limit"};
  CHECK_FALSE(passes(e, answer({bits(nan)})));
  e.at_least.reset();
  e.at_most = tools::RowValue{1e9, "", "limit"};
  CHECK_FALSE(passes(e, answer({bits(nan)})));
}

TEST_CASE("a raw value that misses its limit is not rounded to it") {
  tools::ExpectRow e = equals(0x2080, 3.45);
  e.raw = true;
  const double value = 3.45 + 1e-12;
  std::uint64_t wide = 0;
  std::memcpy(&wide, &value, sizeof wide);
  const tools::Verdict verdict = Bench(0).judge(
      e, answer({1, static_cast<std::uint32_t>(wide >> 32U), static_cast<std::uint32_t>(wide)}));
  CHECK_FALSE(verdict.pass);
  CHECK_THAT(verdict.seen.value_or(""), Catch::Matchers::StartsWith("3.450000000001"));
}
