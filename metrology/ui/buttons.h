// The two buttons: from bouncing contacts to presses. Pure: levels and time in, events out.
//
// A level counts when it has stood for the debounce time. A press is told when it ends, because
// only then it is known whether the button was held; presses during which both buttons were down
// are told as `released` only.
#pragma once

#include <cstdint>

#include "metrology/ui/time_constants.h"

namespace metrology::ui {

enum class Button : std::uint8_t { left, right };
inline constexpr int button_count = 2;
inline constexpr Button buttons_in_order[button_count] = {Button::left, Button::right};

struct ButtonEvent {
  enum class Kind : std::uint8_t {
    none,
    down,       ///< a press begins
    pressed,    ///< ended, alone and shorter than the hold time
    held,       ///< ended, alone and at least as long as the hold time
    both_held,  ///< both have now been down together for the ratio's hold time; they still are
    released,   ///< ended, not alone
  };
  Kind kind;
  Button button;  ///< of all but both_held
};

struct Contact {
  bool level;        ///< as last told, high while pressed
  bool down;         ///< debounced
  Tick level_since;  ///< last edge
  Tick down_since;   ///< while down
};

struct ButtonState {
  Contact contact[button_count];
  bool together;    ///< both were down during the present press, or it is not to count
  bool both_told;   ///< both_held was told
  Tick both_since;  ///< while both are down
};

/// State at power-on: released, whatever the levels are.
void reset(ButtonState& buttons);

/// At `at` an edge of `button` was seen, after which its level is `level`; a pulse too short to be
/// seen as a level is told with the level unchanged, and begins the debounce time anew. Everything
/// that settles by `at` must have been taken before.
void tell_edge(ButtonState& buttons, Button button, bool level, Tick at);

/// When the next event is due if no edge comes; `never` if none is.
Tick next_event(const ButtonState& buttons, const Times& times);

/// The event that is due at `at`, or none; to be called until there is none. Of events of one
/// instant both_held comes first, then the left button's.
ButtonEvent take_event(ButtonState& buttons, const Times& times, Tick at);

bool any_down(const ButtonState& buttons);

/// Presses that go on now will not be told but as `released`.
void disregard(ButtonState& buttons);

}  // namespace metrology::ui
