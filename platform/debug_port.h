// The scenario engine's private way into a meter: rows of the register table read and written, and
// the unrounded values behind them, through the debug mailbox. No real meter has it.
//
// Requests are queued here and given to the mailbox one at a time; the firmware answers when its
// tasks come to it, so an answer arrives some hundred microseconds to one block (31.25 ms) later.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "metrology/hal/memory_map.h"
#include "models/pins/time.h"
#include "peripherals/debug_mailbox/debug_mailbox.h"
#include "platform/pace.h"

namespace platform {

using MailboxWords = peripherals::MailboxClient::Words;

struct DebugReply {
  /// The commit edge of the firmware's write to REPLY.
  models::pins::Ps at;
  metrology::hal::MailboxReply status;
  /// read_row: the row's bytes, big endian, four a word. read_raw: see metrology/registers.
  MailboxWords words;
};

struct DebugRequest {
  metrology::hal::MailboxOperation operation;
  std::uint32_t row;
  MailboxWords words;
};

class DebugPort : private peripherals::MailboxClient {
 public:
  using Callback = std::function<void(const DebugReply&)>;

  DebugPort(peripherals::DebugMailbox& mailbox, const Pace& pace);

  /// Each posts a request at the present kernel time and returns at once; to be called by processes
  /// of the kernel (the scenario engine's) or between two sc_start calls, in which case the request
  /// is posted as simulation goes on. The instant must be announced by WorldSchedule or be this
  /// port's own callback's, else std::logic_error. `row` is an address of the first generation's
  /// register map. The callback runs once, one core clock after the commit edge of the answer; it
  /// may post again.
  void read_row(std::uint32_t row, Callback callback);
  void read_raw(std::uint32_t row, Callback callback);
  /// `words`: the row's new bytes, big endian, four a word.
  void write_row(std::uint32_t row, const MailboxWords& words, Callback callback);

  /// Is told of every answered request: the meter logs rows that were written.
  using Observer =
      std::function<void(const DebugRequest&, models::pins::Ps at, metrology::hal::MailboxReply)>;
  void observe(Observer observer) { observer_ = std::move(observer); }

  /// What the firmware says of its panel, hal::mailbox::note; 0: nothing yet.
  std::uint32_t note() const { return mailbox_.note(); }

  /// Requests posted and not yet answered.
  std::size_t waiting() const { return queue_.size(); }

 private:
  struct Request {
    metrology::hal::MailboxOperation operation;
    std::uint32_t row;
    MailboxWords words;
    Callback callback;
  };

  void enqueue(Request request);
  void post_first();
  void replied(models::pins::Ps at, metrology::hal::MailboxReply reply,
               const MailboxWords& response) override;

  peripherals::DebugMailbox& mailbox_;
  const Pace& pace_;
  Observer observer_;
  std::deque<Request> queue_;
  bool answering_ = false;
};

}  // namespace platform
