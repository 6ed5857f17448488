#include "tools/gdb/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/gdb/target_description.h"

namespace tools::gdb {
namespace {

constexpr const char* refused = "E01";
constexpr int signal_trap = 5;
constexpr int signal_interrupt = 2;
constexpr std::uint32_t general_registers = register_pc + 1;

/// The two halves of `text` around the first `mark`; the second is empty without one.
std::pair<std::string_view, std::string_view> split(std::string_view text, char mark) {
  const std::size_t at = text.find(mark);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

struct Range {
  std::uint32_t address;
  std::uint32_t length;
};

/// "ADDRESS,LENGTH" in hex digits.
std::optional<Range> range_of(std::string_view text) {
  const auto [first, second] = split(text, ',');
  const auto address = hex_number(first);
  const auto length = hex_number(second);
  if (!address || !length) return std::nullopt;
  return Range{*address, *length};
}

/// "KIND,ADDRESS,LENGTH".
std::optional<Point> point_of(std::string_view text) {
  const auto [first, second] = split(text, ',');
  const auto kind = hex_number(first);
  const auto range = range_of(second);
  if (!kind || *kind >= point_kinds || !range) return std::nullopt;
  return Point{static_cast<PointKind>(*kind), range->address, range->length};
}

/// What a stop reply says of the point that was met, in the order of PointKind.
constexpr const char* point_names[point_kinds] = {"swbreak", "hwbreak", "watch", "rwatch",
                                                  "awatch"};

std::string stop_reply(const Stop& stop, bool breakpoint_reasons) {
  std::string reason;
  if (stop.reason == Stop::Reason::point) {
    const char* name = point_names[static_cast<std::size_t>(stop.point)];
    if (stop.point >= PointKind::write_watchpoint) {
      reason = fmt::format("{}:{:x};", name, stop.address);
    } else if (breakpoint_reasons) {
      reason = fmt::format("{}:;", name);
    }
  }
  const int signal = stop.reason == Stop::Reason::interrupt ? signal_interrupt : signal_trap;
  return fmt::format("T{:02x}{}thread:1;", signal, reason);
}

}  // namespace

// The longest prefix first where one begins another.
const Session::Command Session::commands[] = {
    {"?", &Session::last_stop},
    {"qSupported", &Session::supported},
    {"QStartNoAckMode", &Session::start_no_ack},
    {"qXfer:features:read:target.xml:", &Session::features},
    {"qfThreadInfo", &Session::thread_list},
    {"qsThreadInfo", &Session::thread_list_end},
    {"qC", &Session::current_thread},
    {"qAttached", &Session::attached},
    {"qRcmd,", &Session::monitor},
    {"H", &Session::ok},
    {"T", &Session::ok},
    {"g", &Session::read_registers},
    {"G", &Session::write_registers},
    {"p", &Session::read_register},
    {"P", &Session::write_register},
    {"m", &Session::read_memory},
    {"M", &Session::write_memory},
    {"X", &Session::write_memory_binary},
    {"Z", &Session::set_point},
    {"z", &Session::clear_point},
    {"vCont?", &Session::continue_actions},
    {"vCont;", &Session::continue_by},
    {"c", &Session::go_on},
    {"C", &Session::go_on_with_signal},
    {"s", &Session::step},
    {"S", &Session::step_with_signal},
    {"D", &Session::detach},
    {"vKill", &Session::kill_answered},
    {"k", &Session::kill},
};

Request Session::serve(std::string& out) {
  request_ = {};
  while (request_.kind == Request::Kind::none) {
    if (!kept_.empty()) {
      carry_out(std::exchange(kept_.front(), {}), out);
      kept_.pop_front();
      continue;
    }
    const std::optional<Received> received = decoder_.next();
    if (!received) break;
    switch (received->kind) {
      case Received::Kind::packet:
        if (acknowledging_) out += '+';
        carry_out(received->body, out);
        break;
      case Received::Kind::damaged:
        if (acknowledging_) out += '-';
        break;
      case Received::Kind::again:
        if (acknowledging_) out += last_sent_;
        break;
      case Received::Kind::acknowledge:
      case Received::Kind::interrupt:  // it has halted meanwhile
        break;
    }
  }
  return request_;
}

bool Session::wants_halt(std::string& out) {
  while (std::optional<Received> received = decoder_.next()) {
    switch (received->kind) {
      case Received::Kind::packet:
        if (acknowledging_) out += '+';
        kept_.push_back(std::move(received->body));
        return true;
      case Received::Kind::interrupt:
        return true;
      case Received::Kind::damaged:
        if (acknowledging_) out += '-';
        break;
      case Received::Kind::again:
        if (acknowledging_) out += last_sent_;
        break;
      case Received::Kind::acknowledge:
        break;
    }
  }
  return false;
}

void Session::halted(const Stop& stop, std::string& out) {
  stop_ = stop_reply(stop, knows_breakpoint_reasons_);
  finish(stop_, out);
}

void Session::print(std::string_view text, std::string& out) {
  if (waits_for_stop_) send("O" + to_hex(text), out);
}

void Session::exited(int status, std::string& out) {
  finish(fmt::format("W{:02x}", status & 0xFF), out);
}

void Session::terminated(int signal, std::string& out) {
  finish(fmt::format("X{:02x}", signal & 0xFF), out);
}

void Session::finish(const std::string& reply, std::string& out) {
  if (std::exchange(waits_for_stop_, false)) send(reply, out);
}

void Session::carry_out(std::string_view body, std::string& out) {
  acknowledging_next_ = acknowledging_;
  const auto* found =
      std::find_if(std::begin(commands), std::end(commands), [body](const Command& command) {
        return body.substr(0, command.prefix.size()) == command.prefix;
      });
  if (found == std::end(commands)) {
    send("", out);
  } else if (const Answer answer = (this->*found->answer)(body.substr(found->prefix.size()))) {
    send(*answer, out);
  }
  acknowledging_ = acknowledging_next_;
}

void Session::send(std::string_view body, std::string& out) {
  last_sent_ = frame(body);
  out += last_sent_;
}

Session::Answer Session::ok(std::string_view) { return "OK"; }

Session::Answer Session::last_stop(std::string_view) { return stop_; }

Session::Answer Session::supported(std::string_view features) {
  knows_breakpoint_reasons_ = features.find("swbreak+") != std::string_view::npos &&
                              features.find("hwbreak+") != std::string_view::npos;
  return fmt::format(
      "PacketSize={:x};QStartNoAckMode+;qXfer:features:read+;vContSupported+;swbreak+;hwbreak+",
      largest_packet);
}

Session::Answer Session::start_no_ack(std::string_view) {
  acknowledging_next_ = false;
  return "OK";
}

Session::Answer Session::features(std::string_view range) {
  const auto wanted = range_of(range);
  if (!wanted) return refused;
  const std::string text = target_description();
  if (wanted->address >= text.size()) return "l";
  // Half, because escapes may double it.
  const std::size_t length = std::min<std::size_t>(wanted->length, largest_packet / 2 - 1);
  const std::string part = text.substr(wanted->address, length);
  return (wanted->address + part.size() == text.size() ? "l" : "m") + part;
}

Session::Answer Session::thread_list(std::string_view) { return "m1"; }
Session::Answer Session::thread_list_end(std::string_view) { return "l"; }
Session::Answer Session::current_thread(std::string_view rest) {
  return rest.empty() ? "QC1" : "";  // qCRC is another command, and not known
}

/// It was there before: gdb's `quit` lets it run on and does not kill it.
Session::Answer Session::attached(std::string_view) { return "1"; }

Session::Answer Session::monitor(std::string_view digits) {
  const auto command = from_hex(digits);
  if (!command) return refused;
  const std::string text = target_.monitor(*command);
  return text.empty() ? "OK" : to_hex(text);
}

Session::Answer Session::read_registers(std::string_view) {
  std::string digits;
  for (std::uint32_t number = 0; number < general_registers; ++number) {
    digits += to_hex(target_.read_register(number).value_or(0));
  }
  return digits;
}

Session::Answer Session::write_registers(std::string_view digits) {
  constexpr std::size_t width = 8;
  if (digits.size() != width * general_registers) return refused;
  for (std::uint32_t number = 0; number < general_registers; ++number) {
    const auto value = register_value(digits.substr(width * number, width));
    if (!value) return refused;
    target_.write_register(number, *value);
  }
  return "OK";
}

Session::Answer Session::read_register(std::string_view number) {
  const auto wanted = hex_number(number);
  const auto value = wanted ? target_.read_register(*wanted) : std::nullopt;
  return value ? to_hex(*value) : refused;
}

Session::Answer Session::write_register(std::string_view assignment) {
  const auto [number, digits] = split(assignment, '=');
  const auto wanted = hex_number(number);
  const auto value = register_value(digits);
  return wanted && value && target_.write_register(*wanted, *value) ? "OK" : refused;
}

Session::Answer Session::read_memory(std::string_view range) {
  const auto wanted = range_of(range);
  if (!wanted) return refused;
  const auto length = std::min<std::uint32_t>(wanted->length, largest_packet / 2);
  const std::string bytes = target_.read_memory(wanted->address, length);
  if (bytes.empty() && length > 0) return refused;
  return to_hex(bytes);
}

Session::Answer Session::write_memory(std::string_view range_and_digits) {
  const auto [range, digits] = split(range_and_digits, ':');
  const auto wanted = range_of(range);
  const auto bytes = from_hex(digits);
  if (!wanted || !bytes || bytes->size() != wanted->length) return refused;
  return target_.write_memory(wanted->address, *bytes) ? "OK" : refused;
}

Session::Answer Session::write_memory_binary(std::string_view range_and_bytes) {
  const auto [range, bytes] = split(range_and_bytes, ':');
  const auto wanted = range_of(range);
  if (!wanted || bytes.size() != wanted->length) return refused;
  return target_.write_memory(wanted->address, bytes) ? "OK" : refused;
}

Session::Answer Session::set_point(std::string_view point) {
  const auto wanted = point_of(split(point, ';').first);
  if (!wanted) return refused;
  target_.set(*wanted);
  return "OK";
}

Session::Answer Session::clear_point(std::string_view point) {
  const auto wanted = point_of(split(point, ';').first);
  if (!wanted) return refused;
  target_.clear(*wanted);
  return "OK";
}

Session::Answer Session::continue_actions(std::string_view) { return "vCont;c;C;s;S;r"; }

/// There is one thread: the first action is its own, or all threads'.
Session::Answer Session::continue_by(std::string_view actions) {
  const std::string_view action = split(split(actions, ';').first, ':').first;
  const char what = action.empty() ? '\0' : action.front();
  if (what == 'c' || what == 'C') {
    resume(Request::Kind::go_on, {});
    return std::nullopt;
  }
  if (what == 's' || what == 'S') {
    resume(Request::Kind::step, {});
    return std::nullopt;
  }
  const auto range = what == 'r' ? range_of(action.substr(1)) : std::nullopt;
  if (!range) return refused;
  resume(Request::Kind::step, {});
  request_.range_begin = range->address;
  request_.range_end = range->length;
  return std::nullopt;
}

bool Session::resume(Request::Kind kind, std::string_view address) {
  if (!address.empty()) {
    const auto pc = hex_number(address);
    if (!pc || !target_.write_register(register_pc, *pc)) return false;
  }
  request_.kind = kind;
  waits_for_stop_ = true;
  return true;
}

Session::Answer Session::go_on(std::string_view address) {
  return resume(Request::Kind::go_on, address) ? Answer() : refused;
}

Session::Answer Session::step(std::string_view address) {
  return resume(Request::Kind::step, address) ? Answer() : refused;
}

/// The hart knows no signals: "SIGNAL;ADDRESS" is the address alone.
Session::Answer Session::go_on_with_signal(std::string_view signal) {
  return go_on(split(signal, ';').second);
}

Session::Answer Session::step_with_signal(std::string_view signal) {
  return step(split(signal, ';').second);
}

Session::Answer Session::detach(std::string_view) {
  request_.kind = Request::Kind::detach;
  return "OK";
}

Session::Answer Session::kill(std::string_view) {
  request_.kind = Request::Kind::kill;
  return std::nullopt;
}

Session::Answer Session::kill_answered(std::string_view) {
  request_.kind = Request::Kind::kill;
  return "OK";
}

}  // namespace tools::gdb
