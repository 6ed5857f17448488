#include "models/lines/wire_trace.h"

#include <algorithm>

namespace models::lines {

WireTrace::WireTrace(Segment& segment, int end, std::string instance, pins::EventSink& sink)
    : segment_(segment), end_(end), instance_(std::move(instance)), sink_(sink) {
  segment.listen_to_edges(end, *this);
}

void WireTrace::line_changed(Ps from) {
  if (!started_) return;
  const Ps before = next_;
  if (next_ == pins::ps_never || from <= next_) {
    next_ = segment_.next_edge(end_, std::max(from, reported_ + 1));
  }
  if (next_ != before && changed_) changed_();
}

void WireTrace::advance(Ps t) {
  if (t != next_) return;
  sink_.record(t, instance_, "level", {{"mark", segment_.mark_at(end_, t)}});
  started_ = true;
  reported_ = t;
  next_ = segment_.next_edge(end_, t + 1);
}

}  // namespace models::lines
