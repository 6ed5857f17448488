// A Modbus RTU master that works through a list: it sends a request, listens for the answer, judges
// it, and goes on with the next.
//
// Between two frames lie 3.5 characters of silence at least (1.75 ms above 19 200 Bd), by its own
// clock; after them an answer is over. After a request that nobody answers it waits a turnaround
// delay. Polls are requests that come again and again, in turn, whenever nothing else is due.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "models/masters/exchange_loop.h"

namespace models::masters {

/// Time-out for an answer, from the request's end to the answer's first start edge.
inline constexpr Ps default_answer_timeout = pins::ps_per_s;
/// Wait after a request that nobody answers (Modbus over serial line: 100 … 200 ms).
inline constexpr Ps default_turnaround = 100 * pins::ps_per_ms;

struct ModbusRequest {
  std::vector<OutgoingCharacter> characters;  ///< as sent, CRC and all
  bool awaits_answer = true;
  Ps not_before = 0;                   ///< the driver goes on then at the earliest
  Ps wait = default_answer_timeout;    ///< for the answer, or the turnaround
  std::optional<SerialFormat> format;  ///< from this request on
  std::uint64_t tag = 0;               ///< whoever asked may know it again
};

enum class ModbusOutcome {
  answer,     ///< CRC holds
  exception,  ///< … and bit 7 of the function is set; or the two bytes of old firmware
  no_answer,  ///< none came in time
  bad_frame,  ///< what came has a bad CRC, or characters with errors
  collision,  ///< … and two ends drove at once
  broadcast,  ///< none was awaited, none came
};

struct ModbusExchange : Exchange {
  ModbusOutcome outcome = ModbusOutcome::no_answer;
  int exception = 0;  ///< its code
};

/// A request of bytes without silences or errors; the CRC is appended.
ModbusRequest request_of(std::vector<std::uint8_t> bytes);
/// Function 03 or 04, 06, 16.
ModbusRequest read_request(std::uint8_t id, std::uint8_t function, std::uint16_t address,
                           std::uint16_t count);
ModbusRequest write_single_request(std::uint8_t id, std::uint16_t address, std::uint16_t value);
ModbusRequest write_request(std::uint8_t id, std::uint16_t address,
                            const std::vector<std::uint8_t>& data);

/// Requests sent in turn, `count` times in all or before `until`, whatever comes first.
struct ModbusPoll {
  std::vector<ModbusRequest> requests;
  std::uint64_t count = UINT64_MAX;
  Ps until = pins::ps_never;
};

struct ModbusMasterState {
  ExchangeLoopState loop;
  std::deque<ModbusRequest> queue;
  std::vector<ModbusPoll> polls;
  std::vector<std::size_t> poll_next;  ///< by poll: its request that comes next
  std::size_t next_poll = 0;
};

class ModbusMaster final : public ExchangeLoop {
 public:
  using Done = std::function<void(const ModbusExchange&)>;

  /// `port` must outlive this; receiver() is to be told of the line.
  ModbusMaster(const SerialFormat& format, pins::LinePort& port);

  void on_exchange(Done done) { done_ = std::move(done); }

  /// Queues a request; those queued keep their order. `now`: kernel time. Throws
  /// std::invalid_argument for one without characters.
  void add(Ps now, ModbusRequest request);
  void add(Ps now, ModbusPoll poll);
  /// Forgets what is queued and all polls; an exchange under way is finished.
  void clear();

  ModbusMasterState state() const;
  void restore(const ModbusMasterState& state, const SerialEndState& serial);

 private:
  /// 3.5 characters.
  static Ps silence_of(const SerialFormat& format);
  Ps silence() const;
  bool poll_waits() const;
  Ps request_due() const override;
  void start_next(Ps t) override;
  Ps answer_over() const override;
  void judge(Exchange exchange) override;
  void start_request(Ps t, const ModbusRequest& request);

  ModbusMasterState state_;  ///< but for its loop
  Done done_;
};

}  // namespace models::masters
