#include "tools/live/live_session.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <systemc>

#include "tools/cli/interrupt.h"

namespace tools::live {
namespace {

using models::pins::ps_never;

/// The kernel runs at most so far at a time, so that a session that is behind still hears ports.
constexpr Ps longest_step = 5 * models::pins::ps_per_ms;
/// [twin] Events closer than this are served together: up to so much later than the wall clock.
constexpr Ps shortest_step = 100 * models::pins::ps_per_us;
/// Between two looks at whether the user wants to stop.
constexpr std::int64_t longest_wait_ns = 50'000'000;
constexpr std::int64_t panel_every_ns = 250'000'000;

std::int64_t steady_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// The kernel's next event, ps_never when it has none.
Ps next_of_kernel(Ps now) {
  if (!sc_core::sc_pending_activity()) return ps_never;
  return now + sc_core::sc_time_to_pending_activity().value();
}

}  // namespace

LiveSession::LiveSession(LiveOptions& options) : options_(options) {}
LiveSession::~LiveSession() = default;

void LiveSession::begin(SessionWorld world) {
  world_.emplace(world);
  inlet_ = std::make_unique<Inlet>(
      world, [this](const std::string& answer) { options_.control->answer(answer); });
  for (OpenPort& open : options_.ports) {
    LivePort& port = *ports_.emplace_back(
        std::make_unique<LivePort>(open, options_.strict_gaps, options_.speed));
    port.connect(inlet_->open(
        port.kind(), options_.strict_gaps,
        [&port](const models::masters::HeardCharacter& character) { port.heard(character); }));
  }
  if (options_.panel) {
    panel_ = std::make_unique<Panel>(world.scenario);
    world.recorder.tell(*panel_);
  }
  world.script.grant(0);
}

Ps LiveSession::next_deadline(Ps now) const {
  Ps next = std::max(next_of_kernel(now), now + shortest_step);
  for (const auto& port : ports_) next = std::min(next, port->next_deadline());
  return next;
}

/// Waits until something has come from outside or the next event is due. Returns false when the
/// user wants to stop.
std::int64_t LiveSession::wall_ns() const {
  return steady_ns() - (options_.halted_ns ? options_.halted_ns() : 0);
}

bool LiveSession::wait_for_outside(Ps now, Ps end) {
  if (interrupt_wanted()) return false;
  pollfd watched[port_kind_count + 1];
  nfds_t count = 0;
  const auto watch = [&](int descriptor) {
    if (descriptor >= 0) watched[count++] = {descriptor, POLLIN, 0};
  };
  for (const auto& port : ports_) watch(port->descriptor(now));
  if (options_.control != nullptr) watch(options_.control->descriptor());
  const Ps deadline = std::min(next_deadline(now), end);
  std::int64_t wait = std::min(pacer_->wait_ns(wall_ns(), deadline), longest_wait_ns);
  if (panel_ != nullptr)
    wait = std::min(wait, std::max<std::int64_t>(panel_due_ns_ - wall_ns(), 0));
  constexpr std::int64_t ns_per_s = 1'000'000'000;
  const timespec patience{static_cast<time_t>(wait / ns_per_s), static_cast<long>(wait % ns_per_s)};
  ppoll(watched, count, &patience, nullptr);
  return !interrupt_wanted();
}

Ps LiveSession::next(Ps now, Ps end) {
  if (!pacer_) pacer_.emplace(wall_ns(), options_.speed);
  while (true) {
    // First, so that they are not put before the instant at which they came.
    for (const auto& port : ports_) port->read(now);
    const std::int64_t wall = wall_ns();
    // A picosecond after the kernel at least: what happens now already is past.
    const Ps due = std::clamp(pacer_->due(wall), now + 1, end);
    for (const auto& port : ports_) port->write_due(pacer_->due(wall));
    take_bytes(due);
    take_orders(due);
    draw_panel(now, wall);
    const Ps event = next_of_kernel(now);
    if (event <= due || due - now >= longest_step || due == end) {
      if (event <= due) pacer_->note(wall, event);
      const Ps to = std::min(due, now + longest_step);
      world_->script.grant(to);
      return to;
    }
    if (!wait_for_outside(now, end)) return now;
  }
}

void LiveSession::take_bytes(Ps at) {
  for (const auto& port : ports_) {
    for (const JournalEvent& event : port->take(at)) {
      if (options_.journal != nullptr) options_.journal->event(event);
      inlet_->put_bytes(event);
    }
  }
}

void LiveSession::take_orders(Ps at) {
  if (options_.control == nullptr) return;
  for (const std::string& line : options_.control->read()) {
    try {
      TimelineEntry entry = read_control(line, world_->scenario, at);
      JournalEvent event;
      event.t = at;
      event.control = line;
      if (options_.journal != nullptr) options_.journal->event(event);
      inlet_->put(std::move(entry));
    } catch (const InputError& error) {
      inlet_->refuse(at, error.what());
    }
  }
}

void LiveSession::draw_panel(Ps now, std::int64_t wall) {
  if (panel_ == nullptr || wall < panel_due_ns_) return;
  panel_due_ns_ = wall + panel_every_ns;
  std::fputs(panel_->draw(now).c_str(), stderr);
}

void LiveSession::over(Ps end) {
  std::uint64_t lost_bytes = 0;
  for (const auto& port : ports_) {
    port->write_due(end);
    lost_bytes += port->lost_bytes();
  }
  if (options_.journal != nullptr) options_.journal->over(end);
  if (pacer_) std::fprintf(stderr, "vmeter: %s\n", pacer_->summary().c_str());
  if (lost_bytes > 0) {
    std::fprintf(stderr, "vmeter: %llu bytes were lost because nobody read them\n",
                 static_cast<unsigned long long>(lost_bytes));
  }
}

}  // namespace tools::live
