// What the expectations on answers have in common, whatever the protocol.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "models/masters/exchange_loop.h"
#include "tools/checks/evidence.h"
#include "tools/checks/verdict.h"

namespace tools {

std::string show_bytes(const std::vector<std::uint8_t>& bytes);
/// "3", "at least 3", "3 to 5".
std::string show_count(std::uint64_t at_least, std::uint64_t at_most);

/// Appends what was expected, after a comma.
void add_part(std::string& out, const std::string& what);

struct JudgedAnswer {
  bool pass = false;
  std::string seen;
};

/// The answer's time against the limits; what was seen gets the time, if any was asked for.
JudgedAnswer judge_time(const ExpectOfAnswers& e, const models::masters::Exchange& exchange,
                        std::string seen);
/// Makes one answer's judgement the verdict so far; returns whether it holds.
bool take_answer(const JudgedAnswer& judged, const models::masters::Exchange& exchange,
                 Verdict& verdict);
/// After the last of `answers`: a request that was still waiting at the end was not reached.
void demand_all(const Scenario& scenario, std::size_t entry, std::optional<int> meter,
                std::size_t answers, Verdict& verdict);
/// Bytes and times that are expected.
void add_common_parts(const ExpectOfAnswers& e, std::string& out);

/// How many answers a `modbus` or `mbus` entry has when all that it asks was done, or of one meter
/// only; 1 of a poll whose end no number says. A chain of telegrams is one answer.
std::uint64_t answers_due(const Scenario& scenario, std::size_t entry,
                          const std::optional<int>& meter);

/// An answer's begin, or one that another has begun: M-Bus alone has more telegrams.
inline bool begins_answer(const models::masters::ModbusExchange&) { return true; }
inline bool begins_answer(const models::masters::MbusExchange& exchange) {
  return exchange.telegram == 0;
}

/// What was counted of an entry's exchanges.
struct Counted {
  std::uint64_t all = 0;
  std::uint64_t fitting = 0;  ///< of the outcome that is wanted
  bool all_done = false;      ///< nothing was still waiting at the end
};
void judge_counted(const ExpectCountOfExchanges& e, const TimelineEntry& entry,
                   const Counted& counted, Verdict& verdict);

/// Of the exchanges of one entry, whose outcome is called `what`: how many came to it.
template <typename Results, typename Outcome>
void judge_count(const ExpectCountOfExchanges& e, Outcome outcome, const std::string& what,
                 const Scenario& scenario, const Results& results, Verdict& verdict) {
  verdict.expected = fmt::format("{} times {}", show_count(e.at_least, e.at_most), what);
  std::uint64_t all = 0;
  std::uint64_t count = 0;
  std::uint64_t answers = 0;
  for (const auto& result : results) {
    if (result.entry != e.entry || (e.meter && result.meter != *e.meter)) continue;
    ++all;
    if (begins_answer(result.exchange)) ++answers;
    if (result.exchange.outcome != outcome) continue;
    ++count;
    verdict.at = result.exchange.judged;
  }
  const bool all_done = answers >= answers_due(scenario, e.entry, e.meter);
  judge_counted(e, scenario.timeline[e.entry], {all, count, all_done}, verdict);
}

}  // namespace tools
