#include "tools/live/live_port.h"

#include <algorithm>
#include <utility>

namespace tools::live {
namespace {

/// While the wire has more than this to carry, no more is read: who sends faster finds his port
/// full.
constexpr Ps longest_backlog = 500 * models::pins::ps_per_ms;
/// Rates beyond those that a line's end can have are as wrong as these.
constexpr std::uint32_t slowest_baud = 110;
constexpr std::uint32_t fastest_baud = 1'000'000;

}  // namespace

LivePort::LivePort(OpenPort& port, bool strict_gaps, double speed)
    : port_(port),
      joiner_(port.kind.frames, port.kind.longest_frame, strict_gaps,
              static_cast<Ps>(static_cast<double>(joiner_patience) * speed)),
      patience_(static_cast<Ps>(static_cast<double>(rate_patience) * speed)),
      baud_(port.baud) {}

void LivePort::heard(const models::masters::HeardCharacter& character) {
  outgoing_.push_back({character.end, character.byte});
}

bool LivePort::takes_bytes(Ps now) const { return end_->free_from() <= now + longest_backlog; }

int LivePort::descriptor(Ps now) const {
  return takes_bytes(now) ? port_.channel->descriptor() : -1;
}

Ps LivePort::next_deadline() const {
  const Ps waiting = std::min(joiner_.deadline(), change_due_);
  return outgoing_.empty() ? waiting : std::min(waiting, outgoing_.front().end);
}

void LivePort::read(Ps now) { piece_ = takes_bytes(now) ? port_.channel->read() : Bytes(); }

JournalEvent LivePort::event(Ps at, Bytes bytes) const {
  JournalEvent event;
  event.t = at;
  event.port = port_.kind.name;
  event.baud = baud_;
  event.bytes = std::move(bytes);
  return event;
}

void LivePort::follow(Ps at, std::uint32_t baud, std::vector<JournalEvent>& events) {
  change_due_ = models::pins::ps_never;
  if (baud == baud_) return;
  // What waits was written at the rate before.
  Bytes waiting = joiner_.give_up();
  if (!waiting.empty()) events.push_back(event(at, std::move(waiting)));
  baud_ = baud;
  events.push_back(event(at, {}));
}

std::vector<JournalEvent> LivePort::take(Ps at) {
  std::vector<JournalEvent> events;
  if (joiner_.deadline() <= at) events.push_back(event(at, joiner_.give_up()));
  std::uint32_t baud = port_.channel->baud().value_or(port_.baud);
  if (baud == 0) {  // hung up: what was written goes nowhere, and the rate is what it was
    piece_.clear();
    return events;
  }
  baud = std::clamp(baud, slowest_baud, fastest_baud);
  if (baud == baud_) {
    change_due_ = models::pins::ps_never;
  } else if (change_due_ == models::pins::ps_never) {
    change_due_ = at + patience_;
  }
  if (!piece_.empty()) {
    const bool before = port_.kind.precedes_change(piece_.front());
    if (!before) follow(at, baud, events);
    for (Bytes& frame : joiner_.arrived(at, std::exchange(piece_, {}))) {
      events.push_back(event(at, std::move(frame)));
    }
    if (joiner_.deadline() == models::pins::ps_never) follow(at, baud, events);
  }
  if (change_due_ <= at) follow(at, baud, events);
  return events;
}

void LivePort::write_due(Ps due) {
  while (!outgoing_.empty() && outgoing_.front().end <= due) {
    if (!port_.channel->write(outgoing_.front().byte)) ++lost_bytes_;
    outgoing_.pop_front();
  }
}

}  // namespace tools::live
