// The 128-bit helpers and the scaling against the compiler's own 128-bit integers.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "metrology/energy/counter.h"
#include "metrology/energy/scale.h"
#include "metrology/energy/wide.h"

using namespace metrology::energy;

namespace {

__extension__ using Native = unsigned __int128;
__extension__ using SignedNative = __int128;

Native native(const Wide& value) { return (Native{value.high} << 64) | value.low; }
Wide wide(Native value) {
  return {static_cast<std::uint64_t>(value >> 64), static_cast<std::uint64_t>(value)};
}

/// Numbers of every length, with runs of ones and zeros at the limb borders.
std::uint64_t any_length(std::mt19937_64& random) {
  std::uint64_t value = random() >> (random() % 64);
  if (random() % 4 == 0) value |= 0xFFFF'FFFFU;
  if (random() % 4 == 0) value &= ~std::uint64_t{0xFFFF'FFFFU};
  return value;
}

}  // namespace

TEST_CASE("Wide arithmetic equals the compiler's 128-bit integers") {
  std::mt19937_64 random(1);
  for (int n = 0; n < 200'000; ++n) {
    const std::uint64_t a = any_length(random);
    const std::uint64_t b = any_length(random);
    const Native big = (Native{any_length(random)} << 64) | any_length(random);
    const Native other = (Native{any_length(random)} << 64) | any_length(random);
    REQUIRE(native(multiply(a, b)) == Native{a} * b);
    REQUIRE(native(multiply(wide(big), b)) == big * b);
    REQUIRE(native(wide(big) + wide(other)) == big + other);
    REQUIRE(native(wide(big) - wide(other)) == big - other);
    REQUIRE((wide(big) < wide(other)) == (big < other));
  }
}

TEST_CASE("divide gives quotient and remainder of every size") {
  std::mt19937_64 random(2);
  for (int n = 0; n < 200'000; ++n) {
    const Native divisor = n % 2 == 0
                               ? Native{any_length(random) | 1U}
                               : ((Native{any_length(random)} << 64) | any_length(random) | 1U);
    // Below 2^64 times the divisor, so that the quotient fits.
    const std::uint64_t quotient = any_length(random);
    const Native limit = ~Native{0} / divisor;
    const Native used = quotient > limit ? limit : Native{quotient};
    Native dividend = used * divisor;
    const Native room = ~Native{0} - dividend;
    const Native rest = any_length(random) % divisor;
    dividend += rest < room ? rest : room;
    const Quotient result = divide(wide(dividend), wide(divisor));
    REQUIRE(result.quotient == static_cast<std::uint64_t>(dividend / divisor));
    REQUIRE(native(result.remainder) == dividend % divisor);
  }
}

TEST_CASE("interpolate rounds length · part / whole down") {
  std::mt19937_64 random(3);
  for (int n = 0; n < 100'000; ++n) {
    // Up to 2^93, as the pulse path has it, times a length below 2^34: the product fits 127 bits.
    const Native whole = (((Native{random()} << 64) | random()) >> (35 + random() % 90)) + 1;
    const Native part = ((Native{random()} << 64) | random()) % (whole + 1);
    const std::uint64_t length = random() >> (30 + random() % 33);
    REQUIRE(interpolate(length, wide(part), wide(whole)) ==
            static_cast<std::uint64_t>(part * length / whole));
  }
  CHECK(interpolate(1000, Wide{1, 5}, Wide{1, 5}) == 1000);
  CHECK(interpolate(1000, Wide{}, Wide{1, 5}) == 0);
}

TEST_CASE("A scale is its factor to within 2^-32 and applies it rounded to nearest") {
  std::mt19937_64 random(4);
  for (int n = 0; n < 100'000; ++n) {
    const double factor = std::ldexp(1.0 + static_cast<double>(random() >> 12) * 0x1p-52,
                                     -2 - static_cast<int>(random() % 60));
    const Scale scale = make_scale(factor);
    const double made =
        std::ldexp(static_cast<double>(scale.mantissa), -static_cast<int>(scale.shift));
    REQUIRE(std::abs(made / factor - 1.0) <= 0x1p-32);

    const auto value = static_cast<std::int64_t>(random()) >> (random() % 60);
    const Native magnitude =
        static_cast<Native>(value < 0 ? -SignedNative{value} : SignedNative{value}) *
        scale.mantissa;
    const Native half = Native{1} << (scale.shift - 1);
    const Native rounded = (magnitude + half) >> scale.shift;
    const auto expected = static_cast<SignedNative>(rounded) * (value < 0 ? -1 : 1);
    REQUIRE(apply(scale, value) == static_cast<std::int64_t>(expected));
  }
}

TEST_CASE("Full scale on both channels for a second is its power in picowatt hours") {
  // Codes at full scale are 2^27 steps: their product over 4096 samples is 800 V · 170 A · 1 s.
  const std::int64_t sum = (std::int64_t{1} << 54) * 64;  // a 64th of a second, within int64
  const Scale direct = make_scale(energy_factor_pWh(false, {}, reference_conditions));
  const double expected_pWh = 800.0 * 170.0 / 64.0 / 3600.0 * 1e12;
  CHECK(static_cast<double>(apply(direct, sum)) == Approx(expected_pWh).epsilon(3e-10));
  const Scale ct = make_scale(energy_factor_pWh(true, {}, reference_conditions));
  CHECK(static_cast<double>(apply(ct, -sum)) ==
        Approx(-800.0 * 10.2 / 64.0 / 3600.0 * 1e12).epsilon(3e-10));
  const Scale calibrated = make_scale(
      energy_factor_pWh(false, {2000, -1000, 0, 0, 0, 0, 0, 0, 0}, reference_conditions));
  CHECK(static_cast<double>(apply(calibrated, sum)) ==
        Approx(expected_pWh * 1.002 * 0.999).epsilon(3e-10));
}

TEST_CASE("A counter and its residue hold exactly what was booked") {
  std::mt19937_64 random(5);
  EnergyCounter counter;
  Native sum = 0;
  for (int n = 0; n < 100'000; ++n) {
    const std::uint64_t energy = any_length(random) >> 16U;
    add(counter, energy);
    sum += energy;
    REQUIRE(counter.residue_pWh < 1'000'000);
    REQUIRE(static_cast<Native>(counter.counter_uWh) * 1'000'000 + counter.residue_pWh == sum);
  }
}
