#include "tools/scenario/units.h"

#include <catch2/catch.hpp>

#include "tests/tools/files.h"
#include "tools/scenario/reader.h"

using tools::Decimal;
using tools::Dimension;
using tools::Int128;
using tools::parse_decimal;
using tools::parse_quantity;
using tools::Ps;

namespace {

Ps time_of(const std::string& text) {
  tools::TreeNode node;
  node.kind = tools::TreeNode::Kind::scalar;
  node.text = text;
  return tools::read_time(node, "time");
}

double value_of(const std::string& text, Dimension dimension) {
  return parse_quantity(text, {dimension}).quantity.value().value();
}

}  // namespace

TEST_CASE("times become picoseconds without passing through a double") {
  CHECK(time_of("40 ms") == 40'000'000'000ull);
  CHECK(time_of("1 ps") == 1);
  CHECK(time_of("0.001 ns") == 1);
  CHECK(time_of("2.5min") == 150'000'000'000'000ull);
  CHECK(time_of("1 h") == 3'600'000'000'000'000ull);
  CHECK(time_of("1e-9 ms") == 1);
  // 2^53 + 1 picoseconds: a double cannot hold it.
  CHECK(time_of("9007.199254740993 s") == 9'007'199'254'740'993ull);
  CHECK(time_of("200 d") == models::pins::ps_max_segment);
  CHECK(time_of("17279999.999999999999 s") == models::pins::ps_max_segment - 1);
}

TEST_CASE("times that are no whole number of picoseconds or too long are refused") {
  CHECK_THROWS_AS(time_of("0.5 ps"), tools::InputError);
  CHECK_THROWS_AS(time_of("200.000000000000000001 d"), tools::InputError);
  CHECK_THROWS_AS(time_of("201 d"), tools::InputError);
  CHECK_THROWS_AS(time_of("-1 ps"), tools::InputError);
}

TEST_CASE("values are rounded once to the nearest double") {
  CHECK(value_of("230 V", Dimension::voltage) == 230.0);
  CHECK(value_of("0.1 A", Dimension::current) == 0.1);
  CHECK(value_of("100 mA", Dimension::current) == 0.1);
  CHECK(value_of("2.5 kW", Dimension::active_power) == 2500.0);
  CHECK(value_of("12.5 %", Dimension::ratio) == 0.125);
  CHECK(value_of("20 ppm", Dimension::ratio) == 20e-6);
  // 0.3 % is 3e-3, which 0.3 / 100 in doubles is not.
  CHECK(value_of("0.3 %", Dimension::ratio) == 0.003);
}

TEST_CASE("numbers are read whole or not at all") {
  for (const char* text : {"", "-", ".", "1.", ".5", "1e", "0x10", "1 2", "nan", "inf", "1,5",
                           "--1", "1.2.3", "1e1000", "1234567890123456789012345678901"}) {
    INFO(text);
    CHECK_FALSE(parse_decimal(text).has_value());
  }
  for (const char* text :
       {"0", "-0", "+1", "0.5", "1e3", "1E-3", "000123", "123456789012345678901234567890"}) {
    INFO(text);
    CHECK(parse_decimal(text).has_value());
  }
}

TEST_CASE("a decimal scales to integers exactly or says that it cannot") {
  const Decimal d = *parse_decimal("-12.34");
  CHECK(*d.to_integer(100) == -1234);
  CHECK(*d.to_integer(50) == -617);
  CHECK_FALSE(d.to_integer(10).has_value());
  CHECK(*parse_decimal("0.000")->to_integer() == 0);
  CHECK(*parse_decimal("1e20")->to_integer(1) == Int128{100'000'000'000} * 1'000'000'000);
  CHECK_FALSE(parse_decimal("1e60")->to_integer(1).has_value());
}

TEST_CASE("a unit of another dimension, an unknown one and none are told apart") {
  using Fault = tools::QuantityFault;
  CHECK(parse_quantity("5 A", {Dimension::voltage}).fault == Fault::other_dimension);
  CHECK(parse_quantity("5 X", {Dimension::voltage}).fault == Fault::unknown_unit);
  CHECK(parse_quantity("5", {Dimension::voltage}).fault == Fault::no_unit);
  CHECK(parse_quantity("V", {Dimension::voltage}).fault == Fault::not_a_number);
  CHECK(parse_quantity("5 v", {Dimension::voltage}).fault == Fault::unknown_unit);
  CHECK(parse_quantity("5 V", {Dimension::number}).fault == Fault::other_dimension);
  CHECK(parse_quantity("5", {Dimension::number}).quantity.has_value());
  CHECK(parse_quantity("5.5", {Dimension::count}).fault == Fault::not_a_number);
}

TEST_CASE("times are shown exactly in the largest unit that they hold one of") {
  CHECK(tools::show_time(40'000'000'000) == "40 ms");
  CHECK(tools::show_time(2'500'017'484) == "2.500017484 ms");
  CHECK(tools::show_time(1'500'000'000'000) == "1.5 s");
  CHECK(tools::show_time(0) == "0 ps");
  CHECK(tools::show_time(999) == "999 ps");
  CHECK(tools::show_time(39'737) == "39.737 ns");
  CHECK(tools::show_time(24'400'000) == "24.4 µs");
}
