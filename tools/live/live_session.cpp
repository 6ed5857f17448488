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
/// While the wire has more than this to carry, no more is read: who sends faster finds his port
/// full.
constexpr Ps longest_backlog = 500 * models::pins::ps_per_ms;
/// Between two looks at whether the user wants to stop.
constexpr std::int64_t longest_wait_ns = 50'000'000;
/// Rates beyond those that a line's end can have are as wrong as these.
constexpr std::uint32_t slowest_baud = 110;
constexpr std::uint32_t fastest_baud = 1'000'000;
constexpr std::int64_t panel_every_ns = 250'000'000;

std::int64_t wall_ns() {
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

LiveSession::LiveSession(LiveOptions& options)
    : options_(options),
      joiner_(options.strict_gaps,
              static_cast<Ps>(static_cast<double>(joiner_patience) * options.speed)) {}

LiveSession::~LiveSession() = default;

void LiveSession::begin(SessionWorld world) {
  world_.emplace(world);
  if (options_.modbus != nullptr) {
    modbus_ =
        std::make_unique<LiveEnd>(*world.lines.at("modbus"), world.recorder, options_.strict_gaps,
                                  [this](const models::masters::HeardCharacter& character) {
                                    outgoing_.push_back({character.end, character.byte});
                                  });
  }
  inlet_ = std::make_unique<Inlet>(world, modbus_.get(), [this](const std::string& answer) {
    options_.control->answer(answer);
  });
  if (options_.panel) {
    panel_ = std::make_unique<Panel>(world.scenario);
    world.recorder.tell(*panel_);
  }
  world.script.grant(0);
}

Ps LiveSession::next_deadline(Ps now) const {
  Ps next = std::max(next_of_kernel(now), now + shortest_step);
  if (!outgoing_.empty()) next = std::min(next, outgoing_.front().end);
  return std::min(next, joiner_.deadline());
}

/// Waits until something has come from outside or the next event is due. Returns false when the
/// user wants to stop.
bool LiveSession::wait_for_outside(Ps now, Ps end) {
  if (interrupt_wanted()) return false;
  pollfd watched[2];
  nfds_t count = 0;
  const auto watch = [&](int descriptor) {
    if (descriptor >= 0) watched[count++] = {descriptor, POLLIN, 0};
  };
  if (takes_bytes(now)) watch(options_.modbus->descriptor());
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
    Bytes piece = takes_bytes(now) ? options_.modbus->read() : Bytes();
    const std::int64_t wall = wall_ns();
    // A picosecond after the kernel at least: what happens now already is past.
    const Ps due = std::clamp(pacer_->due(wall), now + 1, end);
    write_due(wall);
    take_bytes(due, std::move(piece));
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

bool LiveSession::takes_bytes(Ps now) const {
  return options_.modbus != nullptr && modbus_->free_from() <= now + longest_backlog;
}

void LiveSession::take_bytes(Ps at, Bytes piece) {
  if (joiner_.deadline() <= at) take_frame(at, joiner_.give_up());
  if (piece.empty()) return;
  for (Bytes& frame : joiner_.arrived(at, std::move(piece))) take_frame(at, std::move(frame));
}

void LiveSession::take_frame(Ps at, Bytes frame) {
  JournalEvent event;
  event.t = at;
  event.port = "modbus";
  event.baud = options_.modbus->baud().value_or(world_->lines.at("modbus")->format().baud);
  if (event.baud == 0) return;  // hung up
  event.baud = std::clamp(event.baud, slowest_baud, fastest_baud);
  event.bytes = std::move(frame);
  if (options_.journal != nullptr) options_.journal->event(event);
  inlet_->put_bytes(event);
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

void LiveSession::write_due(std::int64_t wall) {
  while (!outgoing_.empty() && outgoing_.front().end <= pacer_->due(wall)) {
    if (!options_.modbus->write(outgoing_.front().byte)) ++lost_bytes_;
    outgoing_.pop_front();
  }
}

void LiveSession::draw_panel(Ps now, std::int64_t wall) {
  if (panel_ == nullptr || wall < panel_due_ns_) return;
  panel_due_ns_ = wall + panel_every_ns;
  std::fputs(panel_->draw(now).c_str(), stderr);
}

void LiveSession::over(Ps end) {
  for (const Outgoing& last : outgoing_) {
    if (last.end <= end) options_.modbus->write(last.byte);
  }
  if (options_.journal != nullptr) options_.journal->over(end);
  if (pacer_) std::fprintf(stderr, "vmeter: %s\n", pacer_->summary().c_str());
  if (lost_bytes_ > 0) {
    std::fprintf(stderr, "vmeter: %llu bytes were lost because nobody read them\n",
                 static_cast<unsigned long long>(lost_bytes_));
  }
}

}  // namespace tools::live
