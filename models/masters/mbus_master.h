// An M-Bus master that works through a list, one request after the other.
//
// An answer's first start edge is awaited for 330 bit times + 50 ms. It is over where its own
// length ends it, or after a silence of more than 22 bit times. Nothing, or something damaged: the
// request goes out again, at most twice, with the same FCB, after 33 bit times of idle line. The
// FCB is kept by address: it is 1 at first, after an SND_NKE and after a selection, and toggles
// when a request that carries it has been answered. While several slaves draw current at once the
// master may send a break, a space of 36 bit times that begins 2 … 13 bit times after they did.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <variant>

#include "models/masters/mbus_request.h"
#include "models/masters/mbus_search.h"

namespace models::masters {

/// Time-out for an answer, from the request's end to the answer's first start edge.
inline Ps mbus_timeout(const SerialFormat& format) {
  return format.time_of(330) + 50 * pins::ps_per_ms;
}
/// More silence than this ends an answer.
inline constexpr std::uint64_t mbus_silence_bits = 22;
/// Idle line before a request [twin], and after something went wrong.
inline constexpr std::uint64_t mbus_pause_bits = 11;
inline constexpr std::uint64_t mbus_recovery_bits = 33;
/// A collision is broken off by a space of 22 … 50 bit times.
inline constexpr std::uint64_t mbus_break_bits = 36;
/// … that begins so long after the first character of it was heard.
inline constexpr std::uint64_t mbus_break_delay_bits = 2;
/// A chain is followed so far: more telegrams than a meter has records.
inline constexpr int mbus_most_telegrams = 256;

struct MbusMasterState {
  ExchangeLoopState loop;
  std::deque<std::variant<MbusRequest, MbusSearch>> queue;
  std::optional<MbusSearch> search;    ///< under way
  std::optional<MbusRequest> current;  ///< under way, or to be sent again
  bool fcb_used = false;               ///< by it
  int tries = 0;                       ///< of it
  int telegram = 0;
  std::array<bool, 256> fcb{};  ///< by address: what comes next
  bool recovering = false;      ///< the last exchange failed
  Ps looked_to = 0;             ///< for collisions, of the present answer
  bool broken_off = false;      ///< it was
};

class MbusMaster final : public ExchangeLoop {
 public:
  using Done = std::function<void(const MbusExchange&)>;
  using Found = std::function<void(const MbusFindings&)>;

  /// `port` must outlive this and hold a mark when let go; receiver() is to be told of the line.
  MbusMaster(const SerialFormat& format, pins::LinePort& port);

  /// Told of every request's last try and every telegram, those of a search excepted.
  void on_exchange(Done done) { done_ = std::move(done); }
  void on_findings(Found found) { found_ = std::move(found); }
  /// Whether collisions are broken off; off at first.
  void break_collisions(bool on) { breaks_ = on; }

  /// Queues a request; those queued keep their order. `now`: kernel time. Throws
  /// std::invalid_argument for one without characters.
  void add(Ps now, MbusRequest request);
  void add(Ps now, MbusSearchOrder order);
  /// Forgets what is queued; what is under way is finished.
  void clear() { state_.queue.clear(); }

  MbusMasterState state() const;
  void restore(const MbusMasterState& state, const SerialEndState& serial);

 private:
  Ps request_due() const override;
  void start_next(Ps t) override;
  Ps answer_over() const override;
  void answer_grows() override;
  void judge(Exchange exchange) override;

  const SerialFormat* next_format() const;
  void take_next();
  MbusOutcome outcome_of(MbusExchange& exchange) const;
  void book(const MbusExchange& exchange);
  void go_on(const MbusExchange& exchange);

  MbusMasterState state_;  ///< but for its loop
  bool breaks_ = false;
  Done done_;
  Found found_;
};

}  // namespace models::masters
