#include "models/lines/wire_trace.h"

#include <algorithm>

namespace models::lines {

WireTrace::WireTrace(Segment& segment, int end, std::string instance, pins::EventSink& sink)
    : segment_(segment), end_(end), instance_(std::move(instance)), sink_(sink) {
  segment.listen_to_edges(end, *this);
}

void WireTrace::line_changed(Ps from) {
  if (!state_.started) return;
  const Ps before = state_.next;
  if (state_.next == pins::ps_never || from <= state_.next) {
    state_.next = segment_.next_edge(end_, std::max(from, state_.reported + 1));
  }
  if (state_.next != before && changed_) changed_();
}

void WireTrace::advance(Ps t) {
  if (t != state_.next) return;
  sink_.record(t, instance_, "level", {{"mark", segment_.mark_at(end_, t)}});
  state_.started = true;
  state_.reported = t;
  state_.next = segment_.next_edge(end_, t + 1);
}

}  // namespace models::lines
