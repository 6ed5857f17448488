// From worst cases to a table that covers them.
#include <catch2/catch.hpp>
#include <vector>

#include "metrology/app/charge_table.h"
#include "tools/profile/charge_record.h"
#include "tools/profile/charge_table_file.h"
#include "tools/profile/report.h"

namespace {

using namespace tools::profile;
constexpr std::uint32_t none = ChargeRecord::none;

using Cycles = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("Charges: one without a count is its worst case") {
  ChargeRecord record;
  record.add({1, none}, 0, 300);
  record.add({1, none}, 0, 500);
  record.add({1, none}, 0, 400);
  CHECK(least_charges(record, 3) == Cycles{0, 500, 0});
  CHECK(record.times(1) == 3);
  CHECK(shortfalls(record, {0, 500, 0}).empty());
  const std::vector<Shortfall> short_of = shortfalls(record, {0, 499, 0});
  REQUIRE(short_of.size() == 1);
  CHECK(short_of[0].measured == 500);
  CHECK(short_of[0].charged == 499);
}

TEST_CASE("Charges: one with a count gets the line over its points that charges least in all") {
  ChargeRecord record;
  // 1000 + 20 a byte exactly, two below it, and none above.
  record.add({0, 1}, 0, 1000);
  record.add({0, 1}, 10, 700);
  record.add({0, 1}, 50, 2000);
  record.add({0, 1}, 60, 1900);
  record.add({0, 1}, 100, 3000);
  CHECK(least_charges(record, 2) == Cycles{1000, 20});
  // A point above: at 60, 400 more than the line. 1040 and 26 for each are 13 520 for all; 1000 and
  // 27 were 13 560, 1400 and 20 14 000.
  record.add({0, 1}, 60, 2600);
  const Cycles table = least_charges(record, 2);
  CHECK(table == Cycles{1040, 26});
  CHECK(shortfalls(record, table).empty());
  CHECK(shortfalls(record, {1040, 25}).size() == 1);
  CHECK(shortfalls(record, {1039, 26}).size() == 1);
}

TEST_CASE("Charges: what is seen often weighs more than one large count") {
  ChargeRecord record;
  record.add({0, 1}, 0, {1000, 100});
  record.add({0, 1}, 2, {1000, 900});
  record.add({0, 1}, 100, {1, 1000});
  // 100 and 400 each: 1 040 200 for all; 900 and 1 each: 1 803 000.
  CHECK(least_charges(record, 2) == Cycles{100, 400});
}

TEST_CASE("Charges: one count alone, and counts that cost nothing") {
  ChargeRecord one;
  one.add({0, 1}, 4, 100);
  CHECK(least_charges(one, 2) == Cycles{0, 25});
  ChargeRecord zero;
  zero.add({0, 1}, 0, 100);
  CHECK(least_charges(zero, 2) == Cycles{100, 0});
  ChargeRecord falling;
  falling.add({0, 1}, 1, 100);
  falling.add({0, 1}, 9, 50);
  CHECK(least_charges(falling, 2) == Cycles{100, 0});
}

TEST_CASE("Charges: what several pairs share is the steepest of theirs, and their bases fit it") {
  ChargeRecord record;
  record.add({0, 2}, 0, 1000);
  record.add({0, 2}, 1, 1500);
  record.add({1, 2}, 1, 3000);
  record.add({1, 2}, 2, 3100);
  const Cycles table = least_charges(record, 3);
  CHECK(table == Cycles{1000, 2500, 500});
  CHECK(shortfalls(record, table).empty());
}

TEST_CASE("Charges: records of several runs are one") {
  ChargeRecord a;
  ChargeRecord b;
  a.add({0, none}, 0, 5);
  b.add({0, none}, 0, 7);
  b.add({1, 2}, 3, 9);
  a.add(b);
  CHECK(a.times(0) == 2);
  CHECK(a.times(2) == 3);
  CHECK(least_charges(a, 3) == Cycles{7, 0, 3});
}

TEST_CASE("Charges: a sixteenth more than measured, rounded up to two significant digits") {
  CHECK(charge_for(0) == 0);
  CHECK(charge_for(1) == 2);
  CHECK(charge_for(16) == 17);
  CHECK(charge_for(17) == 19);
  CHECK(charge_for(93) == 99);
  CHECK(charge_for(94) == 100);
  CHECK(charge_for(95) == 110);
  CHECK(charge_for(1600) == 1700);
  CHECK(charge_for(1601) == 1800);
  CHECK(charge_for(44'489) == 48'000);
  CHECK(charge_for(160'000) == 170'000);
}

TEST_CASE(
    "Charges: a row that was not seen keeps its charge, and the file says what was measured") {
  const std::size_t rows = std::size(metrology::app::charge_table);
  ChargeRecord record;
  record.add({0, none}, 0, 1600);
  const std::vector<MeasuredRow> measured = measured_rows(record);
  REQUIRE(measured.size() == rows);
  CHECK(measured[0].charge == 1700);
  CHECK(measured[0].times == 1);
  CHECK(measured[1].times == 0);
  CHECK(measured[1].charge == metrology::app::charge_table[1].cycles);
  const std::string text = charge_table_text(measured, 0x12AB'00FF);
  CHECK(text.find("charge_table_image = 0x12AB'00FF;\n") != std::string::npos);
  CHECK(text.find("    {\"start_up\", 1'700},\n") != std::string::npos);
  ChargeRecord foreign;
  foreign.add({static_cast<std::uint32_t>(rows), none}, 0, 1);
  CHECK_THROWS_AS(measured_rows(foreign), std::out_of_range);
}

TEST_CASE("Charges: what a profile says of them in JSON can be read again") {
  MeterProfile meter{"m1", 0x1234, {}, {}};
  meter.profile.charges.add({3, none}, 0, 77);
  meter.profile.charges.add({3, none}, 0, 70);
  meter.profile.charges.add({4, 5}, 12, 90);
  const ChargeRecord back = charges_of(as_json({meter, meter}));
  CHECK(back.times(3) == 4);
  CHECK(back.seen().at({3, none}).at(0).worst == 77);
  CHECK(back.seen().at({4, 5}).at(12).worst == 90);
  CHECK(back.times(5) == 24);
}

TEST_CASE("Charges: a table of another image or below what is seen is complained of") {
  const metrology::app::ChargeRow& row = metrology::app::charge_table[3];
  ChargeRecord record;
  record.add({3, none}, 0, row.cycles);
  CHECK(complaints(record, metrology::app::charge_table_image).empty());
  const auto other = complaints(record, metrology::app::charge_table_image ^ 1U);
  REQUIRE(other.size() == 1);
  CHECK(other[0].find("write it anew") != std::string::npos);
  record.add({3, none}, 0, row.cycles + 1);
  const auto short_of = complaints(record, metrology::app::charge_table_image);
  REQUIRE(short_of.size() == 1);
  CHECK(short_of[0] == std::string(row.name) + ": charged with " + std::to_string(row.cycles) +
                           " cycles, and takes " + std::to_string(row.cycles + 1));
}
