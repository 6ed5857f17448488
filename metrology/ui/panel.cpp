#include "metrology/ui/panel.h"

#include "metrology/ui/page_table.h"

namespace metrology::ui {

namespace {

using registers::BacklightMode;
using registers::Settings;

constexpr int ratio_count =
    static_cast<int>(sizeof(hal::ct_primaries_A) / sizeof(hal::ct_primaries_A[0]));
constexpr int backlight_mode_count = 3;
/// Off and on, twice.
constexpr std::uint8_t blink_phases = 4;

/// One call's worth of context: what every transition reads and writes.
struct Step {
  PanelState& panel;
  const PanelSetup& setup;
  Settings& settings;
  PanelRequests& requests;
};

bool ratio_never_set(const PanelSetup& setup, const Settings& settings) {
  return hal::is_ct(setup.variant) && settings.ct_primary_A == 0;
}

// --- transitions --------------------------------------------------------------------------------

void enter(PanelState& panel, Mode mode) {
  panel.mode = mode;
  panel.since = panel.now;
  panel.idle_since = panel.now;
}

void scroll_from(PanelState& panel, std::uint8_t page) {
  enter(panel, Mode::scrolling);
  panel.page = page;
}

void show_by_hand(PanelState& panel, std::uint8_t page) {
  enter(panel, Mode::by_hand);
  panel.page = page;
}

void blink(PanelState& panel) {
  panel.blinks_left = blink_phases;
  panel.blink_since = panel.now;
}

void choose_ratio(PanelState& panel) {
  enter(panel, Mode::ratio_choice);
  panel.choice = 0;
}

/// `value` of first … last, one on or one back, behind the last comes the first.
std::uint8_t walk(int value, int first, int last, Button button) {
  const int next = button == Button::right ? value + 1 : value - 1;
  if (next > last) return static_cast<std::uint8_t>(first);
  if (next < first) return static_cast<std::uint8_t>(last);
  return static_cast<std::uint8_t>(next);
}

void store_ratio(const Step& step) {
  step.settings.ct_primary_A = hal::ct_primaries_A[step.panel.choice];
  step.requests.settings_changed = true;
  blink(step.panel);
  scroll_from(step.panel, first_page);
}

void store_scroll_time(const Step& step) {
  if (step.settings.lcd_cycle_s != step.panel.choice) {
    step.settings.lcd_cycle_s = step.panel.choice;
    step.requests.settings_changed = true;
  }
  step.panel.mode = Mode::by_hand;
}

void store_backlight(const Step& step) {
  const auto chosen = static_cast<BacklightMode>(step.panel.choice);
  if (step.settings.backlight != chosen) {
    step.settings.backlight = chosen;
    step.requests.settings_changed = true;
  }
  step.panel.mode = Mode::by_hand;
}

// --- buttons ------------------------------------------------------------------------------------

/// Whether holding `button` on the page shown opens something, and opens it.
bool begin_procedure(const Step& step, Button button) {
  PanelState& panel = step.panel;
  const Procedure procedure = page_of(panel.page).procedure;
  if (procedure == Procedure::none) return false;
  if (procedure == Procedure::scroll_time) {
    enter(panel, Mode::scroll_time_choice);
    panel.choice = step.settings.lcd_cycle_s;
    blink(panel);
    return true;
  }
  if (button != Button::right) return false;
  switch (procedure) {
    case Procedure::day_counter_reset:
      step.requests.day_counter_reset = true;
      show_by_hand(panel, panel.page);
      break;
    case Procedure::ratio:
      if (!ratio_never_set(step.setup, step.settings)) return false;
      choose_ratio(panel);
      break;
    default:
      enter(panel, Mode::backlight_choice);
      panel.choice = static_cast<std::uint8_t>(step.settings.backlight);
      break;
  }
  blink(panel);
  return true;
}

void press(const Step& step, Button button) {
  PanelState& panel = step.panel;
  switch (panel.mode) {
    case Mode::test_pattern:
      break;
    case Mode::ratio_choice:
      if (button == Button::left) {
        scroll_from(panel, first_page);
      } else {
        panel.choice = walk(panel.choice, 0, ratio_count - 1, button);
      }
      break;
    case Mode::scrolling:
      show_by_hand(panel, first_page);
      break;
    case Mode::by_hand:
      panel.page = button == Button::right ? next_page(step.setup.variant, panel.page)
                                           : previous_page(step.setup.variant, panel.page);
      break;
    case Mode::scroll_time_choice:
      panel.choice = walk(panel.choice, 1, registers::lcd_cycle_max_s, button);
      break;
    case Mode::backlight_choice:
      panel.choice = walk(panel.choice, 0, backlight_mode_count - 1, button);
      break;
  }
}

void hold(const Step& step, Button button) {
  const Mode mode = step.panel.mode;
  const bool on_a_page = mode == Mode::scrolling || mode == Mode::by_hand;
  if (on_a_page && begin_procedure(step, button)) return;
  press(step, button);
}

void take(const Step& step, const ButtonEvent& event) {
  PanelState& panel = step.panel;
  switch (event.kind) {
    case ButtonEvent::Kind::down:
      panel.lit = true;
      panel.lit_since = panel.now;
      return;
    case ButtonEvent::Kind::both_held:
      if (panel.mode == Mode::ratio_choice) store_ratio(step);
      return;
    case ButtonEvent::Kind::pressed:
      press(step, event.button);
      break;
    case ButtonEvent::Kind::held:
      hold(step, event.button);
      break;
    case ButtonEvent::Kind::released:
    case ButtonEvent::Kind::none:
      break;
  }
  if (any_down(panel.buttons)) return;
  panel.idle_since = panel.now;
  if (panel.mode == Mode::scrolling) panel.since = panel.now;
}

// --- time ---------------------------------------------------------------------------------------

/// When the mode ends by itself; `never` while a button is down.
Tick mode_deadline(const PanelState& panel, const PanelSetup& setup, const Settings& settings) {
  if (panel.mode == Mode::test_pattern) return panel.since + setup.times[Time::test_pattern];
  if (any_down(panel.buttons)) return never;
  switch (panel.mode) {
    case Mode::ratio_choice:
      return panel.idle_since + setup.times[Time::ratio_idle];
    case Mode::scrolling:
      return panel.since + Tick{settings.lcd_cycle_s} * hal::rtc::ticks_per_second;
    case Mode::by_hand:
      return panel.idle_since + setup.times[Time::manual_timeout];
    default:
      return panel.idle_since + setup.times[Time::programming_idle];
  }
}

Tick light_deadline(const PanelState& panel, const PanelSetup& setup) {
  return panel.lit ? panel.lit_since + setup.times[Time::backlight] : never;
}

Tick blink_deadline(const PanelState& panel, const PanelSetup& setup) {
  return panel.blinks_left == 0 ? never : panel.blink_since + setup.times[Time::blink];
}

Tick earlier(Tick a, Tick b) { return a < b ? a : b; }

void mode_ends(const Step& step) {
  PanelState& panel = step.panel;
  const hal::MeterVariant variant = step.setup.variant;
  switch (panel.mode) {
    case Mode::test_pattern:
      disregard(panel.buttons);
      if (ratio_never_set(step.setup, step.settings)) {
        choose_ratio(panel);
      } else {
        scroll_from(panel, first_page);
      }
      break;
    case Mode::ratio_choice:
      scroll_from(panel, first_page);
      break;
    case Mode::scrolling:
      scroll_from(panel, next_scrolling_page(variant, step.settings.scroll_mask, panel.page));
      break;
    case Mode::by_hand:
      scroll_from(panel, next_scrolling_page(variant, step.settings.scroll_mask, page_count));
      break;
    case Mode::scroll_time_choice:
      store_scroll_time(step);
      break;
    case Mode::backlight_choice:
      store_backlight(step);
      break;
  }
}

/// Everything of the panel's own that is due by `panel.now`, once each.
void deadlines_pass(const Step& step) {
  PanelState& panel = step.panel;
  if (light_deadline(panel, step.setup) <= panel.now) panel.lit = false;
  if (blink_deadline(panel, step.setup) <= panel.now) {
    --panel.blinks_left;
    panel.blink_since = panel.now;
  }
  if (mode_deadline(panel, step.setup, step.settings) <= panel.now) mode_ends(step);
}

Tick own_deadline(const PanelState& panel, const PanelSetup& setup, const Settings& settings) {
  return earlier(mode_deadline(panel, setup, settings),
                 earlier(light_deadline(panel, setup), blink_deadline(panel, setup)));
}

}  // namespace

void reset(PanelState& panel, Tick now) {
  panel = {};
  panel.now = now;
  reset(panel.buttons);
  enter(panel, Mode::test_pattern);
  panel.page = first_page;
}

PanelRequests advance(PanelState& panel, const PanelSetup& setup, Settings& settings, Tick now) {
  PanelRequests requests{};
  const Step step{panel, setup, settings, requests};
  for (;;) {
    const Tick own = own_deadline(panel, setup, settings);
    const Tick contacts = next_event(panel.buttons, setup.times);
    const Tick due = earlier(own, contacts);
    if (due > now) break;
    // A setting that was changed may have made something due before now.
    if (due > panel.now) panel.now = due;
    if (own <= contacts) {
      deadlines_pass(step);
    } else {
      take(step, take_event(panel.buttons, setup.times, panel.now));
    }
  }
  if (now > panel.now) panel.now = now;
  return requests;
}

PanelRequests edge(PanelState& panel, const PanelSetup& setup, Settings& settings, Button button,
                   bool level, Tick at) {
  const PanelRequests requests = advance(panel, setup, settings, at);
  tell_edge(panel.buttons, button, level, panel.now);
  return requests;
}

Tick next_deadline(const PanelState& panel, const PanelSetup& setup, const Settings& settings) {
  return earlier(own_deadline(panel, setup, settings), next_event(panel.buttons, setup.times));
}

View view(const PanelState& panel, const Settings& settings) {
  bool backlight = settings.backlight == BacklightMode::on ||
                   (settings.backlight == BacklightMode::on_press && panel.lit);
  if (panel.blinks_left != 0) backlight = panel.blinks_left % 2 == 1;
  const bool choosing = panel.mode == Mode::ratio_choice ||
                        panel.mode == Mode::scroll_time_choice ||
                        panel.mode == Mode::backlight_choice;
  return {panel.mode, panel.page, choosing ? panel.choice : std::uint8_t{0}, backlight};
}

}  // namespace metrology::ui
