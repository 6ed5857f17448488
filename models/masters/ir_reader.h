// A reader of the infra-red port: the hand-held unit of IEC 62056-21 mode C, which works through a
// list of sessions.
//
//   sign-on 300 Bd ─▶ identification ─▶ acknowledgement ─▶ at the chosen rate: readout
//                                                       └▶ P0 ─▶ P1 ─▶ commands … ─▶ B0
//
// Seven bits, even parity, one stop bit. It answers a message `reaction` after its end, and expects
// the meter's answer to begin within `timeout` and no two characters to lie 1500 ms apart. What is
// not answered, or answered with NAK, is sent again, three times in all; a block that comes broken
// is answered with NAK. An acknowledgement is sent once, for the rate changes behind it, and so is
// a password. A session ends where the meter no longer plays its part, with B0 if it was in
// programming mode and still answers.
#pragma once

#include <deque>
#include <functional>

#include "models/masters/ir_session.h"

namespace models::masters {

/// Between two characters of a message (ta).
inline constexpr Ps ir_character_timeout = 1500 * pins::ps_per_ms;
inline constexpr int ir_tries = 3;

struct IrTimes {
  /// From a message's end to the answer's first start edge; the standard has 1500 … 2200 ms.
  Ps timeout = 2200 * pins::ps_per_ms;
  /// From the meter's message to the reader's; 200 … 1500 ms in the standard.
  Ps reaction = 200 * pins::ps_per_ms;
  /// What a meter takes beyond `timeout` to see that no acknowledgement comes.
  Ps unacknowledged = 2000 * pins::ps_per_ms;
};

struct IrReaderState {
  enum class Phase { idle, pausing, sending, waiting } phase = Phase::idle;
  std::deque<IrSession> queue;  ///< the first is under way unless idle
  IrResult result;              ///< … and what came of it so far
  IrExchange exchange;
  Ps act_at = 0;                    ///< while pausing: the driver goes on
  std::optional<IrStep> next_step;  ///< … none: the same once more
  bool sends_nak = false;           ///< … as a NAK
  std::uint32_t switch_to = 0;      ///< rate after what is sent now; 0: stays
  int naks_left = 0;                ///< of good blocks
  std::size_t next_command = 0;     ///< of the session
  bool heard_all = false;           ///< the answer is a whole message
  Ps now = 0;
  std::uint64_t strays = 0;  ///< characters heard while none was awaited
};

class IrReader final : public SerialListener {
 public:
  using Done = std::function<void(const IrResult&)>;
  /// Hears of every character, sent or heard.
  using Characters = std::function<void(const HeardCharacter&, bool sent)>;

  /// 300 Bd, 7E1.
  static SerialFormat start_format() { return {ir_start_baud, Parity::even, 7, 1}; }

  /// `port` must outlive this; receiver() is to be told of the line.
  IrReader(pins::LinePort& port, const IrTimes& times);

  pins::LineListener& receiver() { return serial_; }
  /// As it is now.
  const SerialFormat& format() const { return serial_.format(); }
  void on_session(Done done) { done_ = std::move(done); }
  void on_characters(Characters characters) { characters_ = std::move(characters); }
  /// Called whenever next_event() has changed other than by advance().
  void on_change(std::function<void()> changed);

  /// Queues a session; a break of the line goes before all others and ends the one under way.
  /// `now`: kernel time. Throws std::invalid_argument for a break without a length and a command
  /// without a letter.
  void add(Ps now, IrSession session);

  Ps next_event() const;
  /// Does what is due by `t`, kernel time, at least next_event().
  void advance(Ps t);

  void heard(const HeardCharacter& character) override;
  void sent(const HeardCharacter& character) override;

  const IrReaderState& state() const { return state_; }
  const SerialEndState& serial_state() const { return serial_.state(); }
  void restore(const IrReaderState& state, const SerialEndState& serial);

 private:
  const IrSession& session() const { return state_.queue.front(); }
  bool repeats() const;
  bool awaits_answer() const;
  Ps timeout() const;
  Ps due() const;
  void act(Ps t);

  void start_session(Ps t);
  void begin_step(Ps t, IrStep step);
  void send_message(Ps t);
  void send_nak(Ps t);
  void send_break(Ps t);
  IrBytes message();
  void send(Ps t, std::vector<OutgoingCharacter> characters);
  void pause(Ps until, std::optional<IrStep> next_step, bool nak);

  void judge(Ps t);
  IrOutcome outcome_of(const IrBytes& bytes) const;
  bool wants_another(IrOutcome outcome);
  void close_exchange(Ps t, IrOutcome outcome);
  std::optional<IrStep> step_after(IrOutcome outcome);
  void end_session(Ps t);
  void break_off(Ps now);

  SerialEnd serial_;
  pins::LinePort& port_;
  IrTimes times_;
  IrReaderState state_;
  std::function<void()> changed_;
  Done done_;
  Characters characters_;
};

}  // namespace models::masters
