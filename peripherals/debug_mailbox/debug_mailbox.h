// Debug mailbox: one request at a time from outside the meter, answered by the firmware. No real
// meter has it; it stands in for the ports until they exist, and reads what no port shows.
//
//   offset     name        access  reset  bits
//   0x00       STATUS      R       0      bit 0: a request waits (interrupt)
//   0x04       OPERATION   R       0      hal::MailboxOperation
//   0x08       ROW         R       0      register address, first generation's map
//   0x0C       SHOWN       R       0      bits 31…0 of the core counter at the edge from which on
//   the
//                                         newest request shows; kept until the next one
//   0x10 + 4i  REQUEST_i   R       0      i = 0…7: value to write, big-endian bytes, four a word
//   0x40 + 4i  RESPONSE_i  R/W     0      i = 0…7: the answer's words
//   0x60       REPLY       W       –      hal::MailboxReply, 1…5: hands RESPONSE over and clears
//                                         STATUS; nothing while no request waits
//   0x64       NOTE        W       0      bits 11…0: what the firmware says of its panel
//                                         (hal::mailbox), for whoever asks; others reserved
//
// A request posted at an instant for which edge n is the first at or after it shows from edge n + 2
// on (two-stage synchroniser). A reply that commits at edge c reaches the client at edge c + 1. A
// reset clears all registers but those of a request that waits: it goes on waiting. Behind the APB
// bridge.
#pragma once

#include <array>
#include <type_traits>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/irq_line.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

class MailboxClient {
 public:
  MailboxClient() = default;
  MailboxClient(const MailboxClient&) = delete;
  MailboxClient& operator=(const MailboxClient&) = delete;
  virtual ~MailboxClient() = default;

  using Words = std::array<std::uint32_t, metrology::hal::mailbox::words>;
  /// The answer, which was committed at `at`; called one core clock later. A next request may be
  /// posted from within.
  virtual void replied(models::pins::Ps at, metrology::hal::MailboxReply reply,
                       const Words& response) = 0;
};

class DebugMailbox : public RegisterTarget {
 public:
  using Words = MailboxClient::Words;

  struct Request {
    std::uint32_t operation;
    std::uint32_t row;
    Words words;
  };
  struct State {
    Request posted;    ///< outside the synchroniser
    Request shown;     ///< what the registers show
    Cycle shown_at;    ///< since then
    Cycle shows_at;    ///< of a posted request that does not show yet, else cycle_never
    Cycle replied_at;  ///< commit edge of a reply not yet delivered, else cycle_never
    std::uint32_t waiting;
    std::uint32_t reply;
    Words response;
    std::uint32_t note;
  };
  static_assert(std::is_trivially_copyable_v<State>);

  DebugMailbox(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
               IrqLine& irq);

  void set_client(MailboxClient& client) { client_ = &client; }
  /// Posts a request at kernel time `t`; the last one must have been answered.
  void post(models::pins::Ps t, metrology::hal::MailboxOperation operation, std::uint32_t row,
            const Words& request);
  /// Neither a request nor an answer is on its way.
  bool idle() const;
  /// NOTE, as last written.
  std::uint32_t note() const { return state_.note; }

  void reset(Cycle at) override;
  const State& state() const { return state_; }
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  void show_request();
  void deliver_reply();
  void schedule_delivery();

  const CoreClock& clock_;
  IrqLine& irq_;
  MailboxClient* client_ = nullptr;
  DueTime request_due_;
  DueTime reply_due_;
  State state_{};
};

}  // namespace peripherals
