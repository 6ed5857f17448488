// Stationary tones through the ADC: every sample within 1 LSB of the walked modulator (design §3,
// spec/signal-path §6: the difference is rounding alone).
#include <catch2/catch.hpp>

#include "sampled.h"
#include "scripted_source.h"

using tests::Conversion;
using tests::error_of;
using tests::RationalClock;
using tests::ScriptedSource;

namespace {

constexpr std::int64_t nHz = 1'000'000'000;

}  // namespace

TEST_CASE("full-scale mains tones come out right to the last bit but one") {
  const std::int64_t frequency =
      GENERATE(45 * nHz, 50 * nHz, 51'200'000'000, 52'370'000'001, 60 * nHz);
  const double phase = GENERATE(0.0, 0.123, 0.75);
  const ScriptedSource source({{0, 0, {{799.9999, frequency, 0, phase}}}});
  CHECK(error_of(source, RationalClock(), {}) <= 1);
}

TEST_CASE("each start offset moves the samples by whole modulator clocks") {
  const int offset = GENERATE(0, 1, 17, 31);
  const ScriptedSource source({{0, 0, {{700, 50 * nHz, 0, 0.1}}}});
  Conversion how;
  how.offset = offset;
  CHECK(error_of(source, RationalClock(), how) <= 1);
}

TEST_CASE("a sum of harmonics, interharmonics and d.c. comes out right") {
  const ScriptedSource source({{0,
                                -3.25,
                                {{400, 50 * nHz, 0, 0.3},
                                 {60, 150 * nHz, 0, 0.9},
                                 {40, 250 * nHz, 0, 0},
                                 {30, 350 * nHz, 0, 0.5},
                                 {25, 123'456'789'012, 0, 0.2},
                                 {20, 1'950 * nHz, 0, 0.7}}}});
  CHECK(error_of(source, RationalClock(), {}) <= 1);
}

TEST_CASE("conducted disturbances from 2 to 150 kHz come out as the filter leaves them") {
  // 4096 Hz and its multiples, where the filter has its zeros, and close by; the modulator's own
  // aliases lie at 1.048576 MHz, beyond.
  const std::int64_t frequency = GENERATE(
      2'000 * nHz, 4'096 * nHz, 4'096 * nHz + 1, 4'095'999 * (nHz / 1000), 9'000 * nHz,
      20'000 * nHz, 40'960 * nHz + 50 * nHz, 75'000 * nHz, 147'456 * nHz - nHz / 10, 150'000 * nHz);
  const ScriptedSource source({{0, 0, {{325, 50 * nHz, 0, 0}, {470, frequency, 0, 0.6}}}});
  CHECK(error_of(source, RationalClock(), {}) <= 1);
}

TEST_CASE("slow and near-direct tones come out right") {
  const std::int64_t frequency = GENERATE(1, 1'000, nHz / 1000, nHz);
  const ScriptedSource source({{0, 0, {{799, frequency, 0, 0.2}}}});
  CHECK(error_of(source, RationalClock(), {}) <= 1);
}

TEST_CASE("samples do not depend on how they are divided into calls") {
  const ScriptedSource source({{0, 1, {{700, 50 * nHz, 0, 0.1}, {9, 2'345 * nHz, 0, 0}}},
                               {40'000'000'001, 0, {{500, 60 * nHz, 0, 0.1}}}});
  const RationalClock clock;
  const auto whole = tests::convert(source, clock, {}, 128);
  const int block = GENERATE(1, 3, 16, 64, 512);
  CHECK(tests::largest_difference(tests::convert(source, clock, {}, block), whole) == 0);
}

TEST_CASE("samples do not depend on calls where the clock's edges lie between picoseconds") {
  // An instant rounded by half a picosecond moves a steep full-scale tone by some 0.01 codes: of
  // 4096 samples a few would come out otherwise if it depended on a call's begin.
  const ScriptedSource source({{0, 0, {{799, 350 * nHz, 0, 0.1}}}});
  RationalClock clock;
  clock.set_error(0, 12'345);
  Conversion how;
  how.count = 4096;
  const auto whole = tests::convert(source, clock, how, 128);
  const int block = GENERATE(1, 16, 100);
  CHECK(tests::largest_difference(tests::convert(source, clock, how, block), whole) == 0);
}

TEST_CASE("after 24 hours samples stand where they stood in the first second") {
  // 50 Hz repeats after 1 s of 4096 samples exactly: 86 400 s later, with phases that start at 0,
  // the exact codes are the same ones. A drift of 1 ns would move full scale by 2.6 LSB.
  const ScriptedSource source({{0, 0, {{799, 50 * nHz, 0, 0.01}, {0.9, 50'000 * nHz, 0, 0}}}});
  const RationalClock clock;
  Conversion how;
  how.first = 4096;
  const auto early = tests::convert(source, clock, how);
  how.first += std::int64_t{4096} * 86'400;
  CHECK(tests::largest_difference(tests::convert(source, clock, how), early) <= 1);
  CHECK(error_of(source, clock, how) <= 1);
}

TEST_CASE("samples are right at the end of a 200-day segment") {
  const ScriptedSource source({{0, 0, {{799, 52'370'000'001, 0, 0.01}}}});
  Conversion how;
  how.first = std::int64_t{4096} * 86'400 * 200 - 1000;
  CHECK(error_of(source, RationalClock(), how) <= 1);
}

TEST_CASE("an ADC started at time 0 finds the first piece continued backwards") {
  const ScriptedSource source({{0, 2, {{600, 50 * nHz, 0, 0.15}}}});
  Conversion how;
  how.start = GENERATE(0, 1, 5'000, 18'359, 18'360);
  how.count = 16;
  CHECK(error_of(source, RationalClock(), how) <= 1);
}
