#include "tools/gdb/debugger.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tools::gdb {
namespace {

using platform::rv32::Hart;

constexpr std::uint32_t look_every = 4096;
/// Between two looks at whether somebody wants the run to end.
constexpr int patience_ms = 100;
constexpr std::uint32_t stack_pointer = 2;

bool operator==(const Stop& a, const Stop& b) {
  return a.reason == b.reason && a.point == b.point && a.address == b.address;
}

}  // namespace

Debugger::Debugger(Link& link, std::function<bool()> stop_wanted)
    : link_(link), stop_wanted_(std::move(stop_wanted)) {}

Debugger::~Debugger() = default;

void Debugger::over(int status) {
  if (session_) session_->exited(status, out_);
  send();
  let_go();
}

void Debugger::interrupted(int signal) {
  if (session_) session_->terminated(signal, out_);
  send();
  let_go();
}

void Debugger::trapped(const Hart& hart, const platform::rv32::Trap& trap) {
  if (!step_ || !target_.skips_handlers() || handler_ ||
      (trap.cause & platform::rv32::interrupt_cause) == 0)
    return;
  handler_ = Handler{trap.mepc, hart.state().x[stack_pointer], hart.state().reset_at};
}

void Debugger::slept(const Hart&, Cycle, Cycle) { until_look_ = 0; }

std::optional<Stop> Debugger::look(const Hart& hart) {
  if (std::exchange(client_expected_, false)) {
    wait_for_client();
    if (session_) return Stop{};
  }
  if (until_look_ > 0) {
    --until_look_;
  } else if (const auto wish = look_for_client()) {
    return wish;
  }
  if (const auto point = point_at(hart)) return point;
  if (step_ && step_is_over(hart)) return Stop{};
  return std::nullopt;
}

/// What a client's coming or its wish to halt comes to.
std::optional<Stop> Debugger::look_for_client() {
  until_look_ = look_every;
  const bool there = link_.connected();
  std::string bytes;
  link_.look(bytes, 0);
  if (session_ && !link_.connected()) let_go();
  if (!there && link_.connected()) {
    session_.emplace(target_);
    return Stop{};
  }
  if (!session_) return std::nullopt;
  session_->feed(bytes);
  const bool wants_halt = session_->wants_halt(out_);
  send();
  if (wants_halt) return Stop{Stop::Reason::interrupt, {}, 0};
  return std::nullopt;
}

std::optional<Stop> Debugger::point_at(const Hart& hart) const {
  const auto met = target_.point_at(hart);
  if (!met) return std::nullopt;
  return Stop{Stop::Reason::point, met->kind, met->address};
}

bool Debugger::step_is_over(const Hart& hart) {
  const Hart::State& state = hart.state();
  if (handler_) {
    const bool is_back =
        state.pc == handler_->return_pc && state.x[stack_pointer] == handler_->stack_pointer;
    if (!is_back && state.reset_at == handler_->reset_at) return false;
    handler_.reset();
  }
  return state.pc < step_->range_begin || state.pc >= step_->range_end;
}

void Debugger::wait_for_client() {
  const auto begin = std::chrono::steady_clock::now();
  std::string bytes;
  while (!link_.connected() && !stop_wanted_()) link_.look(bytes, patience_ms);
  halted_ns_ += std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
  if (!link_.connected()) {
    let_go();
    return;
  }
  session_.emplace(target_);
  session_->feed(bytes);
}

void Debugger::halt(Hart& hart, const Stop& stop) {
  const auto begin = std::chrono::steady_clock::now();
  target_.halted(&hart);
  step_.reset();
  handler_.reset();
  std::optional<Stop> told = stop;
  while (told && session_) {
    session_->halted(*told, out_);
    const Request request = converse();
    resume(request);
    // Whoever continues is halted at once where the hart stands on a point already, unless he has
    // just been told of it.
    const auto here = request.kind == Request::Kind::go_on ? point_at(hart) : std::nullopt;
    told = here && !(*here == *told) ? here : std::nullopt;
  }
  target_.halted(nullptr);
  halted_ns_ += std::chrono::nanoseconds(std::chrono::steady_clock::now() - begin).count();
}

Request Debugger::converse() {
  for (;;) {
    const Request request = session_->serve(out_);
    send();
    if (request.kind != Request::Kind::none) return request;
    std::string bytes;
    link_.look(bytes, patience_ms);
    // Not while bytes are left: a client may detach and go in one breath.
    if ((bytes.empty() && !link_.connected()) || stop_wanted_()) {
      return Request{Request::Kind::detach, 0, 0};
    }
    session_->feed(bytes);
  }
}

void Debugger::resume(const Request& request) {
  switch (request.kind) {
    case Request::Kind::none:
      break;
    case Request::Kind::step:
      step_ = request;
      break;
    case Request::Kind::go_on:
      break;
    case Request::Kind::kill:
      killed_ = true;
      let_go();
      break;
    case Request::Kind::detach:
      let_go();
      break;
  }
  // At once: a wish to halt may stand behind the wish to run.
  until_look_ = 0;
  running_freely_ = !step_ && !target_.points().any();
}

void Debugger::let_go() {
  session_.reset();
  out_.clear();
  link_.close_client();
  target_.points().clear_all();
  step_.reset();
  handler_.reset();
  running_freely_ = true;
}

void Debugger::send() {
  if (!out_.empty()) link_.send(out_);
  out_.clear();
}

}  // namespace tools::gdb
