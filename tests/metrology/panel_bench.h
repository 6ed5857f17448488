// A panel on a clock of its own: presses and time in, what it showed with its instants out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "metrology/registers/settings.h"
#include "metrology/ui/page_table.h"
#include "metrology/ui/panel.h"

namespace tests {

using metrology::ui::Button;
using metrology::ui::Mode;
using metrology::ui::Tick;
using metrology::ui::View;

/// Ticks in `s` seconds: exact for every multiple of 1/32768 s.
constexpr Tick ticks(double s) { return static_cast<Tick>(s * 32768.0); }
/// 20 ms are 655.36 ticks: a level has to stand for 656.
inline constexpr Tick debounce = 656;

class PanelBench {
 public:
  struct Shown {
    Tick at;
    View view;
  };

  explicit PanelBench(metrology::hal::MeterVariant variant = metrology::hal::MeterVariant::mod,
                      std::uint32_t scale_permille = 0)
      : setup_{variant, metrology::ui::make_times(scale_permille)} {
    metrology::hal::ParameterPage page{};
    page.variant = variant;
    settings = metrology::registers::factory_settings(page);
    metrology::ui::reset(panel_, 0);
    shown_.push_back({0, view()});
  }

  metrology::registers::Settings settings{};

  /// Lets time pass to `at`, as the firmware does: from deadline to deadline.
  void run_to(Tick at) {
    for (;;) {
      const Tick due = metrology::ui::next_deadline(panel_, setup_, settings);
      if (due > at) break;
      now_ = std::max(now_, due);
      take(metrology::ui::advance(panel_, setup_, settings, due));
    }
    now_ = at;
    take(metrology::ui::advance(panel_, setup_, settings, at));
  }
  void run(Tick duration) { run_to(now_ + duration); }
  void level(Button button, bool level) {
    take(metrology::ui::edge(panel_, setup_, settings, button, level, now_));
  }
  /// Down for `duration` and until the release has been seen.
  void press(Button button, Tick duration = ticks(0.25)) {
    level(button, true);
    run(duration);
    level(button, false);
    run(debounce);
  }
  void press_times(int times, Button button) {
    for (int n = 0; n < times; ++n) press(button);
  }
  /// Past the test pattern and, from scrolling, to page `number` by hand.
  void step_to(std::uint8_t number) {
    if (view().mode == Mode::test_pattern) run_to(ticks(2));
    press(Button::right);
    while (view().page != number) press(Button::right);
  }

  View view() const { return metrology::ui::view(panel_, settings); }
  int page() const { return view().page; }
  int choice() const { return view().choice; }
  Mode mode() const { return view().mode; }
  bool backlight() const { return view().backlight; }
  Tick now() const { return now_; }
  const std::vector<Shown>& shown() const { return shown_; }
  void forget() { shown_.clear(); }
  /// Instants at which the backlight changed since forgotten.
  std::vector<Tick> backlight_edges() const {
    std::vector<Tick> edges;
    for (std::size_t n = 1; n < shown_.size(); ++n) {
      if (shown_[n].view.backlight != shown_[n - 1].view.backlight) edges.push_back(shown_[n].at);
    }
    return edges;
  }
  int setting_changes() const { return setting_changes_; }
  int day_counter_resets() const { return day_counter_resets_; }
  const metrology::ui::PanelState& panel() const { return panel_; }
  const metrology::ui::PanelSetup& setup() const { return setup_; }

 private:
  void take(const metrology::ui::PanelRequests& requests) {
    if (requests.settings_changed) ++setting_changes_;
    if (requests.day_counter_reset) ++day_counter_resets_;
    if (shown_.empty() || shown_.back().view != view()) shown_.push_back({now_, view()});
  }

  metrology::ui::PanelSetup setup_;
  metrology::ui::PanelState panel_{};
  Tick now_ = 0;
  std::vector<Shown> shown_;
  int setting_changes_ = 0;
  int day_counter_resets_ = 0;
};

inline constexpr Tick quarter_second = 8'192;
/// Off, on, off, on and then as the mode has it, from `begin` on.
inline std::vector<bool> levels_after(PanelBench& bench, Tick begin) {
  std::vector<bool> levels;
  for (int n = 0; n < 5; ++n) {
    // The first and the last tick of each phase.
    bench.run_to(begin + n * quarter_second);
    levels.push_back(bench.backlight());
    bench.run_to(begin + (n + 1) * quarter_second - 1);
    levels.push_back(bench.backlight());
  }
  return levels;
}
inline const std::vector<bool> two_blinks_then_off = {false, false, true, true,  false,
                                                      false, true,  true, false, false};
inline const std::vector<bool> two_blinks_then_on = {false, false, true, true, false,
                                                     false, true,  true, true, true};

}  // namespace tests
