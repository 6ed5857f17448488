#include "peripherals/debug_mailbox/debug_mailbox.h"

namespace peripherals {

namespace mailbox = metrology::hal::mailbox;

namespace {
constexpr int synchroniser_stages = 2;
constexpr auto last_reply = static_cast<std::uint32_t>(metrology::hal::MailboxReply::no_raw);
constexpr std::uint32_t bank_bytes = 4 * mailbox::words;
}  // namespace

DebugMailbox::DebugMailbox(const sc_core::sc_module_name& name, Agenda& agenda,
                           const CoreClock& clock, IrqLine& irq)
    : RegisterTarget(name),
      clock_(clock),
      irq_(irq),
      request_due_(agenda, "request_due"),
      reply_due_(agenda, "reply_due") {
  state_.shows_at = cycle_never;
  state_.replied_at = cycle_never;
  sc_core::sc_spawn_options on_request;
  on_request.spawn_method();
  on_request.dont_initialize();
  on_request.set_sensitivity(&request_due_.event());
  sc_core::sc_spawn([this] { show_request(); }, "show_request", &on_request);

  sc_core::sc_spawn_options on_reply;
  on_reply.spawn_method();
  on_reply.dont_initialize();
  on_reply.set_sensitivity(&reply_due_.event());
  sc_core::sc_spawn([this] { deliver_reply(); }, "deliver_reply", &on_reply);
}

void DebugMailbox::post(models::pins::Ps t, metrology::hal::MailboxOperation operation,
                        std::uint32_t row, const Words& request) {
  sc_assert(idle());
  state_.posted = Request{static_cast<std::uint32_t>(operation), row, request};
  state_.shows_at = clock_.at_or_after(t) + synchroniser_stages;
  request_due_.set(state_.shows_at);
}

bool DebugMailbox::idle() const {
  return state_.shows_at == cycle_never && state_.waiting == 0 && state_.replied_at == cycle_never;
}

void DebugMailbox::show_request() {
  if (request_due_.take() == cycle_never) return;
  state_.shown_at = state_.shows_at;
  state_.shows_at = cycle_never;
  state_.shown = state_.posted;
  state_.waiting = 1;
  irq_.set(true);
}

void DebugMailbox::deliver_reply() {
  if (reply_due_.take() == cycle_never) return;
  const models::pins::Ps at = clock_.edge(state_.replied_at);
  state_.replied_at = cycle_never;
  if (client_ != nullptr) {
    client_->replied(at, static_cast<metrology::hal::MailboxReply>(state_.reply), state_.response);
  }
}

void DebugMailbox::schedule_delivery() {
  reply_due_.set(state_.replied_at == cycle_never ? cycle_never : state_.replied_at + 1);
}

bool DebugMailbox::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  if (offset >= mailbox::request_0 && offset < mailbox::request_0 + bank_bytes) {
    value = state_.shown.words[(offset - mailbox::request_0) / 4];
    return true;
  }
  if (offset >= mailbox::response_0 && offset < mailbox::response_0 + bank_bytes) {
    value = state_.response[(offset - mailbox::response_0) / 4];
    return true;
  }
  switch (offset) {
    case mailbox::status:
      value = state_.waiting;
      return true;
    case mailbox::operation:
      value = state_.shown.operation;
      return true;
    case mailbox::row:
      value = state_.shown.row;
      return true;
    case mailbox::shown:
      value = static_cast<std::uint32_t>(state_.shown_at);
      return true;
    default:
      return false;
  }
}

bool DebugMailbox::write(std::uint32_t offset, Cycle at, std::uint32_t value) {
  if (offset >= mailbox::response_0 && offset < mailbox::response_0 + bank_bytes) {
    state_.response[(offset - mailbox::response_0) / 4] = value;
    return true;
  }
  if (offset == mailbox::note) {
    if ((value & ~mailbox::note_mask) != 0) return false;
    state_.note = value;
    return true;
  }
  if (offset != mailbox::reply || value == 0 || value > last_reply) return false;
  if (state_.waiting == 0) return true;
  state_.waiting = 0;
  state_.reply = value;
  state_.replied_at = at;
  irq_.set(false);
  schedule_delivery();
  return true;
}

void DebugMailbox::reset(Cycle) {
  state_.response = Words{};
  state_.note = 0;
  if (state_.waiting != 0) return;
  state_.shown = Request{};
  state_.shown_at = 0;
}

void DebugMailbox::restore(const State& state) {
  state_ = state;
  request_due_.set(state_.shows_at);
  schedule_delivery();
  irq_.set(state_.waiting != 0);
}

}  // namespace peripherals
