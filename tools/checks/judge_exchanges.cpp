#include "tools/checks/judge_exchanges.h"

#include "tools/scenario/asked_meters.h"

namespace tools {

std::string show_bytes(const std::vector<std::uint8_t>& bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) {
    out += fmt::format("{}{:02X}", out.empty() ? "" : " ", byte);
  }
  return out;
}

std::string show_count(std::uint64_t at_least, std::uint64_t at_most) {
  if (at_least == at_most) return fmt::format("{}", at_least);
  if (at_most == UINT64_MAX) return fmt::format("at least {}", at_least);
  return fmt::format("{} to {}", at_least, at_most);
}

void add_part(std::string& out, const std::string& what) {
  out += (out.empty() ? "" : ", ") + what;
}

JudgedAnswer judge_time(const ExpectOfAnswers& e, const models::masters::Exchange& exchange,
                        std::string seen) {
  if (!e.no_sooner && !e.no_later) return {true, std::move(seen)};
  if (exchange.answer.empty()) return {false, std::move(seen)};
  const bool early = exchange.answer.front().start < exchange.end;
  const Ps delay = early ? 0 : exchange.answer_time();
  add_part(seen, "after " + show_time(delay));
  const bool in_time =
      !early && (!e.no_sooner || delay >= *e.no_sooner) && (!e.no_later || delay <= *e.no_later);
  return {in_time, std::move(seen)};
}

bool take_answer(const JudgedAnswer& judged, const models::masters::Exchange& exchange,
                 Verdict& verdict) {
  verdict.at = exchange.answer.empty() ? exchange.judged : exchange.answer.front().start;
  verdict.seen = judged.seen;
  verdict.pass = judged.pass;
  return judged.pass;
}

void demand_all(const Scenario& scenario, std::size_t entry, std::optional<int> meter,
                std::size_t answers, Verdict& verdict) {
  if (answers >= answers_due(scenario, entry, meter)) return;
  verdict.seen.reset();
  verdict.pass = false;
  verdict.at = scenario.timeline[entry].at.back();
}

void add_common_parts(const ExpectOfAnswers& e, std::string& out) {
  if (e.bytes) add_part(out, show_bytes(*e.bytes));
  if (e.no_sooner) add_part(out, fmt::format("no sooner than {}", show_time(*e.no_sooner)));
  if (e.no_later) add_part(out, fmt::format("no later than {}", show_time(*e.no_later)));
}

void judge_counted(const ExpectCountOfExchanges& e, const TimelineEntry& entry,
                   const Counted& counted, Verdict& verdict) {
  if (counted.all == 0) return;
  verdict.seen = fmt::format("{} of {}", counted.fitting, counted.all);
  verdict.pass = counted.fitting >= e.at_least && counted.fitting <= e.at_most;
  // What was still waiting at the end might have made it too many.
  if (verdict.pass && !counted.all_done && e.at_most != UINT64_MAX) {
    verdict.seen.reset();
    verdict.at = entry.at.back();
  }
}

std::uint64_t answers_due(const Scenario& scenario, std::size_t entry,
                          const std::optional<int>& meter) {
  const TimelineEntry& asked = scenario.timeline[entry];
  std::uint64_t each = 1;
  if (asked.modbus && asked.modbus->action == ModbusAction::poll) {
    const bool counted =
        asked.modbus->count != UINT64_MAX && asked.modbus->until == models::pins::ps_never;
    if (!counted) return 1;
    each = asked.modbus->count;
  }
  const std::uint64_t meters = meter ? 1 : asked_meters(scenario, asked).size();
  return asked.at.size() * meters * each;
}

}  // namespace tools
