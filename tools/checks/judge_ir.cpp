#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/checks/judge_exchanges.h"
#include "tools/checks/judge_parts.h"
#include "tools/scenario/keys.h"

namespace tools {
namespace {

using models::masters::DataSet;
using models::masters::IrExchange;
using models::masters::IrOutcome;
using models::masters::IrResult;
using models::masters::IrStep;

constexpr std::array<std::string_view, 8> outcome_names = {
    "an answer", "an acknowledgement", "NAK",     "an error",
    "no answer", "a bad frame",        "a break", "nothing to be answered"};

std::string_view name_of(IrOutcome outcome) {
  return outcome_names[static_cast<std::size_t>(outcome)];
}

/// Characters as they can be printed, <02> for what cannot.
std::string show_text(const std::vector<std::uint8_t>& bytes) {
  constexpr std::size_t most = 120;
  std::string out;
  for (const std::uint8_t byte : bytes) {
    if (out.size() > most) return out + "…";
    const bool plain = byte >= ' ' && byte <= '~';
    out += plain ? std::string(1, static_cast<char>(byte)) : fmt::format("<{:02X}>", byte);
  }
  return out;
}

std::string show_exchange(const IrExchange& exchange) {
  if (exchange.outcome == IrOutcome::error) return exchange.error;
  std::string out(name_of(exchange.outcome));
  const bool said =
      exchange.outcome == IrOutcome::answer || exchange.outcome == IrOutcome::bad_frame;
  if (said && !exchange.answer.empty()) out += " " + show_text(exchange.answer_bytes());
  return out;
}

bool is_good(IrOutcome outcome) {
  return outcome == IrOutcome::answer || outcome == IrOutcome::ack || outcome == IrOutcome::sent;
}

/// The outcome that is wanted, if only one will do.
std::optional<IrOutcome> wanted_outcome(const ExpectIrAnswer& e, const IrEntry& asked) {
  if (e.outcome) return e.outcome;
  if (e.error) return IrOutcome::error;
  if (e.value || e.identification) return IrOutcome::answer;
  if (asked.action == IrAction::write && (!e.step || e.step == IrStep::command)) {
    return IrOutcome::ack;
  }
  return std::nullopt;
}

/// The messages of a session that an expectation speaks of: of the wanted step or, where the
/// session stopped before it, the last one.
std::vector<const IrExchange*> subjects(const IrResult& result, const IrEntry& asked,
                                        const std::optional<IrStep>& step) {
  std::vector<const IrExchange*> out;
  const IrStep wanted = step.value_or(subject_of(asked.action));
  for (const IrExchange& exchange : result.exchanges) {
    if (exchange.step == wanted) out.push_back(&exchange);
  }
  if (!out.empty() || step) return out;
  for (const IrExchange& exchange : result.exchanges) {
    if (exchange.step != IrStep::sign_off || out.empty()) out = {&exchange};
  }
  return out;
}

std::optional<DataSet> find_set(const IrExchange& exchange, const std::string& code) {
  if (exchange.outcome != IrOutcome::answer) return std::nullopt;
  const auto sets = models::masters::parse_data_sets(exchange.answer_bytes());
  if (!sets) return std::nullopt;
  for (const DataSet& set : *sets) {
    if (set.code == code) return set;
  }
  return std::nullopt;
}

std::string show_set(const DataSet& set) {
  return set.unit.empty() ? set.value : set.value + " " + set.unit;
}

std::string without_zeros(const std::string& digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string::npos ? std::string() : digits.substr(first);
}

bool fits(const IrLimits& limits, const DataSet& set) {
  if (limits.text) {
    const bool digits = limits.text->find_first_not_of("0123456789") == std::string::npos;
    return set.unit.empty() &&
           (set.value == *limits.text ||
            (digits && without_zeros(set.value) == without_zeros(*limits.text)));
  }
  // The unit of a pulse rate has a character that no unit of a data set may have.
  const Dimension bare = limits.dimension == Dimension::pulse_rate && set.unit.empty()
                             ? Dimension::number
                             : limits.dimension;
  const ParsedQuantity parsed = parse_quantity(show_set(set), {bare});
  if (!parsed.quantity) return false;
  const double seen = parsed.quantity->value();
  if (limits.at_least && !(seen >= *limits.at_least)) return false;
  if (limits.at_most && !(seen <= *limits.at_most)) return false;
  if (!limits.equals) return true;
  const double allowed =
      limits.relative ? std::fabs(*limits.equals) * limits.tolerance : limits.tolerance;
  // Both are the doubles nearest to their decimals; so is their difference not.
  const double rounding = limits.tolerance > 0 ? std::fabs(*limits.equals) * 0x1p-50 : 0;
  return std::fabs(seen - *limits.equals) <= allowed + rounding;
}

/// Of one message, whose answer has the wanted value if that is asked for.
JudgedAnswer judge_one(const ExpectIrAnswer& e, const IrEntry& asked, const IrExchange& exchange) {
  const std::optional<IrOutcome> outcome = wanted_outcome(e, asked);
  const bool came = !exchange.answer.empty();
  const bool any = e.bytes && !outcome;
  std::string seen =
      e.bytes && came ? show_bytes(exchange.answer_bytes()) : show_exchange(exchange);
  if (outcome ? exchange.outcome != *outcome : !any && !is_good(exchange.outcome)) {
    return {false, show_exchange(exchange)};
  }
  if (e.error && exchange.error != fmt::format("ER{:02}", *e.error)) return {false, seen};
  if (e.bytes && exchange.answer_bytes() != *e.bytes) return {false, seen};
  if (e.identification) {
    const std::string line = "/" + *e.identification + "\r\n";
    const std::vector<std::uint8_t> wanted(line.begin(), line.end());
    if (exchange.answer_bytes() != wanted) return {false, seen};
  }
  if (e.value) {
    const std::optional<DataSet> set = find_set(exchange, e.item->code);
    if (!set) return {false, seen};
    seen = show_set(*set);
    if (!fits(*e.value, *set)) return {false, seen};
  }
  if (e.tries) {
    seen += fmt::format(", {} tries", exchange.tries);
    if (exchange.tries != *e.tries) return {false, seen};
  }
  return judge_time(e, exchange, std::move(seen));
}

/// Of all messages that are meant; a value stands in one of them.
JudgedAnswer judge_all_of(const ExpectIrAnswer& e, const IrEntry& asked,
                          const std::vector<const IrExchange*>& meant, const IrExchange*& at) {
  JudgedAnswer judged;
  for (const IrExchange* exchange : meant) {
    const bool holder = e.value && find_set(*exchange, e.item->code);
    if (e.value && !holder && exchange != meant.back()) continue;
    at = exchange;
    judged = judge_one(e, asked, *exchange);
    if (!judged.pass || holder) return judged;
  }
  return judged;
}

std::string expected_of(const ExpectIrAnswer& e, const IrEntry& asked) {
  std::string out;
  const std::optional<IrOutcome> outcome = wanted_outcome(e, asked);
  if (e.error) {
    add_part(out, fmt::format("ER{:02}", *e.error));
  } else if (e.value) {
    add_part(out, e.value->shown);
  } else if (e.identification) {
    add_part(out, "/" + *e.identification);
  } else if (outcome) {
    add_part(out, std::string(name_of(*outcome)));
  } else if (!e.bytes) {
    add_part(out, "an answer");
  }
  if (e.tries) add_part(out, fmt::format("{} tries", *e.tries));
  add_common_parts(e, out);
  return out;
}

}  // namespace

void judge(const ExpectIrAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  const TimelineEntry& entry = scenario.timeline[e.entry];
  verdict.expected = expected_of(e, *entry.ir);
  std::size_t sessions = 0;
  for (const IrSessionResult& session : evidence.ir_sessions) {
    if (session.entry != e.entry) continue;
    ++sessions;
    const IrExchange* at = nullptr;
    const auto meant = subjects(session.result, *entry.ir, e.step);
    const JudgedAnswer judged = judge_all_of(e, *entry.ir, meant, at);
    verdict.at = at == nullptr        ? session.result.over
                 : at->answer.empty() ? at->judged
                                      : at->answer.front().start;
    verdict.seen = at == nullptr ? "a session that did not come so far" : judged.seen;
    verdict.pass = judged.pass;
    if (!judged.pass) return;
  }
  // A session that was still going on at the end was not reached.
  if (sessions >= entry.at.size()) return;
  verdict.seen.reset();
  verdict.pass = false;
  verdict.at = entry.at.back();
}

void judge(const ExpectIrExchanges& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  const std::string what(name_of(e.outcome));
  verdict.expected = show_count(e.at_least, e.at_most) + " times " + what;
  std::size_t sessions = 0;
  std::uint64_t all = 0;
  std::uint64_t count = 0;
  for (const IrSessionResult& session : evidence.ir_sessions) {
    if (session.entry != e.entry) continue;
    ++sessions;
    for (const IrExchange* exchange :
         subjects(session.result, *scenario.timeline[e.entry].ir, e.step)) {
      ++all;
      if (exchange->outcome != e.outcome) continue;
      ++count;
      verdict.at = exchange->judged;
    }
  }
  const TimelineEntry& entry = scenario.timeline[e.entry];
  judge_counted(e, entry, {all, count, sessions >= entry.at.size()}, verdict);
}

}  // namespace tools
