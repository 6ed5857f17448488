// Power-on, automatic scrolling and stepping by hand: pages and instants.
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tests/metrology/panel_bench.h"

using namespace metrology::ui;
using metrology::hal::MeterVariant;
using tests::debounce;
using tests::PanelBench;
using tests::ticks;

namespace {

constexpr Tick second = 32'768;

void set_mask(PanelBench& bench, const std::vector<int>& numbers) {
  std::memset(bench.settings.scroll_mask, 0, sizeof(bench.settings.scroll_mask));
  for (const int number : numbers) {
    std::uint8_t& byte = bench.settings.scroll_mask[(number - 1) / 8];
    byte = static_cast<std::uint8_t>(byte | 1 << ((number - 1) % 8));
  }
}

}  // namespace

TEST_CASE("After power-on all segments for 2 s, then P01") {
  PanelBench bench;
  CHECK(bench.mode() == Mode::test_pattern);
  bench.run_to(2 * second - 1);
  CHECK(bench.mode() == Mode::test_pattern);
  bench.run_to(2 * second);
  CHECK(bench.mode() == Mode::scrolling);
  CHECK(bench.page() == 1);
}

TEST_CASE("The default set scrolls for an hour, every page for register 1510 seconds") {
  constexpr int set[] = {1, 2, 5, 8, 57, 65};
  for (const int cycle_s : {1, 10, 30}) {
    CAPTURE(cycle_s);
    PanelBench bench;
    bench.settings.lcd_cycle_s = static_cast<std::uint8_t>(cycle_s);
    bench.run_to(2 * second + 3600 * second);
    // The test pattern, and one page at 2 s + n · cycle.
    REQUIRE(bench.shown().size() == static_cast<std::size_t>(2 + 3600 / cycle_s));
    for (std::size_t n = 1; n < bench.shown().size(); ++n) {
      REQUIRE(bench.shown()[n].at == 2 * second + static_cast<Tick>(n - 1) * cycle_s * second);
      REQUIRE(bench.shown()[n].view.page == set[(n - 1) % 6]);
      REQUIRE(bench.shown()[n].view.mode == Mode::scrolling);
    }
  }
}

TEST_CASE("Scrolling is exact also when the panel is told of time late and seldom") {
  PanelBench exact;
  exact.run_to(1000 * second + 17);
  PanelBench late;
  PanelState panel{};
  reset(panel, 0);
  for (Tick at = 0; at < 1000 * second; at += 12'345) {
    advance(panel, late.setup(), late.settings, at);
  }
  advance(panel, late.setup(), late.settings, 1000 * second + 17);
  CHECK(panel.mode == exact.panel().mode);
  CHECK(panel.page == exact.panel().page);
  CHECK(panel.since == exact.panel().since);
  CHECK(panel.now == exact.panel().now);
}

TEST_CASE("The page mask picks what scrolls: bit 0 of byte 0 is P01") {
  PanelBench bench;
  set_mask(bench, {8, 9, 67});
  CHECK(bench.settings.scroll_mask[0] == 0x80);
  CHECK(bench.settings.scroll_mask[1] == 0x01);
  CHECK(bench.settings.scroll_mask[8] == 0x04);
  bench.run_to(2 * second + 50 * second);
  std::vector<int> pages;
  for (const auto& shown : bench.shown()) pages.push_back(shown.view.page);
  // The test pattern, P01 once after power-on, then the set.
  CHECK(pages == std::vector<int>{1, 1, 8, 9, 67, 8, 9});
}

TEST_CASE("Pages that the variant does not have are left out of scrolling") {
  PanelBench direct(MeterVariant::s);
  set_mask(direct, {57, 58, 61, 64, 65});
  direct.run_to(2 * second + 40 * second);
  std::vector<int> pages;
  for (const auto& shown : direct.shown()) pages.push_back(shown.view.page);
  CHECK(pages == std::vector<int>{1, 1, 57, 65, 57, 65});
}

TEST_CASE("A set of one page stands, and an empty one shows P01") {
  PanelBench one;
  set_mask(one, {44});
  one.run_to(600 * second);
  CHECK(one.page() == 44);
  CHECK(one.shown().size() == 3);
  PanelBench none;
  set_mask(none, {});
  none.run_to(600 * second);
  CHECK(none.page() == 1);
  CHECK(none.shown().size() == 2);
}

TEST_CASE("Another scroll time holds for the page that stands") {
  PanelBench bench;
  bench.run_to(2 * second + 3 * second);
  bench.settings.lcd_cycle_s = 5;
  bench.run_to(7 * second - 1);
  CHECK(bench.page() == 1);
  bench.run_to(7 * second);
  CHECK(bench.page() == 2);
  // Shorter than what has passed: at once, and the next page has its whole time.
  bench.run_to(11 * second);
  bench.settings.lcd_cycle_s = 2;
  bench.run_to(11 * second);
  CHECK(bench.page() == 5);
  bench.run_to(13 * second - 1);
  CHECK(bench.page() == 5);
  bench.run_to(13 * second);
  CHECK(bench.page() == 8);
}

TEST_CASE("The first press shows P01, then right is next and left is previous, wrapping") {
  for (const MeterVariant variant :
       {MeterVariant::s, MeterVariant::mb, MeterVariant::mod, MeterVariant::s_ct,
        MeterVariant::mb_ct, MeterVariant::mod_ct}) {
    const bool ct = metrology::hal::is_ct(variant);
    const bool bus = variant != MeterVariant::s && variant != MeterVariant::s_ct;
    CAPTURE(static_cast<int>(variant));
    std::vector<int> all;
    for (int n = 1; n <= 67; ++n) {
      if ((n == 58 && !ct) || ((n == 61 || n == 64) && !bus)) continue;
      all.push_back(n);
    }
    for (const Button first : {Button::left, Button::right}) {
      PanelBench bench(variant);
      if (ct) bench.settings.ct_primary_A = 5;
      bench.run_to(2 * second + 25 * second);
      REQUIRE(bench.page() == 5);
      bench.press(first);
      CHECK(bench.mode() == Mode::by_hand);
      CHECK(bench.page() == 1);
      for (std::size_t n = 1; n <= all.size(); ++n) {
        bench.press(Button::right);
        REQUIRE(bench.page() == all[n % all.size()]);
      }
      for (std::size_t n = all.size(); n-- > 0;) {
        bench.press(Button::left);
        REQUIRE(bench.page() == all[n]);
      }
      CHECK(bench.setting_changes() == 0);
      CHECK(bench.day_counter_resets() == 0);
    }
  }
}

TEST_CASE("30 s without a press return to scrolling from the first page of the set") {
  PanelBench bench;
  set_mask(bench, {5, 8});
  bench.step_to(7);
  const Tick released = bench.now();
  bench.run_to(released + 30 * second - 1);
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 7);
  bench.run_to(released + 30 * second);
  CHECK(bench.mode() == Mode::scrolling);
  CHECK(bench.page() == 5);
  bench.run_to(released + 40 * second - 1);
  CHECK(bench.page() == 5);
  bench.run_to(released + 40 * second);
  CHECK(bench.page() == 8);
}

TEST_CASE("A press in the last tick of the 30 s still steps, one tick later it shows P01") {
  for (const Tick later : {Tick{0}, Tick{1}}) {
    PanelBench bench;
    bench.step_to(7);
    // Debounced one tick before the time is up, or as it is.
    bench.run(30 * second - debounce - 1 + later);
    bench.press(Button::right);
    CHECK(bench.mode() == Mode::by_hand);
    CHECK(bench.page() == (later == 0 ? 8 : 1));
  }
}

TEST_CASE("While a button is down no page scrolls and the 30 s do not run") {
  PanelBench bench;
  bench.run_to(11 * second);
  bench.level(Button::left, true);
  bench.run(100 * second);
  CHECK(bench.mode() == Mode::scrolling);
  CHECK(bench.page() == 1);
  bench.level(Button::left, false);
  bench.run(debounce);
  CHECK(bench.mode() == Mode::by_hand);
  bench.level(Button::left, true);
  bench.run(100 * second);
  CHECK(bench.mode() == Mode::by_hand);
  CHECK(bench.page() == 1);
}

TEST_CASE("Both buttons at once do nothing, and the page that scrolls has its time anew") {
  PanelBench bench;
  bench.run_to(5 * second);
  bench.level(Button::left, true);
  bench.run(ticks(0.1));
  bench.level(Button::right, true);
  bench.run(ticks(40));
  bench.level(Button::left, false);
  bench.run(ticks(0.1));
  bench.level(Button::right, false);
  const Tick released = bench.now() + debounce;
  bench.run_to(released + 10 * second - 1);
  CHECK(bench.mode() == Mode::scrolling);
  CHECK(bench.page() == 1);
  bench.run_to(released + 10 * second);
  CHECK(bench.page() == 2);
  // By hand: no step.
  bench.press(Button::right);
  bench.press(Button::right);
  REQUIRE(bench.page() == 2);
  bench.level(Button::right, true);
  bench.run(ticks(0.1));
  bench.level(Button::left, true);
  bench.run(ticks(0.1));
  bench.level(Button::right, false);
  bench.run(ticks(0.1));
  bench.level(Button::left, false);
  bench.run(ticks(0.1));
  CHECK(bench.page() == 2);
}

TEST_CASE("A bounce shorter than the debounce time turns no page") {
  PanelBench bench;
  bench.step_to(3);
  for (int n = 0; n < 50; ++n) {
    bench.level(Button::right, true);
    bench.run(debounce - 1);
    bench.level(Button::right, false);
    bench.run(debounce - 1);
  }
  CHECK(bench.page() == 3);
}

TEST_CASE("A button held since before the test pattern's end is no press") {
  PanelBench bench(MeterVariant::mod_ct);
  bench.run_to(ticks(0.5));
  bench.level(Button::left, true);
  bench.run_to(ticks(8));
  CHECK(bench.mode() == Mode::ratio_choice);
  bench.level(Button::left, false);
  bench.run(debounce);
  CHECK(bench.mode() == Mode::ratio_choice);
  bench.press(Button::left);
  CHECK(bench.mode() == Mode::scrolling);
}

TEST_CASE("A time scale of 0.1 makes the panel ten times as quick, but not its scrolling") {
  PanelBench bench(MeterVariant::mod, 100);
  // 0.2 s are 6553.6 ticks.
  bench.run_to(6'553);
  CHECK(bench.mode() == Mode::test_pattern);
  bench.run_to(6'554);
  CHECK(bench.mode() == Mode::scrolling);
  bench.run_to(6'554 + 10 * second - 1);
  CHECK(bench.page() == 1);
  bench.run_to(6'554 + 10 * second);
  CHECK(bench.page() == 2);
  bench.press(Button::right, ticks(0.1));
  const Tick released = bench.now();
  CHECK(bench.mode() == Mode::by_hand);
  bench.run_to(released + 3 * second - 1);
  CHECK(bench.mode() == Mode::by_hand);
  bench.run_to(released + 3 * second);
  CHECK(bench.mode() == Mode::scrolling);
  // A hold is 0.5 s.
  bench.step_to(57);
  bench.press(Button::right, ticks(0.5) - 1);
  CHECK(bench.day_counter_resets() == 0);
  bench.press(Button::left, ticks(0.1));
  REQUIRE(bench.page() == 57);
  bench.press(Button::right, ticks(0.5));
  CHECK(bench.day_counter_resets() == 1);
}
