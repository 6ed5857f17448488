#include <fmt/format.h>

#include <algorithm>

#include "metrology/hal/memory_map.h"
#include "tools/checks/judge_parts.h"

namespace tools {
namespace {

using models::masters::ModbusExchange;
using models::masters::ModbusOutcome;

constexpr std::array<std::string_view, 6> outcome_names = {
    "an answer", "an exception", "no answer", "a bad frame", "a collision", "a broadcast"};

std::string_view name_of(ModbusOutcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}

std::string show_bytes(const std::vector<std::uint8_t>& bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += fmt::format("{}{:02X}", out.empty() ? "" : " ", byte);
  }
  return out;
}

std::string show_exchange(const ModbusExchange& exchange) {
  std::string out(name_of(exchange.outcome));
  if (exchange.outcome == ModbusOutcome::exception) {
    out = fmt::format("exception {}", exchange.exception);
  }
  if (!exchange.answer.empty() && exchange.outcome != ModbusOutcome::exception) {
    out += " " + show_bytes(exchange.answer_bytes());
  }
  return out;
}

/// The data of an answer to a read as the debug port would have given it.
std::optional<Reading> reading_of(const ModbusExchange& exchange,
                                  const metrology::registers::Row& row) {
  const std::vector<std::uint8_t> bytes = exchange.answer_bytes();
  // ID, function, byte count, data, CRC.
  if (bytes.size() != std::size_t{5} + row.bytes || bytes[2] != row.bytes) return std::nullopt;
  Reading out;
  out.at = exchange.answer.front().start;
  out.status = metrology::hal::MailboxReply::ok;
  for (std::size_t i = 0; i < row.bytes; ++i) {
    out.words[i / 4] |= std::uint32_t{bytes[3 + i]} << (24 - 8 * (i % 4));
  }
  return out;
}

/// The outcome that is wanted, if any will not do.
std::optional<ModbusOutcome> wanted_outcome(const ExpectAnswer& e) {
  if (e.outcome) return e.outcome;
  if (e.exception) return ModbusOutcome::exception;
  if (e.value || !e.bytes) return ModbusOutcome::answer;
  return std::nullopt;
}

struct Judged {
  bool pass = false;
  std::string seen;
};

Judged judge_one(const ExpectAnswer& e, const ModbusExchange& exchange) {
  const std::optional<ModbusOutcome> outcome = wanted_outcome(e);
  const bool came = !exchange.answer.empty();
  if ((outcome && exchange.outcome != *outcome) ||
      (e.exception && exchange.exception != *e.exception)) {
    return {false, show_exchange(exchange)};
  }
  if (e.bytes && exchange.answer_bytes() != *e.bytes) {
    return {false, came ? show_bytes(exchange.answer_bytes()) : show_exchange(exchange)};
  }
  std::string seen =
      e.bytes && came ? show_bytes(exchange.answer_bytes()) : show_exchange(exchange);
  if (e.value) {
    ExpectationReadings readings;
    readings.last = reading_of(exchange, *e.value->row);
    if (!readings.last) return {false, seen};
    Verdict verdict;
    judge(*e.value, readings, verdict);
    seen = verdict.seen.value_or(seen);
    if (!verdict.pass) return {false, seen};
  }
  if (!e.no_sooner && !e.no_later) return {true, seen};
  if (!came) return {false, seen};
  const bool early = exchange.answer.front().start < exchange.end;
  const Ps delay = early ? 0 : exchange.answer_time();
  seen += fmt::format("{}after {}", seen.empty() ? "" : ", ", show_time(delay));
  const bool in_time =
      !early && (!e.no_sooner || delay >= *e.no_sooner) && (!e.no_later || delay <= *e.no_later);
  return {in_time, seen};
}

std::string expected_of(const ExpectAnswer& e) {
  std::string out;
  const auto add = [&out](const std::string& what) { out += (out.empty() ? "" : ", ") + what; };
  const std::optional<ModbusOutcome> outcome = wanted_outcome(e);
  if (e.exception) {
    add(fmt::format("exception {}", *e.exception));
  } else if (outcome && !e.value && !(e.bytes && outcome == ModbusOutcome::answer)) {
    add(std::string(name_of(*outcome)));
  }
  if (e.value) {
    Verdict verdict;
    judge(*e.value, ExpectationReadings{}, verdict);
    add(verdict.expected);
  }
  if (e.bytes) add(show_bytes(*e.bytes));
  if (e.no_sooner) add(fmt::format("no sooner than {}", show_time(*e.no_sooner)));
  if (e.no_later) add(fmt::format("no later than {}", show_time(*e.no_later)));
  return out;
}

}  // namespace

std::string show_count(std::uint64_t at_least, std::uint64_t at_most) {
  if (at_least == at_most) return fmt::format("{}", at_least);
  if (at_most == UINT64_MAX) return fmt::format("at least {}", at_least);
  return fmt::format("{} to {}", at_least, at_most);
}

void judge(const ExpectAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  verdict.expected = expected_of(e);
  const TimelineEntry& entry = scenario.timeline[e.entry];
  std::size_t answers = 0;
  for (const ModbusResult& result : evidence.exchanges) {
    if (result.entry != e.entry || (e.meter && result.meter != *e.meter)) continue;
    ++answers;
    const Judged judged = judge_one(e, result.exchange);
    verdict.at = result.exchange.answer.empty() ? result.exchange.judged
                                                : result.exchange.answer.front().start;
    verdict.seen = judged.seen;
    verdict.pass = judged.pass;
    if (!judged.pass) return;
  }
  // A request that was still waiting at the end was not reached.
  const bool poll = entry.modbus->action == ModbusAction::poll;
  if (answers > 0 && (poll || answers >= entry.at.size())) return;
  verdict.seen.reset();
  verdict.pass = false;
  verdict.at = entry.at.back();
}

void judge(const ExpectExchanges& e, const Evidence& evidence, Verdict& verdict) {
  verdict.expected =
      fmt::format("{} times {}", show_count(e.at_least, e.at_most), name_of(e.outcome));
  std::uint64_t all = 0;
  std::uint64_t count = 0;
  for (const ModbusResult& result : evidence.exchanges) {
    if (result.entry != e.entry || (e.meter && result.meter != *e.meter)) continue;
    ++all;
    if (result.exchange.outcome != e.outcome) continue;
    ++count;
    verdict.at = result.exchange.judged;
  }
  if (all == 0) return;
  verdict.seen = fmt::format("{} of {}", count, all);
  verdict.pass = count >= e.at_least && count <= e.at_most;
}

}  // namespace tools
