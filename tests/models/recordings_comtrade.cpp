// COMTRADE of every year and encoding, read back to the last digit of what was written.
#include <catch2/catch.hpp>
#include <cmath>

#include "comtrade_files.h"

using models::pins::ps_per_ns;
using models::pins::ps_per_us;
using models::recordings::Recording;
using models::recordings::Unit;
using tests::ComtradeText;
using tests::Encoding;

namespace {

void check_values(const Recording& read, const ComtradeText& file) {
  REQUIRE(read.samples == static_cast<std::size_t>(file.samples));
  REQUIRE(read.channels.size() == 2);
  for (std::size_t c = 0; c < 2; ++c) {
    REQUIRE(read.channels[c].samples.size() == read.samples);
    for (int k = 0; k < file.samples; ++k) {
      const double seen = read.channels[c].samples[static_cast<std::size_t>(k)];
      const double wanted = file.value(static_cast<int>(c), k);
      // a·x + b is exact for volts; the amperes' 1e-6·1000 is one rounding away from 1e-3.
      if (c == 0 ? seen != wanted : std::abs(seen - wanted) > 1e-15 * std::abs(wanted)) {
        FAIL("channel " << c << ", sample " << k << ": " << seen << ", not " << wanted);
      }
    }
  }
}

}  // namespace

TEST_CASE("COMTRADE of each year is read to the last digit in each of its encodings") {
  ComtradeText file;
  file.year = GENERATE(1991, 1999, 2013);
  file.encoding =
      GENERATE(Encoding::ascii, Encoding::binary, Encoding::binary32, Encoding::float32);
  if (file.year < 2013 && file.encoding > Encoding::binary) return;  // came with 2013
  file.newline = GENERATE(std::string("\r\n"), std::string("\n"));
  INFO(file.year << ' ' << models::recordings::name_of(file.encoding));
  const Recording read = file.read();
  check_values(read, file);
  CHECK(read.frequency_Hz == 50);
  REQUIRE(read.sections.size() == 1);
  CHECK(read.sections[0].rate_Hz == 3200);
  CHECK(read.instants()[1] == 312'500'000);       // 1/3200 s
  CHECK(read.repeats_after() == 40'000'000'000);  // 128 samples
  CHECK(read.channels[0].name == "UA");
  CHECK(read.channels[0].unit == Unit::volt);
  CHECK(read.channels[1].unit == Unit::ampere);
  CHECK(read.channels[1].skew_s == Approx(25e-6));
  CHECK(read.channels[0].ratio == (file.year == 1991 ? 0 : 400));
  CHECK(read.channels[1].ratio == (file.year == 1991 ? 0 : 20));
  CHECK(read.channels[1].primary == (file.year != 1991));
}

TEST_CASE("the single file of 2013 holds what its parts hold in each encoding") {
  ComtradeText file;
  file.year = 2013;
  file.encoding =
      GENERATE(Encoding::ascii, Encoding::binary, Encoding::binary32, Encoding::float32);
  file.newline = GENERATE(std::string("\r\n"), std::string("\n"));
  check_values(models::recordings::read_cff(file.cff(), "a.cff"), file);
}

TEST_CASE("with a rate of 0 the timestamps count in microseconds times the multiplier") {
  ComtradeText file;
  file.timestamps = true;
  file.encoding = GENERATE(Encoding::ascii, Encoding::binary);
  file.time_multiplier = GENERATE(1.0, 0.5);
  const Recording read = file.read();
  check_values(read, file);
  REQUIRE(read.sections.empty());
  const std::vector<models::pins::Ps> at = read.instants();
  // Counted from the first: 312 ticks each.
  CHECK(at[0] == 0);
  CHECK(at[1] == (file.time_multiplier == 1 ? 312 * ps_per_us : 156 * ps_per_us));
  CHECK(at[127] == 127 * at[1]);
}

TEST_CASE("a date of 2013 with nine decimals makes timestamps nanoseconds") {
  ComtradeText file;
  file.year = 2013;
  file.timestamps = true;
  file.nanoseconds = true;
  CHECK(file.read().instants()[1] == 312 * ps_per_ns);
}

TEST_CASE("rates go before timestamps and timestamps may then be empty") {
  ComtradeText file;
  file.encoding = GENERATE(Encoding::ascii, Encoding::binary);
  file.empty_timestamps = GENERATE(false, true);
  CHECK(file.read().instants()[127] == 127 * ps_per_us * 3125 / 10);
}

TEST_CASE("several rates follow each other at the step of the later one") {
  ComtradeText file;
  std::string config = file.config();
  const std::string one = "1\r\n3200,128\r\n";
  config.replace(config.find(one), one.size(), "2\r\n3200,100\r\n800,128\r\n");
  const Recording read = models::recordings::read_comtrade_data(
      models::recordings::parse_comtrade_config(config, {"a.cfg"}), file.data(), "a.cfg",
      {"a.dat"});
  REQUIRE(read.sections.size() == 2);
  const std::vector<models::pins::Ps> at = read.instants();
  CHECK(at[99] == 99 * ps_per_us * 3125 / 10);
  CHECK(at[100] == at[99] + 1250 * ps_per_us);
  CHECK(at[127] == at[99] + 28 * (1250 * ps_per_us));
  CHECK(read.repeats_after() == at[127] + 1250 * ps_per_us);
}

TEST_CASE("missing values are those of the file's year and encoding") {
  // The number that stands there, and whether it is a missing value.
  struct Row {
    int year;
    Encoding encoding;
    std::string bytes;  ///< of UA in record 1
    bool missing;
  };
  const auto row = GENERATE(values<Row>({
      {1991, Encoding::ascii, "99999", true},
      {1999, Encoding::ascii, "99999", false},
      {1999, Encoding::ascii, "", true},
      {1991, Encoding::binary, std::string("\xFF\xFF", 2), true},
      {1991, Encoding::binary, std::string("\x00\x80", 2), false},
      {1999, Encoding::binary, std::string("\x00\x80", 2), true},
      {1999, Encoding::binary, std::string("\xFF\xFF", 2), false},
      {2013, Encoding::binary32, std::string("\x00\x00\x00\x80", 4), true},
      {2013, Encoding::binary32, std::string("\xFF\xFF\xFF\xFF", 4), false},
      {2013, Encoding::float32, std::string("\x00\x00\xC0\x7F", 4), true},   // NaN
      {2013, Encoding::float32, std::string("\x00\x00\x80\x7F", 4), true},   // infinity
      {2013, Encoding::float32, std::string("\xFF\xFF\x7F\x7F", 4), true},   // the largest
      {2013, Encoding::float32, std::string("\x00\x00\x80\x3F", 4), false},  // 1
  }));
  ComtradeText file;
  file.year = row.year;
  file.encoding = row.encoding;
  std::string data = file.data();
  if (row.encoding == Encoding::ascii) {
    const std::string number = std::to_string(file.number(0, 0));
    data.replace(data.find("," + number + ",") + 1, number.size(), row.bytes);
  } else {
    data.replace(8, row.bytes.size(), row.bytes);
  }
  const Recording read = models::recordings::read_comtrade_data(
      models::recordings::parse_comtrade_config(file.config(), {"a.cfg"}), data, "a.cfg",
      {"a.dat"});
  CHECK(std::isnan(read.channels[0].samples[0]) == row.missing);
  CHECK_FALSE(std::isnan(read.channels[0].samples[1]));
}

TEST_CASE("a Ctrl-Z ends a text and may stand behind binary data") {
  ComtradeText file;
  file.encoding = GENERATE(Encoding::ascii, Encoding::binary);
  const std::string data = file.data() + "\x1A";
  const Recording read = models::recordings::read_comtrade_data(
      models::recordings::parse_comtrade_config(file.config() + "\x1A more", {"a.cfg"}), data,
      "a.cfg", {"a.dat"});
  check_values(read, file);
}
