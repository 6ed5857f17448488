#include "tools/embedding/serial_pins.h"

#include <algorithm>

namespace vmeter {

using models::pins::LineDrive;

namespace {

/// A listener looks back 100 ms at most.
constexpr Ps remembered_ps = 100 * models::pins::ps_per_ms;

Ps now() { return sc_core::sc_time_stamp().value(); }

}  // namespace

SerialPins::SerialPins(const sc_core::sc_module_name& name, const SerialPorts& ports)
    : sc_module(name),
      ports_(ports),
      tx_("tx", ports.tx, true),
      tx_enable_("tx_enable", ports.tx_enable != nullptr ? *ports.tx_enable : nobody_),
      heard_{{0, true}} {
  SC_METHOD(send);
  sensitive << due_;
  dont_initialize();
}

void SerialPins::end_of_elaboration() {
  follow(ports_.rx, "receive", [this] { receive(); });
}

void SerialPins::start_of_simulation() {
  if (ports_.rx.size() > 0) heard_.front().mark = ports_.rx->read();
}

void SerialPins::receive() {
  const Ps t = now();
  const bool mark = ports_.rx->read();
  if (mark == heard_.back().mark) return;
  while (heard_.size() > 1 && heard_[1].t + remembered_ps < t) heard_.pop_front();
  heard_.push_back({t, mark});
  if (!mark && listener_ != nullptr) listener_->line_changed(t);
}

bool SerialPins::mark_at(Ps t) const {
  const auto next = std::upper_bound(heard_.begin() + 1, heard_.end(), t,
                                     [](Ps instant, const Edge& edge) { return instant < edge.t; });
  return (next - 1)->mark;
}

std::uint64_t SerialPins::marks_at(const Ps* instants, int count) const {
  std::uint64_t marks = 0;
  for (int n = 0; n < count; ++n) {
    if (mark_at(instants[n])) marks |= std::uint64_t{1} << n;
  }
  return marks;
}

Ps SerialPins::next_fall(Ps from) const {
  auto edge = std::lower_bound(heard_.begin() + 1, heard_.end(), from,
                               [](const Edge& edge, Ps instant) { return edge.t < instant; });
  if (edge != heard_.end() && edge->mark) ++edge;
  return edge == heard_.end() ? models::pins::ps_never : edge->t;
}

void SerialPins::drive(Ps t, LineDrive what) {
  to_send_.push_back({t, what});
  if (to_send_.size() == 1) due_.notify(sc_core::sc_time::from_value(t - now()));
}

void SerialPins::cut(Ps t) {
  while (!to_send_.empty() && to_send_.back().t >= t) to_send_.pop_back();
  if (to_send_.empty()) due_.cancel();
  drive(t, LineDrive::released);
}

void SerialPins::send() {
  const Ps t = now();
  while (!to_send_.empty() && to_send_.front().t <= t) {
    const LineDrive what = to_send_.front().what;
    tx_.drive(t, what != LineDrive::space);
    tx_enable_.drive(t, what != LineDrive::released);
    to_send_.pop_front();
  }
  if (!to_send_.empty()) due_.notify(sc_core::sc_time::from_value(to_send_.front().t - t));
}

}  // namespace vmeter
