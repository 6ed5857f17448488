#include <algorithm>

#include "tools/checks/judge_exchanges.h"
#include "tools/checks/judge_parts.h"
#include "tools/checks/mbus_values.h"
#include "tools/scenario/load_parts.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

namespace masters = models::masters;
using masters::MbusExchange;
using masters::MbusOutcome;
using metrology::registers::ValueType;

constexpr std::array<std::string_view, 7> outcome_names = {
    "an answer",   "an acknowledge", "an error",   "no answer",
    "a bad frame", "a collision",    "a broadcast"};

std::string name_of(MbusOutcome outcome) {
  return std::string(outcome_names[static_cast<std::size_t>(outcome)]);
}

/// Of an answer whose bytes nobody asked for.
constexpr std::size_t most_shown = 20;

std::string show_exchange(const MbusExchange& exchange) {
  if (exchange.outcome == MbusOutcome::acknowledge) return name_of(exchange.outcome);
  if (exchange.outcome == MbusOutcome::error && exchange.error >= 0) {
    return fmt::format("error {}", exchange.error);
  }
  const std::vector<std::uint8_t> bytes = exchange.answer_bytes();
  if (bytes.empty()) return name_of(exchange.outcome);
  if (bytes.size() <= most_shown) return name_of(exchange.outcome) + " " + show_bytes(bytes);
  return fmt::format("{} of {} bytes", name_of(exchange.outcome), bytes.size());
}

/// The outcome that is wanted, if any will not do.
std::optional<MbusOutcome> wanted_outcome(const ExpectMbusAnswer& e, const MbusEntry& asked) {
  if (e.outcome) return e.outcome;
  if (e.error) return MbusOutcome::error;
  if (e.value) return MbusOutcome::answer;
  if (e.bytes) return std::nullopt;
  return usual_outcome(asked);
}

using Telegrams = std::vector<const MbusExchange*>;

/// Whether the run's end came before the last telegram of a chain.
bool breaks_off(const Telegrams& telegrams, const MbusEntry& asked) {
  const MbusExchange& last = *telegrams.back();
  if (!asked.all_telegrams || last.outcome != MbusOutcome::answer) return false;
  const auto records = masters::mbus_records_of(*last.frame);
  return records && records->more_follow && telegrams.size() < masters::mbus_most_telegrams;
}

/// What the telegrams of one answer say of the row.
std::vector<MbusValue> values_of(const Telegrams& telegrams, const metrology::registers::Row& row) {
  std::vector<MbusValue> out;
  for (const MbusExchange* telegram : telegrams) {
    const auto records =
        telegram->frame ? masters::mbus_records_of(*telegram->frame) : std::nullopt;
    if (!records) continue;
    for (const masters::MbusRecord& record : records->records) {
      MbusValue value = mbus_value_of(record);
      if (is_row(value, row)) out.push_back(std::move(value));
    }
  }
  return out;
}

/// The digits of a BCD row, of whatever length the record has.
std::string digits_of(const MbusValue& value, std::size_t digits) {
  std::string out = value.digits;
  while (out.size() > digits && out.front() == '0') out.erase(0, 1);
  while (out.size() < digits) out.insert(0, "0");
  return out;
}

JudgedAnswer judge_value(const ExpectMbusAnswer& e, const Telegrams& telegrams) {
  const metrology::registers::Row& row = *e.value->row;
  const std::vector<MbusValue> values = values_of(telegrams, row);
  const bool missing = e.record == RecordState::missing;
  if (values.empty()) return {missing, "no record of " + label_of(row)};
  if (values.size() > 1) return {false, fmt::format("{} records of {}", values.size(), row.name)};
  const MbusValue& value = values.front();
  if (value.overflow) return {e.record == RecordState::overflow, "an overflow"};
  if (row.type == ValueType::bcd || row.type == ValueType::ascii) {
    const bool text = row.type == ValueType::ascii;
    const std::string seen =
        text ? value.text.substr(0, value.text.find('\0')) : digits_of(value, 2UL * row.bytes);
    const bool fits = e.value->equals && seen == e.value->equals->text;
    return {!e.record && fits, text ? in_quotes(seen) : seen};
  }
  if (!value.number) return {false, "a record without a number"};
  const std::string seen =
      value.single ? show_row_float(*value.number, row) : show_row_exactly(*value.number, row);
  return {!e.record && number_fits(*e.value, *value.number, value.single), seen};
}

JudgedAnswer judge_one(const ExpectMbusAnswer& e, const MbusEntry& asked,
                       const Telegrams& telegrams) {
  const std::optional<MbusOutcome> outcome = wanted_outcome(e, asked);
  std::string seen;
  for (const MbusExchange* exchange : telegrams) {
    const bool came = !exchange->answer.empty();
    if ((outcome && exchange->outcome != *outcome) || (e.error && exchange->error != *e.error)) {
      return {false, show_exchange(*exchange)};
    }
    seen = e.bytes && came ? show_bytes(exchange->answer_bytes()) : show_exchange(*exchange);
    if (e.bytes && exchange->answer_bytes() != *e.bytes) return {false, seen};
  }
  if (e.value) {
    JudgedAnswer judged = judge_value(e, telegrams);
    if (!judged.pass) return judged;
    seen = std::move(judged.seen);
  } else if (telegrams.size() > 1) {
    seen = fmt::format("{} telegrams", telegrams.size());
  }
  JudgedAnswer judged{true, seen};
  for (const MbusExchange* exchange : telegrams) {
    judged = judge_time(e, *exchange, seen);
    if (!judged.pass) break;
  }
  return judged;
}

std::string expected_of(const ExpectMbusAnswer& e, const MbusEntry& asked) {
  std::string out;
  const std::optional<MbusOutcome> outcome = wanted_outcome(e, asked);
  if (e.error) {
    add_part(out, fmt::format("error {}", *e.error));
  } else if (outcome && !e.value && !(e.bytes && *outcome == usual_outcome(asked))) {
    add_part(out, name_of(*outcome));
  }
  if (e.record) {
    const bool missing = *e.record == RecordState::missing;
    add_part(out, missing ? "no record of " + label_of(*e.value->row) : "an overflow");
  } else if (e.value) {
    add_part(out, expected_of(*e.value));
  }
  add_common_parts(e, out);
  return out;
}

/// Says what is there and not wanted, and what is wanted and not there.
template <typename T, typename Show>
JudgedAnswer compare(std::vector<T> wanted, std::vector<T> found, Show show) {
  std::sort(wanted.begin(), wanted.end());
  std::sort(found.begin(), found.end());
  std::vector<T> lost;
  std::vector<T> strange;
  std::set_difference(wanted.begin(), wanted.end(), found.begin(), found.end(),
                      std::back_inserter(lost));
  std::set_difference(found.begin(), found.end(), wanted.begin(), wanted.end(),
                      std::back_inserter(strange));
  std::string seen = fmt::format("{} found", found.size());
  if (!lost.empty()) seen += fmt::format(", without {}", show(lost.front()));
  if (!strange.empty()) seen += fmt::format(", with {}", show(strange.front()));
  return {lost.empty() && strange.empty(), seen};
}

/// A secondary address as one number, in the order in which it is read.
std::uint64_t key_of(const masters::MbusSecondary& address) {
  return std::uint64_t{address.id} << 32 | std::uint64_t{address.manufacturer} << 16 |
         std::uint64_t{address.version} << 8 | address.medium;
}

std::string show_id(std::uint32_t id) { return fmt::format("{:08X}", id); }
std::string show_key(std::uint64_t key) {
  return fmt::format("{:08X} {} {} {}", key >> 32,
                     masters::mbus_letters(static_cast<std::uint16_t>(key >> 16 & 0xFFFF)),
                     key >> 8 & 0xFF, key & 0xFF);
}
std::string show_address(std::uint8_t address) { return fmt::format("{}", address); }

// What the nameplate says of every meter of this family.
constexpr std::string_view manufacturer = "INM";
constexpr std::uint8_t version = 1;
constexpr std::uint8_t electricity = 2;

JudgedAnswer judge_meters(const masters::MbusFindings& findings, const Scenario& scenario,
                          bool scan) {
  std::vector<std::uint64_t> wanted;
  std::vector<std::uint64_t> found;
  for (const MeterSpec& meter : scenario.meters) {
    if (!on_mbus(meter)) continue;
    masters::MbusSecondary address;
    address.id = meter.page.serial_lo;
    address.manufacturer = masters::mbus_manufacturer(manufacturer);
    address.version = version;
    address.medium = electricity;
    wanted.push_back(scan ? mbus_address(meter) : key_of(address));
  }
  if (scan) {
    found.assign(findings.primary.begin(), findings.primary.end());
    return compare(wanted, found,
                   [](std::uint64_t a) { return show_address(static_cast<std::uint8_t>(a)); });
  }
  for (const masters::MbusSecondary& address : findings.secondary) {
    found.push_back(key_of(address));
  }
  return compare(wanted, found, show_key);
}

JudgedAnswer judge_findings(const ExpectFound& e, const Scenario& scenario, bool scan,
                            const masters::MbusFindings& findings) {
  const std::size_t clashes = scan ? findings.primary_clashes.size() : findings.clashes.size();
  const std::size_t count = scan ? findings.primary.size() : findings.secondary.size();
  JudgedAnswer out{true, fmt::format("{} found", count)};
  if (clashes != e.clashes) return {false, fmt::format("{}, {} clashes", out.seen, clashes)};
  if (e.count && *e.count != count) return {false, out.seen};
  if (e.all_meters) {
    out = judge_meters(findings, scenario, scan);
    if (!out.pass) return out;
  }
  if (e.ids) {
    std::vector<std::uint32_t> ids;
    for (const masters::MbusSecondary& address : findings.secondary) ids.push_back(address.id);
    out = compare(*e.ids, ids, show_id);
  }
  if (e.addresses) out = compare(*e.addresses, findings.primary, show_address);
  if (e.clashes != 0) out.seen += fmt::format(", {} clashes", clashes);
  return out;
}

}  // namespace

void judge(const ExpectMbusAnswer& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  const TimelineEntry& entry = scenario.timeline[e.entry];
  verdict.expected = expected_of(e, *entry.mbus);
  std::size_t answers = 0;
  const std::vector<MbusResult>& results = evidence.mbus_exchanges;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i].entry != e.entry || (e.meter && results[i].meter != *e.meter)) continue;
    Telegrams telegrams = {&results[i].exchange};
    // The telegrams of one chain follow one another.
    while (i + 1 < results.size() && results[i + 1].exchange.telegram > 0 &&
           results[i + 1].entry == e.entry) {
      telegrams.push_back(&results[++i].exchange);
    }
    if (breaks_off(telegrams, *entry.mbus)) continue;
    ++answers;
    const JudgedAnswer judged = judge_one(e, *entry.mbus, telegrams);
    if (!take_answer(judged, *telegrams.front(), verdict)) return;
  }
  demand_all(scenario, e.entry, e.meter, answers, verdict);
}

void judge(const ExpectMbusExchanges& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  judge_count(e, e.outcome, name_of(e.outcome), scenario, evidence.mbus_exchanges, verdict);
}

void judge(const ExpectFound& e, const Scenario& scenario, const Evidence& evidence,
           Verdict& verdict) {
  const TimelineEntry& entry = scenario.timeline[e.entry];
  const bool scan = entry.mbus->action == MbusAction::scan;
  if (e.all_meters) add_part(verdict.expected, "every meter");
  if (e.ids) add_part(verdict.expected, fmt::format("{} identifications", e.ids->size()));
  if (e.addresses) add_part(verdict.expected, fmt::format("{} addresses", e.addresses->size()));
  if (e.count) add_part(verdict.expected, fmt::format("{} found", *e.count));
  add_part(verdict.expected, fmt::format("{} clashes", e.clashes));
  std::size_t searches = 0;
  for (const MbusFound& found : evidence.mbus_findings) {
    if (found.entry != e.entry) continue;
    ++searches;
    const JudgedAnswer judged = judge_findings(e, scenario, scan, found.findings);
    verdict.at = found.findings.end;
    verdict.seen = judged.seen;
    verdict.pass = judged.pass;
    if (!judged.pass) return;
  }
  if (searches >= entry.at.size()) return;
  verdict.seen.reset();
  verdict.pass = false;
  verdict.at = entry.at.back();
}

}  // namespace tools
