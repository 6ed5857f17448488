#include "metrology/ui/buttons.h"

namespace metrology::ui {

namespace {

bool both_down(const ButtonState& buttons) {
  return buttons.contact[0].down && buttons.contact[1].down;
}

bool unsettled(const Contact& contact) { return contact.level != contact.down; }

Tick settles_at(const Contact& contact, const Times& times) {
  return contact.level_since + times[Time::debounce];
}

ButtonEvent press(ButtonState& buttons, Button button, Tick at) {
  Contact& contact = buttons.contact[static_cast<int>(button)];
  contact.down = true;
  contact.down_since = at;
  if (both_down(buttons)) {
    buttons.together = true;
    buttons.both_told = false;
    buttons.both_since = at;
  }
  return {ButtonEvent::Kind::down, button};
}

ButtonEvent release(ButtonState& buttons, Button button, const Times& times, Tick at) {
  Contact& contact = buttons.contact[static_cast<int>(button)];
  contact.down = false;
  const bool alone = !buttons.together;
  if (!any_down(buttons)) buttons.together = false;
  if (!alone) return {ButtonEvent::Kind::released, button};
  const bool long_enough = at - contact.down_since >= times[Time::hold];
  return {long_enough ? ButtonEvent::Kind::held : ButtonEvent::Kind::pressed, button};
}

}  // namespace

void reset(ButtonState& buttons) { buttons = {}; }

void tell_edge(ButtonState& buttons, Button button, bool level, Tick at) {
  Contact& contact = buttons.contact[static_cast<int>(button)];
  contact.level = level;
  contact.level_since = at;
}

Tick next_event(const ButtonState& buttons, const Times& times) {
  Tick next = never;
  for (const Contact& contact : buttons.contact) {
    if (unsettled(contact) && settles_at(contact, times) < next) next = settles_at(contact, times);
  }
  if (both_down(buttons) && !buttons.both_told) {
    const Tick told_at = buttons.both_since + times[Time::ratio_hold];
    if (told_at < next) next = told_at;
  }
  return next;
}

ButtonEvent take_event(ButtonState& buttons, const Times& times, Tick at) {
  if (both_down(buttons) && !buttons.both_told &&
      buttons.both_since + times[Time::ratio_hold] <= at) {
    buttons.both_told = true;
    return {ButtonEvent::Kind::both_held, Button::left};
  }
  for (const Button button : buttons_in_order) {
    const Contact& contact = buttons.contact[static_cast<int>(button)];
    if (!unsettled(contact) || settles_at(contact, times) > at) continue;
    return contact.level ? press(buttons, button, at) : release(buttons, button, times, at);
  }
  return {ButtonEvent::Kind::none, Button::left};
}

bool any_down(const ButtonState& buttons) {
  return buttons.contact[0].down || buttons.contact[1].down;
}

void disregard(ButtonState& buttons) {
  if (any_down(buttons)) buttons.together = true;
  if (both_down(buttons)) buttons.both_told = true;
}

}  // namespace metrology::ui
