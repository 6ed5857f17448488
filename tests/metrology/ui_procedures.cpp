// The procedures at the buttons (manual 6.6.2, 6.8): each as the manual tells it, too short,
// interrupted, and one tick to both sides of each of its times.
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "tests/metrology/panel_bench.h"

using namespace metrology::ui;
using metrology::registers::BacklightMode;
using tests::debounce;
using tests::levels_after;
using tests::PanelBench;
using tests::ticks;
using tests::two_blinks_then_off;
using tests::two_blinks_then_on;

namespace {

constexpr Tick second = 32'768;

}  // namespace

// --- scroll time --------------------------------------------------------------------------------

TEST_CASE(
    "P63: either button held 5 s and let go opens the scroll time, a tick less turns the page") {
  for (const Button button : {Button::left, Button::right}) {
    PanelBench bench;
    bench.step_to(63);
    bench.press(button, ticks(5));
    CHECK(bench.mode() == Mode::scroll_time_choice);
    CHECK(bench.page() == 63);
    CHECK(bench.choice() == 10);

    PanelBench short_of;
    short_of.step_to(63);
    short_of.press(button, ticks(5) - 1);
    CHECK(short_of.mode() == Mode::by_hand);
    CHECK(short_of.page() == (button == Button::right ? 64 : 62));
  }
}

TEST_CASE("P63: nothing opens while the button is still held") {
  PanelBench bench;
  bench.step_to(63);
  bench.level(Button::right, true);
  bench.run(ticks(60));
  CHECK(bench.mode() == Mode::by_hand);
  bench.level(Button::right, false);
  bench.run(debounce - 1);
  CHECK(bench.mode() == Mode::by_hand);
  bench.run(1);
  CHECK(bench.mode() == Mode::scroll_time_choice);
}

TEST_CASE("P63: right counts up and left down through 01 to 30, with wrap") {
  PanelBench bench;
  bench.step_to(63);
  bench.press(Button::right, ticks(5));
  for (int n = 11; n <= 30; ++n) {
    bench.press(Button::right);
    CHECK(bench.choice() == n);
  }
  bench.press(Button::right);
  CHECK(bench.choice() == 1);
  bench.press(Button::left);
  CHECK(bench.choice() == 30);
  for (int n = 29; n >= 1; --n) {
    bench.press(Button::left);
    CHECK(bench.choice() == n);
  }
  CHECK(bench.settings.lcd_cycle_s == 10);
}

TEST_CASE("P63: what was chosen is stored after 10 s without a press, and the page stays") {
  PanelBench bench;
  bench.step_to(63);
  bench.press(Button::left, ticks(5));
  bench.press_times(3, Button::right);
  const Tick released = bench.now();
  bench.run_to(released + 10 * second - 1);
  CHECK(bench.mode() == Mode::scroll_time_choice);
  CHECK(bench.settings.lcd_cycle_s == 10);
  CHECK(bench.setting_changes() == 0);
  bench.run_to(released + 10 * second);
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 63);
  CHECK(bench.settings.lcd_cycle_s == 13);
  CHECK(bench.setting_changes() == 1);
  // The 30 s of stepping by hand count from the last press.
  bench.run_to(released + 30 * second - 1);
  CHECK(bench.mode() == Mode::by_hand);
  bench.run_to(released + 30 * second);
  CHECK(bench.mode() == Mode::scrolling);
  bench.run_to(released + 43 * second - 1);
  CHECK(bench.page() == 1);
  bench.run_to(released + 43 * second);
  CHECK(bench.page() == 2);
}

TEST_CASE(
    "P63: a press in the last tick of the 10 s chooses on, one tick later it turns the page") {
  for (const Tick later : {Tick{0}, Tick{1}}) {
    PanelBench bench;
    bench.step_to(63);
    bench.press(Button::right, ticks(5));
    bench.run(10 * second - debounce - 1 + later);
    bench.press(Button::right);
    CHECK(bench.mode() == (later == 0 ? Mode::scroll_time_choice : Mode::by_hand));
    CHECK(bench.choice() == (later == 0 ? 11 : 0));
    CHECK(bench.page() == (later == 0 ? 63 : 64));
  }
}

TEST_CASE("P63: the value that holds already is chosen without a change of settings") {
  PanelBench bench;
  bench.step_to(63);
  bench.press(Button::right, ticks(5));
  bench.press(Button::right);
  bench.press(Button::left);
  bench.run(ticks(11));
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.settings.lcd_cycle_s == 10);
  CHECK(bench.setting_changes() == 0);
}

TEST_CASE("P63: a hold interrupted by the other button opens nothing") {
  PanelBench bench;
  bench.step_to(63);
  bench.level(Button::right, true);
  bench.run(ticks(3));
  bench.press(Button::left);
  bench.run(ticks(3));
  bench.level(Button::right, false);
  bench.run(debounce);
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 63);
  // Two presses of 3 s do not make one of 6 s.
  bench.press(Button::right, ticks(3));
  CHECK(bench.page() == 64);
  bench.press(Button::left, ticks(3));
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 63);
}

TEST_CASE("P63: while choosing, a long press is one step and both buttons are none") {
  PanelBench bench;
  bench.step_to(63);
  bench.press(Button::right, ticks(5));
  bench.press(Button::right, ticks(7));
  CHECK(bench.choice() == 11);
  bench.level(Button::right, true);
  bench.run(ticks(0.1));
  bench.press(Button::left);
  bench.level(Button::right, false);
  bench.run(debounce);
  CHECK(bench.choice() == 11);
  CHECK(bench.mode() == Mode::scroll_time_choice);
}

TEST_CASE("P63: a page that scrolls by opens as well") {
  PanelBench bench;
  bench.settings.scroll_mask[7] = 0x41;  // P57, P63
  bench.run_to(ticks(2) + 50 * second);
  REQUIRE(bench.page() == 63);
  REQUIRE(bench.mode() == Mode::scrolling);
  bench.press(Button::right, ticks(5));
  CHECK(bench.mode() == Mode::scroll_time_choice);
}

// --- the two blinks -----------------------------------------------------------------------------

TEST_CASE("After the release the backlight blinks off and on twice, even if bl off") {
  PanelBench off;
  off.settings.backlight = BacklightMode::off;
  off.step_to(63);
  off.press(Button::right, ticks(5));
  CHECK(levels_after(off, off.now()) == two_blinks_then_off);

  PanelBench on;
  on.settings.backlight = BacklightMode::on;
  on.step_to(63);
  CHECK(on.backlight());
  on.press(Button::right, ticks(5));
  CHECK(levels_after(on, on.now()) == two_blinks_then_on);

  PanelBench by_press;
  by_press.step_to(63);
  CHECK(by_press.backlight());
  by_press.press(Button::right, ticks(5));
  CHECK(levels_after(by_press, by_press.now()) == two_blinks_then_on);
}

TEST_CASE("Nothing blinks after a hold that was too short") {
  PanelBench bench;
  bench.settings.backlight = BacklightMode::on;
  bench.step_to(63);
  bench.forget();
  bench.press(Button::right, ticks(5) - 1);
  bench.run(ticks(2));
  CHECK(bench.backlight_edges().empty());
  CHECK(bench.backlight());
}

// --- backlight ----------------------------------------------------------------------------------

TEST_CASE("bl btn: a press lights for 30 s from its beginning, every press anew") {
  PanelBench bench;
  bench.run_to(ticks(10));
  CHECK_FALSE(bench.backlight());
  bench.level(Button::left, true);
  bench.run(debounce - 1);
  CHECK_FALSE(bench.backlight());
  bench.run(1);
  CHECK(bench.backlight());
  const Tick first = bench.now();
  bench.run(ticks(1));
  bench.level(Button::left, false);
  bench.run_to(first + 20 * second - debounce);
  bench.press(Button::right);
  const Tick second_press = first + 20 * second;
  bench.run_to(second_press + 30 * second - 1);
  CHECK(bench.backlight());
  bench.run_to(second_press + 30 * second);
  CHECK_FALSE(bench.backlight());
}

TEST_CASE("bl on and bl off do not heed presses") {
  for (const BacklightMode mode : {BacklightMode::on, BacklightMode::off}) {
    PanelBench bench;
    bench.settings.backlight = mode;
    bench.run_to(ticks(10));
    bench.forget();
    bench.press(Button::right);
    bench.run(ticks(100));
    CHECK(bench.backlight_edges().empty());
    CHECK(bench.backlight() == (mode == BacklightMode::on));
  }
}

TEST_CASE("P66: right held 5 s opens the backlight mode, left does not") {
  PanelBench bench;
  bench.step_to(66);
  bench.press(Button::left, ticks(6));
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 65);
  bench.press(Button::right);
  bench.press(Button::right, ticks(5) - 1);
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 67);
  bench.press(Button::left);
  bench.press(Button::right, ticks(5));
  CHECK(bench.mode() == Mode::backlight_choice);
  CHECK(levels_after(bench, bench.now()) == two_blinks_then_on);
}

TEST_CASE("P66: btn, off, on in a ring, stored after 10 s without a press") {
  struct Case {
    BacklightMode before;
    int rights;
    int lefts;
    BacklightMode after;
  };
  for (const Case& c : {Case{BacklightMode::on_press, 1, 0, BacklightMode::off},
                        Case{BacklightMode::on_press, 2, 0, BacklightMode::on},
                        Case{BacklightMode::on_press, 3, 0, BacklightMode::on_press},
                        Case{BacklightMode::on_press, 0, 1, BacklightMode::on},
                        Case{BacklightMode::off, 1, 0, BacklightMode::on},
                        Case{BacklightMode::on, 1, 0, BacklightMode::on_press},
                        Case{BacklightMode::on, 0, 1, BacklightMode::off}}) {
    PanelBench bench;
    bench.settings.backlight = c.before;
    bench.step_to(66);
    bench.press(Button::right, ticks(5));
    bench.press_times(c.rights, Button::right);
    bench.press_times(c.lefts, Button::left);
    CHECK(bench.choice() == static_cast<int>(c.after));
    const Tick released = bench.now();
    bench.run_to(released + 10 * second - 1);
    CHECK(bench.settings.backlight == c.before);
    bench.run_to(released + 10 * second);
    CHECK(bench.settings.backlight == c.after);
    CHECK(bench.mode() == Mode::by_hand);
    CHECK(bench.setting_changes() == (c.before == c.after ? 0 : 1));
    CHECK(bench.backlight() == (c.after != BacklightMode::off));
  }
}

// --- day counter --------------------------------------------------------------------------------

TEST_CASE("P57: right held 5 s and let go resets the day counter with two blinks") {
  PanelBench bench;
  bench.step_to(57);
  bench.level(Button::right, true);
  bench.run(ticks(8));
  CHECK(bench.day_counter_resets() == 0);
  bench.level(Button::right, false);
  bench.run(debounce - 1);
  CHECK(bench.day_counter_resets() == 0);
  bench.run(1);
  CHECK(bench.day_counter_resets() == 1);
  CHECK(bench.page() == 57);
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.setting_changes() == 0);
  CHECK(levels_after(bench, bench.now()) == two_blinks_then_on);
}

TEST_CASE("P57: too short, the wrong button, interrupted, or another page: no reset") {
  PanelBench bench;
  bench.step_to(57);
  bench.press(Button::right, ticks(5) - 1);
  CHECK(bench.page() == 59);  // 58 is for CT meters
  bench.press(Button::left);
  bench.press(Button::left, ticks(6));
  CHECK(bench.page() == 56);
  bench.press(Button::right, ticks(6));  // on P56: a press
  CHECK(bench.page() == 57);
  bench.level(Button::right, true);
  bench.run(ticks(4));
  bench.press(Button::left);
  bench.run(ticks(4));
  bench.level(Button::right, false);
  bench.run(debounce);
  CHECK(bench.page() == 57);
  CHECK(bench.day_counter_resets() == 0);
}

TEST_CASE("P57: as it scrolls by, the reset works too") {
  PanelBench bench;
  bench.run_to(ticks(2) + 45 * second);
  REQUIRE(bench.page() == 57);
  bench.press(Button::right, ticks(5));
  CHECK(bench.day_counter_resets() == 1);
  CHECK(bench.page() == 57);
}
