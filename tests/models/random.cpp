// The generator against its published algorithm and its distributions' moments.
#include "models/random/random.h"

#include <array>
#include <catch2/catch.hpp>
#include <cmath>

using models::random::Random;
using models::random::RandomState;
using models::random::splitmix64;

TEST_CASE("splitmix64 gives the numbers of Vigna's reference for seed 1234567") {
  std::uint64_t state = 1234567;
  CHECK(splitmix64(state) == 6457827717110365317u);
  CHECK(splitmix64(state) == 3203168211198807973u);
  CHECK(splitmix64(state) == 9817491932198370423u);
}

TEST_CASE("xoshiro256** gives the numbers that its definition yields from 1, 2, 3, 4") {
  // rotl(2·5, 7)·9 = 11 520 first; the second from s1 = 2 ^ 3 ^ 1 = 0: 0; the third from
  // s1 = 262149 (worked by hand from the algorithm's six lines).
  Random random(RandomState{{1, 2, 3, 4}});
  CHECK(random.bits() == 11520);
  CHECK(random.bits() == 0);
  CHECK(random.bits() == 1509978240);
}

TEST_CASE("numbers are a function of seed and path") {
  Random a(1, "m1.adc.u1");
  Random b(1, "m1.adc.u1");
  Random other_path(1, "m1.adc.u2");
  Random other_seed(2, "m1.adc.u1");
  for (int k = 0; k < 100; ++k) {
    const std::uint64_t word = a.bits();
    REQUIRE(b.bits() == word);
    REQUIRE(other_path.bits() != word);
    REQUIRE(other_seed.bits() != word);
  }
}

TEST_CASE("a state goes on where it was taken") {
  Random a(5, "x");
  a.gaussian();  // leaves a spare
  Random b(a.state());
  for (int k = 0; k < 10; ++k) REQUIRE(a.gaussian() == b.gaussian());
}

TEST_CASE("uniform numbers fill the range from 0 to 1 evenly") {
  Random random(3, "uniform");
  constexpr int count = 1'000'000;
  double sum = 0;
  double square = 0;
  std::array<int, 16> bins{};
  for (int k = 0; k < count; ++k) {
    const double x = random.uniform();
    REQUIRE((x >= 0 && x < 1));
    sum += x;
    square += x * x;
    ++bins[static_cast<std::size_t>(x * 16)];
  }
  // Five standard deviations: 0.2887/√n of the mean, 0.2981/√n of the mean square.
  CHECK(sum / count == Approx(0.5).margin(5 * 0.2887e-3));
  CHECK(square / count == Approx(1.0 / 3).margin(5 * 0.2981e-3));
  double chi_square = 0;
  for (const int bin : bins) chi_square += std::pow(bin - count / 16.0, 2) / (count / 16.0);
  CHECK(chi_square < 44.3);  // 15 degrees of freedom, 1e-4
}

TEST_CASE("numbers below n are each as likely") {
  Random random(3, "below");
  std::array<int, 7> bins{};
  for (int k = 0; k < 70'000; ++k) ++bins[random.below(7)];
  double chi_square = 0;
  for (const int bin : bins) chi_square += std::pow(bin - 10'000.0, 2) / 10'000.0;
  CHECK(chi_square < 27.9);  // 6 degrees of freedom, 1e-4
  CHECK(random.below(1) == 0);
}

TEST_CASE("Gaussian numbers have the moments 0, 1, 0, 3") {
  Random random(3, "gaussian");
  constexpr int count = 1'000'000;
  double moments[4] = {};
  int beyond_two = 0;
  for (int k = 0; k < count; ++k) {
    const double x = random.gaussian();
    for (int power = 1; power <= 4; ++power) moments[power - 1] += std::pow(x, power) / count;
    beyond_two += std::abs(x) > 2;
  }
  // Five standard deviations of each: √(1, 2, 15, 96)/√n.
  CHECK(moments[0] == Approx(0).margin(5e-3));
  CHECK(moments[1] == Approx(1).margin(5 * 1.414e-3));
  CHECK(moments[2] == Approx(0).margin(5 * 3.873e-3));
  CHECK(moments[3] == Approx(3).margin(5 * 9.798e-3));
  CHECK(beyond_two / 1e6 == Approx(0.0455003).margin(5 * 2.084e-4));
}
