// The remote serial protocol's conversation with one client: packets in, answers out, over an
// abstract target. Knows neither sockets nor time. What is not in the table in session.cpp is
// answered by an empty packet, which says so.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "tools/gdb/packet.h"
#include "tools/gdb/target.h"

namespace tools::gdb {

/// What the client wants the target to do next.
struct Request {
  enum class Kind : std::uint8_t {
    none,    ///< stay halted
    step,    ///< one instruction, and on while the pc is in [range_begin, range_end)
    go_on,   ///< run until something stops it
    detach,  ///< run on without the client
    kill     ///< end
  };
  Kind kind = Kind::none;
  std::uint32_t range_begin = 0;
  std::uint32_t range_end = 0;
};

/// Why the target has halted.
struct Stop {
  enum class Reason : std::uint8_t {
    trap,       ///< a step is over, or it has not begun yet
    interrupt,  ///< the client wished it
    point       ///< `point` was met; a watchpoint by an access to `address`
  };
  Reason reason = Reason::trap;
  PointKind point = PointKind::software_breakpoint;
  std::uint32_t address = 0;
};

class Session {
 public:
  explicit Session(Target& target) : target_(target) {}

  /// What came from the client.
  void feed(std::string_view bytes) { decoder_.feed(bytes); }
  /// The target is halted: answers what has come, up to the first wish that it does something. What
  /// is to be sent is added to `out`.
  Request serve(std::string& out);
  /// The target runs: whether the client wants it to halt, by 0x03 or any packet; that is answered
  /// once it has halted.
  bool wants_halt(std::string& out);

  /// The target has halted; told to a client that waits for it, and to whoever asks.
  void halted(const Stop& stop, std::string& out);
  /// A text for the client's console, while the target runs.
  void print(std::string_view text, std::string& out);
  /// The target is at its end: with an exit status, or by a signal.
  void exited(int status, std::string& out);
  void terminated(int signal, std::string& out);

 private:
  using Answer = std::optional<std::string>;
  struct Command {
    std::string_view prefix;
    /// The answer to what stands behind the prefix; none: there is none yet, or ever.
    Answer (Session::*answer)(std::string_view rest);
  };
  static const Command commands[];

  void carry_out(std::string_view body, std::string& out);
  void send(std::string_view body, std::string& out);
  void finish(const std::string& reply, std::string& out);

  // One a command, by its letters.
  Answer ok(std::string_view);
  Answer last_stop(std::string_view);
  Answer supported(std::string_view features);
  Answer start_no_ack(std::string_view);
  Answer features(std::string_view range);
  Answer thread_list(std::string_view);
  Answer thread_list_end(std::string_view);
  Answer current_thread(std::string_view rest);
  Answer attached(std::string_view);
  Answer monitor(std::string_view digits);
  Answer read_registers(std::string_view);
  Answer write_registers(std::string_view digits);
  Answer read_register(std::string_view number);
  Answer write_register(std::string_view assignment);
  Answer read_memory(std::string_view range);
  Answer write_memory(std::string_view range_and_digits);
  Answer write_memory_binary(std::string_view range_and_bytes);
  Answer set_point(std::string_view point);
  Answer clear_point(std::string_view point);
  Answer continue_actions(std::string_view);
  Answer continue_by(std::string_view actions);
  Answer go_on(std::string_view address);
  Answer go_on_with_signal(std::string_view signal);
  Answer step(std::string_view address);
  Answer step_with_signal(std::string_view signal);
  Answer detach(std::string_view);
  Answer kill(std::string_view);
  Answer kill_answered(std::string_view);

  bool resume(Request::Kind kind, std::string_view address);

  Target& target_;
  Decoder decoder_;
  std::deque<std::string> kept_;  ///< packets that came while the target ran
  Request request_;
  std::string last_sent_;
  std::string stop_ = "S05";
  bool acknowledging_ = true;
  bool acknowledging_next_ = true;  ///< behind the present answer
  bool waits_for_stop_ = false;
  bool knows_breakpoint_reasons_ = false;
};

}  // namespace tools::gdb
