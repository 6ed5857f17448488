// The CT ratio, chosen at the buttons once for ever (manual 6.7): as the manual tells it, too
// short, interrupted, and one tick to both sides of each of its times.
#include <catch2/catch.hpp>
#include <cstdint>

#include "metrology/hal/parameter_page.h"
#include "tests/metrology/panel_bench.h"

using namespace metrology::ui;
using metrology::hal::ct_primaries_A;
using metrology::hal::MeterVariant;
using tests::debounce;
using tests::levels_after;
using tests::PanelBench;
using tests::ticks;
using tests::two_blinks_then_on;

namespace {

constexpr Tick second = 32'768;

}  // namespace

TEST_CASE("A CT meter whose ratio was never set begins with the ratio, others do not") {
  struct Case {
    MeterVariant variant;
    std::uint32_t primary_A;
    Mode mode;
  };
  for (const Case& c : {Case{MeterVariant::mod_ct, 0, Mode::ratio_choice},
                        Case{MeterVariant::s_ct, 0, Mode::ratio_choice},
                        Case{MeterVariant::mb_ct, 5, Mode::scrolling},
                        Case{MeterVariant::mod_ct, 7500, Mode::scrolling},
                        Case{MeterVariant::mod, 0, Mode::scrolling}}) {
    PanelBench bench(c.variant);
    bench.settings.ct_primary_A = c.primary_A;
    bench.run_to(2 * second - 1);
    CHECK(bench.mode() == Mode::test_pattern);
    bench.run_to(2 * second);
    CHECK(bench.mode() == c.mode);
    CHECK(bench.choice() == 0);
  }
}

TEST_CASE("Right walks the 25 ratios and both buttons for 30 s store one for ever") {
  for (int n = 0; n < 25; ++n) {
    PanelBench bench(MeterVariant::mod_ct);
    bench.run_to(ticks(3));
    // Once round first.
    for (int step = 1; step <= 25; ++step) {
      bench.press(Button::right);
      REQUIRE(bench.choice() == step % 25);
    }
    bench.press_times(n, Button::right);
    CHECK(bench.settings.ct_primary_A == 0);
    bench.level(Button::right, true);
    bench.run(ticks(0.3));
    bench.level(Button::left, true);
    const Tick stored = bench.now() + debounce + 30 * second;
    bench.run_to(stored - 1);
    CHECK(bench.settings.ct_primary_A == 0);
    CHECK(bench.choice() == n);
    bench.run_to(stored);
    CHECK(bench.settings.ct_primary_A == ct_primaries_A[n]);
    CHECK(bench.setting_changes() == 1);
    CHECK(bench.mode() == Mode::scrolling);
    CHECK(bench.page() == 1);
    bench.level(Button::left, false);
    bench.level(Button::right, false);
    bench.run(debounce);
    CHECK(bench.mode() == Mode::scrolling);

    // Never again: neither by P58 nor after a power cut.
    bench.step_to(58);
    bench.press(Button::right, ticks(6));
    CHECK(bench.mode() == Mode::by_hand);
    CHECK(bench.page() == 59);
    CHECK(bench.setting_changes() == 1);
  }
}

TEST_CASE("The manual's ratios are 5 to 7500 A, 25 of them") {
  const std::uint32_t manual[] = {5,    40,   50,   60,   75,   100,  125,  150,  200,
                                  250,  300,  400,  500,  600,  800,  1000, 1250, 1500,
                                  2000, 2500, 3000, 4000, 5000, 6000, 7500};
  int n = 0;
  for (const std::uint32_t primary_A : manual) CHECK(ct_primaries_A[n++] == primary_A);
  CHECK(n == 25);
}

TEST_CASE("Left discards the ratio, and so do 30 s without a press") {
  PanelBench left(MeterVariant::mod_ct);
  left.run_to(ticks(3));
  left.press_times(4, Button::right);
  left.press(Button::left);
  CHECK(left.mode() == Mode::scrolling);
  CHECK(left.page() == 1);
  CHECK(left.settings.ct_primary_A == 0);

  PanelBench idle(MeterVariant::mod_ct);
  idle.run_to(32 * second - 1);
  CHECK(idle.mode() == Mode::ratio_choice);
  idle.run_to(32 * second);
  CHECK(idle.mode() == Mode::scrolling);

  PanelBench walked(MeterVariant::mod_ct);
  walked.run_to(ticks(20));
  walked.press(Button::right);
  const Tick released = walked.now();
  walked.run_to(released + 30 * second - 1);
  CHECK(walked.mode() == Mode::ratio_choice);
  CHECK(walked.choice() == 1);
  walked.run_to(released + 30 * second);
  CHECK(walked.mode() == Mode::scrolling);
  CHECK(walked.page() == 1);
  CHECK(walked.settings.ct_primary_A == 0);
  CHECK(walked.setting_changes() == 0);
}

TEST_CASE(
    "The ratio is not stored by 30 s less a tick, nor by holding one button, nor in two goes") {
  PanelBench bench(MeterVariant::mod_ct);
  bench.run_to(ticks(3));
  bench.press(Button::right);
  bench.level(Button::left, true);
  bench.level(Button::right, true);
  bench.run(30 * second - 1);
  bench.level(Button::left, false);
  bench.run(ticks(5));
  CHECK(bench.mode() == Mode::ratio_choice);
  bench.level(Button::left, true);
  bench.run(30 * second - 1);
  bench.level(Button::left, false);
  bench.level(Button::right, false);
  bench.run(debounce);
  CHECK(bench.mode() == Mode::ratio_choice);
  CHECK(bench.choice() == 1);
  bench.press(Button::right, ticks(40));
  CHECK(bench.choice() == 2);
  CHECK(bench.settings.ct_primary_A == 0);
  CHECK(bench.setting_changes() == 0);
}

TEST_CASE("Both buttons for 30 s elsewhere store nothing") {
  PanelBench bench(MeterVariant::mod_ct);
  bench.run_to(ticks(40));
  REQUIRE(bench.mode() == Mode::scrolling);
  bench.level(Button::left, true);
  bench.level(Button::right, true);
  bench.run(ticks(40));
  bench.level(Button::left, false);
  bench.level(Button::right, false);
  bench.run(debounce);
  CHECK(bench.settings.ct_primary_A == 0);
  CHECK(bench.mode() == Mode::scrolling);
}

TEST_CASE("P58: right held 5 s opens the ratio as long as it was never set") {
  PanelBench bench(MeterVariant::mod_ct);
  bench.run_to(ticks(3));
  bench.press(Button::left);
  bench.step_to(58);
  bench.press(Button::left, ticks(6));
  CHECK(bench.page() == 57);
  bench.press(Button::right);
  bench.press(Button::right, ticks(5) - 1);
  CHECK(bench.page() == 59);
  bench.press(Button::left);
  bench.press(Button::right, ticks(5));
  CHECK(bench.mode() == Mode::ratio_choice);
  CHECK(levels_after(bench, bench.now()) == two_blinks_then_on);
  bench.press_times(2, Button::right);
  bench.level(Button::left, true);
  bench.level(Button::right, true);
  bench.run(ticks(31));
  CHECK(bench.settings.ct_primary_A == 50);
}
