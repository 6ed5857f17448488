// What all masters do alike: one exchange at a time on a serial end, from the request's first bit
// to the instant at which the master knows what came of it.
//
//   idle ──start()──▶ sending ──last stop bit──▶ waiting ──answer over, or time-out──▶ judge() ─▶
//   idle
//
// A master says what comes next and when it may, how long it waits, when an answer is over, and
// what to make of it. A character that has begun by then is heard first.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/masters/exchange.h"

namespace models::masters {

struct ExchangeLoopState {
  enum class Phase { idle, sending, waiting } phase = Phase::idle;
  Exchange exchange;  ///< under way
  bool awaits_answer = true;
  Ps wait = 0;
  Ps last_end = 0;  ///< of any character heard or sent
  bool heard_or_sent = false;
  Ps now = 0;
  std::uint64_t strays = 0;  ///< characters heard while none was awaited
};

class ExchangeLoop : public SerialListener {
 public:
  /// Says whether two ends drove at once in [from, to).
  using Contested = std::function<bool(Ps from, Ps to)>;
  /// Hears of every character, sent or heard.
  using Characters = std::function<void(const HeardCharacter&, bool sent)>;

  pins::LineListener& receiver() { return serial_; }
  const SerialFormat& format() const { return serial_.format(); }
  void on_characters(Characters characters) { characters_ = std::move(characters); }
  void ask_contested(Contested contested) { contested_ = std::move(contested); }
  /// Called whenever next_event() has changed other than by advance().
  void on_change(std::function<void()> changed);

  Ps next_event() const;
  /// Does what is due by `t`, kernel time, at least next_event().
  void advance(Ps t);

  void heard(const HeardCharacter& character) override;
  void sent(const HeardCharacter& character) override;

  const SerialEndState& serial_state() const { return serial_.state(); }

 protected:
  using Phase = ExchangeLoopState::Phase;

  /// What is sent, and how long an answer's first start edge, or the time in which none is awaited,
  /// may take from the last stop bit's end.
  struct Sending {
    std::vector<OutgoingCharacter> characters;
    bool awaits_answer = true;
    Ps wait = 0;
    std::optional<SerialFormat> format;  ///< from this request on
    std::uint64_t tag = 0;
  };

  /// `port` must outlive this.
  ExchangeLoop(const SerialFormat& format, pins::LinePort& port);

  /// When the next request's driver may go on, pins::ps_never without one.
  virtual Ps request_due() const = 0;
  /// Starts what is due at `t`.
  virtual void start_next(Ps t) = 0;
  /// When the answer heard so far, at least one character, is over.
  virtual Ps answer_over() const = 0;
  /// The exchange under way is over at `t` and no longer the loop's: says what came of it.
  virtual void judge(Exchange exchange) = 0;
  /// A character of the answer was heard.
  virtual void answer_grows() {}

  void start(Ps t, Sending sending);
  /// When the driver may go on if `needed` must lie between the last stop bit's end and a request.
  Ps free_after(Ps needed) const;
  bool contested(Ps from, Ps to) const { return contested_ && contested_(from, to); }
  void changed() const {
    if (changed_) changed_();
  }
  void restore(const ExchangeLoopState& state, const SerialEndState& serial);

  SerialEnd serial_;
  ExchangeLoopState loop_;

 private:
  Ps due() const;
  bool act(Ps t);

  std::function<void()> changed_;
  Characters characters_;
  Contested contested_;
};

}  // namespace models::masters
