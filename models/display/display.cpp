#include "models/display/display.h"

#include <utility>

namespace models::display {

void rebase(DisplayState& state, Ps by) {
  state.last_change = pins::rebased(state.last_change, by);
}

Display::Display(std::string instance, pins::EventSink& sink)
    : instance_(std::move(instance)), sink_(sink) {}

void Display::show(Ps t, const GlassSegments& segments) {
  if (segments == state_.segments) return;
  state_.segments = segments;
  state_.last_change = t;
  ++state_.changes;
  const std::string shown = text(segments);
  const std::string names = symbol_text(symbols(segments));
  sink_.record(t, instance_, "show",
               {{"text", std::string_view(shown)}, {"symbols", std::string_view(names)}});
}

}  // namespace models::display
