#include <fmt/format.h>

#include "metrology/hal/memory_map.h"
#include "tools/checks/judge_exchanges.h"
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

JudgedAnswer judge_one(const ExpectAnswer& e, const ModbusExchange& exchange) {
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
  return judge_time(e, exchange, std::move(seen));
}

std::string expected_of(const ExpectAnswer& e) {
  std::string out;
  const std::optional<ModbusOutcome> outcome = wanted_outcome(e);
  if (e.exception) {
    add_part(out, fmt::format("exception {}", *e.exception));
  } else if (outcome && !e.value && !(e.bytes && outcome == ModbusOutcome::answer)) {
    add_part(out, std::string(name_of(*outcome)));
  }
  if (e.value) {
    Verdict verdict;
    judge(*e.value, ExpectationReadings{}, verdict);
    add_part(out, verdict.expected);
  }
  add_common_parts(e, out);
  return out;
}

}  // namespace

void judge(const ExpectAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  verdict.expected = expected_of(e);
  std::size_t answers = 0;
  for (const ModbusResult& result : evidence.exchanges) {
    if (result.entry != e.entry || (e.meter && result.meter != *e.meter)) continue;
    ++answers;
    const JudgedAnswer judged = judge_one(e, result.exchange);
    if (!take_answer(judged, result.exchange, verdict)) return;
  }
  demand_all(scenario, e.entry, e.meter, answers, verdict);
}

void judge(const ExpectExchanges& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  judge_count(e, e.outcome, std::string(name_of(e.outcome)), scenario, evidence.exchanges, verdict);
}

}  // namespace tools
