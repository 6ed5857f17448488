// Accuracy against truth: inside the band it holds, outside it does not.
#include <catch2/catch.hpp>
#include <cstring>

#include "tests/tools/synthetic.h"

using tests::Bench;
using tests::ps_per_s;
using tools::Measured;

namespace {

/// An unrounded value as the debug port answers it.
tools::Reading value(double number) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  tools::Reading reading;
  reading.status = metrology::hal::MailboxReply::ok;
  reading.words = {1, static_cast<std::uint32_t>(bits >> 32U), static_cast<std::uint32_t>(bits)};
  return reading;
}

/// A counter booked up to `until`.
tools::Reading energy(std::int64_t uWh, tests::Ps until) {
  tools::Reading reading;
  reading.status = metrology::hal::MailboxReply::ok;
  reading.words = {2, static_cast<std::uint32_t>(uWh >> 32), static_cast<std::uint32_t>(uWh)};
  reading.booked_until = static_cast<std::int64_t>(until);
  return reading;
}

tools::ExpectAccuracy accuracy(Measured what, double within, bool relative = true) {
  tools::ExpectAccuracy e;
  e.what = what;
  e.from = ps_per_s;
  e.to = 11 * ps_per_s;
  e.within = {within, relative, "band"};
  return e;
}

}  // namespace

TEST_CASE("a power is compared in watts with what flows at the end of the interval") {
  Bench bench(3450);
  const auto e = accuracy(Measured::active_power, 1e-4);
  CHECK(bench.judge(e, {std::nullopt, value(3.45)}).pass);
  CHECK(bench.judge(e, {std::nullopt, value(3.4503449)}).pass);
  CHECK_FALSE(bench.judge(e, {std::nullopt, value(3.4503451)}).pass);
  CHECK_FALSE(bench.judge(e, {std::nullopt, value(3.4496549)}).pass);
  CHECK_FALSE(bench.judge(e, {std::nullopt, value(-3.45)}).pass);
}

TEST_CASE("an energy is compared between the instants up to which it is booked") {
  Bench bench(3600);  // 1 Wh a second
  const auto e = accuracy(Measured::active_energy, 1e-4);
  const tools::Reading first = energy(500'000, ps_per_s);
  CHECK(bench.judge(e, {first, energy(10'500'000, 11 * ps_per_s)}).pass);
  CHECK(bench.judge(e, {first, energy(10'500'990, 11 * ps_per_s)}).pass);
  CHECK_FALSE(bench.judge(e, {first, energy(10'501'010, 11 * ps_per_s)}).pass);
  // The same counters booked up to another instant are another power.
  CHECK_FALSE(bench.judge(e, {first, energy(10'500'000, 11 * ps_per_s + ps_per_s / 100)}).pass);
}

TEST_CASE("a percentage may be meant of the apparent power") {
  Bench bench(1000);
  auto e = accuracy(Measured::reactive_power, 0.0002);
  // Nothing is true; 0.1 var are 0.01 % of 1000 VA.
  CHECK_FALSE(bench.judge(e, {std::nullopt, value(0.0001)}).pass);
  e.of_apparent = true;
  CHECK(bench.judge(e, {std::nullopt, value(0.00019)}).pass);
  CHECK_FALSE(bench.judge(e, {std::nullopt, value(0.00021)}).pass);
}

TEST_CASE("a band may be absolute") {
  Bench bench(50);
  const auto e = accuracy(Measured::frequency, 0.0005, false);
  CHECK(bench.judge(e, {std::nullopt, value(50.00049)}).pass);
  CHECK_FALSE(bench.judge(e, {std::nullopt, value(50.00051)}).pass);
}

TEST_CASE("a current's sign is its phase's direction and no error") {
  Bench bench(5);
  CHECK(bench.judge(accuracy(Measured::current, 1e-4), {std::nullopt, value(-5.0)}).pass);
}

TEST_CASE("an accuracy without its readings is not reached") {
  Bench bench(3600);
  CHECK_FALSE(bench.judge(accuracy(Measured::active_power, 1), {}).seen.has_value());
  const tools::Verdict verdict =
      bench.judge(accuracy(Measured::active_energy, 1), {std::nullopt, energy(0, ps_per_s)});
  CHECK_FALSE(verdict.seen.has_value());
  CHECK_FALSE(verdict.pass);
}

TEST_CASE("an error that exceeds its band is not rounded to it") {
  Bench bench(3450);
  const tools::Verdict verdict =
      bench.judge(accuracy(Measured::active_power, 1e-4), {std::nullopt, value(3.450345001)});
  CHECK_FALSE(verdict.pass);
  CHECK_THAT(verdict.seen.value_or(""), Catch::Matchers::Contains("+0.010000029 %"));
}
