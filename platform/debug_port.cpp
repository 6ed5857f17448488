#include "platform/debug_port.h"

#include <systemc>
#include <utility>

namespace platform {

namespace hal = metrology::hal;

DebugPort::DebugPort(peripherals::DebugMailbox& mailbox, const Pace& pace)
    : mailbox_(mailbox), pace_(pace) {
  mailbox_.set_client(*this);
}

void DebugPort::read_row(std::uint32_t row, Callback callback) {
  enqueue({hal::MailboxOperation::read_row, row, {}, std::move(callback)});
}

void DebugPort::read_raw(std::uint32_t row, Callback callback) {
  enqueue({hal::MailboxOperation::read_raw, row, {}, std::move(callback)});
}

void DebugPort::write_row(std::uint32_t row, const MailboxWords& words, Callback callback) {
  enqueue({hal::MailboxOperation::write_row, row, words, std::move(callback)});
}

void DebugPort::enqueue(Request request) {
  pace_.require_ahead(sc_core::sc_time_stamp().value());
  queue_.push_back(std::move(request));
  if (queue_.size() == 1 && !answering_) post_first();
}

void DebugPort::post_first() {
  const Request& request = queue_.front();
  mailbox_.post(sc_core::sc_time_stamp().value(), request.operation, request.row, request.words);
}

void DebugPort::replied(models::pins::Ps at, hal::MailboxReply reply,
                        const MailboxWords& response) {
  const Request answered = std::move(queue_.front());
  queue_.pop_front();
  if (observer_)
    observer_(DebugRequest{answered.operation, answered.row, answered.words}, at, reply);
  answering_ = true;
  if (answered.callback) answered.callback(DebugReply{at, reply, response});
  answering_ = false;
  if (!queue_.empty()) post_first();
}

}  // namespace platform
