// The panel's state machine: pages, scrolling, stepping by hand, and the procedures at the buttons
// (pro380 §8, manual 6.6–6.8). Pure: button edges and time in; what to show, the backlight and
// changed settings out. Whoever calls may be late: everything happens at the instant it was due.
//
//   mode               left by
//   test_pattern       2 s → ratio_choice on a CT meter whose ratio was never set, else scrolling
//   ratio_choice       both held 30 s: stores; left, or 30 s idle: discards → scrolling from P01
//   scrolling          a press → by_hand at P01; a hold that the page answers → its procedure
//   by_hand            30 s idle → scrolling from the first page of the set
//   scroll_time_choice 10 s idle: stores → by_hand
//   backlight_choice   10 s idle: stores → by_hand
//
// What the manual leaves open [twin]: a press acts when it ends, because only then it is known not
// to be a hold; a hold that the page does not answer is a press; two buttons at once do nothing but
// store a ratio; while a button is down no page scrolls and nobody is idle; idle time counts from
// the last release; a procedure may begin on a page that scrolls by.
#pragma once

#include <cstdint>

#include "metrology/hal/parameter_page.h"
#include "metrology/registers/settings.h"
#include "metrology/ui/buttons.h"
#include "metrology/ui/time_constants.h"

namespace metrology::ui {

enum class Mode : std::uint8_t {
  test_pattern,
  ratio_choice,
  scrolling,
  by_hand,
  scroll_time_choice,
  backlight_choice,
};

struct PanelSetup {
  hal::MeterVariant variant;
  Times times;
};

struct PanelState {
  Mode mode;
  std::uint8_t page;  ///< shown, 1 … 67; of the test pattern and the choice of a ratio: the next
  std::uint8_t choice;  ///< while choosing: index of hal::ct_primaries_A, seconds, BacklightMode
  std::uint8_t blinks_left;  ///< phases of the two blinks still to come: off, on, off, on
  bool lit;                  ///< a press has lit the backlight (mode bl btn)
  Tick now;                  ///< told up to here
  Tick since;                ///< the test pattern, or the page that scrolls, stands
  Tick idle_since;           ///< last release, or the mode's beginning
  Tick lit_since;
  Tick blink_since;  ///< the phase under way
  ButtonState buttons;
};

/// What the panel asked for, besides what it wrote into the settings.
struct PanelRequests {
  bool settings_changed;  ///< lcd_cycle_s, backlight or ct_primary_A has a new value
  bool day_counter_reset;
};

/// What is to be seen. Two equal views with equal values make equal pictures.
struct View {
  Mode mode;
  std::uint8_t page;
  std::uint8_t choice;  ///< while choosing
  bool backlight;
};
constexpr bool operator==(const View& a, const View& b) {
  return a.mode == b.mode && a.page == b.page && a.choice == b.choice && a.backlight == b.backlight;
}
constexpr bool operator!=(const View& a, const View& b) { return !(a == b); }

/// Power-on at `now`: the test pattern.
void reset(PanelState& panel, Tick now);

/// An edge of a button at `at`, no earlier than what was told before; see ui::tell_edge.
/// Equal to advance() up to `at` and then the edge.
PanelRequests edge(PanelState& panel, const PanelSetup& setup, registers::Settings& settings,
                   Button button, bool level, Tick at);

/// Lets time pass up to and including `now`.
PanelRequests advance(PanelState& panel, const PanelSetup& setup, registers::Settings& settings,
                      Tick now);

/// When advance() has something to do next if no edge comes and no setting changes; `never` if
/// nothing is due.
Tick next_deadline(const PanelState& panel, const PanelSetup& setup,
                   const registers::Settings& settings);

View view(const PanelState& panel, const registers::Settings& settings);

}  // namespace metrology::ui
