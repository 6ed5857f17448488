// Expectations on what a person sees: the glass and its light.
#include <catch2/catch.hpp>

#include "tests/tools/synthetic.h"

using tests::Bench;
using tests::ps_per_s;

namespace {

/// Dark for a second, then a reading for two, then another.
struct Glass : Bench {
  Glass() : Bench(0) {
    evidence.meters[0].display = {{ps_per_s, "  1234.56", "kWh FW T1"},
                                  {3 * ps_per_s, "5 11 111", "FW T1"}};
    evidence.meters[0].backlight = {{2 * ps_per_s, true}, {4 * ps_per_s, false}};
  }

  tools::Verdict shows(tests::Ps at, std::optional<std::string> text,
                       std::optional<std::string> symbols = {}) {
    tools::ExpectDisplay e;
    e.at = at;
    e.text = std::move(text);
    e.symbols = std::move(symbols);
    return judge(e);
  }
  bool lit(tests::Ps at) {
    const bool on = judge(tools::ExpectBacklight{true, at}).pass;
    CHECK(judge(tools::ExpectBacklight{false, at}).pass != on);
    return on;
  }
};

}  // namespace

TEST_CASE("a display shows what it last changed to, from that instant on") {
  Glass glass;
  CHECK_FALSE(glass.shows(ps_per_s - 1, "1234.56").pass);
  CHECK(glass.shows(ps_per_s, "1234.56").pass);
  CHECK(glass.shows(3 * ps_per_s - 1, "1234.56").pass);
  CHECK_FALSE(glass.shows(3 * ps_per_s, "1234.56").pass);
  CHECK_FALSE(glass.shows(2 * ps_per_s, "1234.57").pass);
  CHECK_FALSE(glass.shows(2 * ps_per_s, "12345.6").pass);
}

TEST_CASE("texts are compared as segments: an S is what a 5 looks like") {
  Glass glass;
  CHECK(glass.shows(3 * ps_per_s, "S 11 111").pass);
  CHECK(glass.shows(3 * ps_per_s, "5 11 111").pass);
  CHECK_FALSE(glass.shows(3 * ps_per_s, "S 11 101").pass);
}

TEST_CASE("symbols are all those that are lit, and none before the first frame") {
  Glass glass;
  CHECK(glass.shows(2 * ps_per_s, std::nullopt, "kWh FW T1").pass);
  CHECK_FALSE(glass.shows(2 * ps_per_s, std::nullopt, "kWh FW").pass);
  CHECK_FALSE(glass.shows(2 * ps_per_s, std::nullopt, "kWh FW T1 T2").pass);
  CHECK_FALSE(glass.shows(2 * ps_per_s, "1234.56", "FW T1").pass);
  CHECK(glass.shows(2 * ps_per_s, "1234.56", "kWh FW T1").pass);
  CHECK(glass.shows(0, std::nullopt, "").pass);
  CHECK_FALSE(glass.shows(ps_per_s, std::nullopt, "").pass);
}

TEST_CASE("a verdict on a display says what stood there") {
  Glass glass;
  const tools::Verdict verdict = glass.shows(2 * ps_per_s, "88", "none of them");
  CHECK(verdict.expected == "\"88\" with none of them");
  CHECK(verdict.seen == "\"  1234.56\" with kWh FW T1");
  CHECK(verdict.at == 2 * ps_per_s);
}

TEST_CASE("a page is the one that the panel shows, what is no page is none") {
  Glass glass;
  const auto page = [&](std::optional<std::string> shown) {
    tools::ExpectationReadings readings;
    readings.page = std::move(shown);
    return glass.judge(tools::ExpectPage{5, ps_per_s}, readings);
  };
  CHECK(page("P05").pass);
  CHECK_FALSE(page("P06").pass);
  CHECK_FALSE(page("test pattern").pass);
  CHECK(page("test pattern").seen == "test pattern");
  CHECK_FALSE(page({}).pass);
  CHECK_FALSE(page({}).seen.has_value());
}

TEST_CASE("a backlight is off until it is switched on") {
  Glass glass;
  CHECK_FALSE(glass.lit(2 * ps_per_s - 1));
  CHECK(glass.lit(2 * ps_per_s));
  CHECK(glass.lit(4 * ps_per_s - 1));
  CHECK_FALSE(glass.lit(4 * ps_per_s));
}

TEST_CASE("what lies at or behind the end of the run is not reached") {
  Glass glass;
  glass.evidence.end = 2 * ps_per_s;
  CHECK(glass.shows(2 * ps_per_s - 1, "1234.56").pass);
  const tools::Verdict verdict = glass.shows(2 * ps_per_s, "1234.56");
  CHECK_FALSE(verdict.pass);
  CHECK_FALSE(verdict.seen.has_value());
  CHECK_FALSE(glass.judge(tools::ExpectBacklight{false, 2 * ps_per_s}).pass);
}
