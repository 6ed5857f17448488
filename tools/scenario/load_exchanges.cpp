#include <charconv>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

using models::masters::MbusOutcome;
using models::masters::ModbusOutcome;

/// The longest frame, with what a test may add to it.
constexpr std::size_t bytes_max = 512;

/// By the words of the language's choice "outcome"; what M-Bus has not is refused.
struct OutcomeWord {
  std::string_view word;
  MbusOutcome outcome;
};
constexpr std::array mbus_outcomes = {
    OutcomeWord{"answer", MbusOutcome::answer},
    OutcomeWord{"acknowledge", MbusOutcome::acknowledge},
    OutcomeWord{"error", MbusOutcome::error},
    OutcomeWord{"no_answer", MbusOutcome::no_answer},
    OutcomeWord{"bad_frame", MbusOutcome::bad_frame},
    OutcomeWord{"collision", MbusOutcome::collision},
    OutcomeWord{"broadcast", MbusOutcome::broadcast},
};

ModbusOutcome load_modbus_outcome(const TreeNode& node) {
  const std::size_t outcome = read_choice(node, "outcome", "outcome");
  if (outcome > static_cast<std::size_t>(ModbusOutcome::broadcast)) {
    refuse(node, "outcome", "answer, exception, no_answer, bad_frame, collision or broadcast");
  }
  return static_cast<ModbusOutcome>(outcome);
}

MbusOutcome load_mbus_outcome(const TreeNode& node) {
  read_choice(node, "outcome", "outcome");
  for (const OutcomeWord& word : mbus_outcomes) {
    if (node.text == word.word) return word.outcome;
  }
  refuse(node, "outcome",
         "answer, acknowledge, error, no_answer, bad_frame, collision or broadcast");
}

/// The entry of the timeline that an expectation names.
std::size_t load_entry(const TreeNode& node, std::string_view key,
                       const std::vector<TimelineEntry>& timeline) {
  const std::string name = read_text(node, key, 80);
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    if (timeline[i].name == name && (timeline[i].modbus || timeline[i].mbus)) return i;
  }
  refuse(node, key, "the name of a modbus, mbus or ir entry of the timeline");
}

}  // namespace

std::vector<std::uint8_t> load_bytes(const TreeNode& node, std::string_view key) {
  const std::string text = read_text(node, key, 3 * bytes_max);
  std::string digits;
  for (const char c : text) {
    if (c != ' ') digits += c;
  }
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    std::uint8_t byte = 0;
    const char* begin = digits.data() + i;
    const auto parsed = std::from_chars(begin, begin + 2, byte, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != begin + 2) break;
    out.push_back(byte);
  }
  if (out.empty() || 2 * out.size() != digits.size() || out.size() > bytes_max) {
    refuse(node, key, "bytes of two hexadecimal digits, such as 01 03 20 08 00 02");
  }
  return out;
}

void load_answer_limits(const SectionReader& reader, ExpectOfAnswers& out) {
  if (const TreeNode* n = reader.find("bytes")) out.bytes = load_bytes(*n, "bytes");
  if (const TreeNode* n = reader.find("no_sooner")) out.no_sooner = read_time(*n, "no_sooner");
  if (const TreeNode* n = reader.find("no_later")) {
    out.no_later = read_time(*n, "no_later");
    if (*out.no_later < out.no_sooner.value_or(0)) {
      refuse(*n, "no_later", "a time at or after no_sooner");
    }
  }
}

void load_exchange_count(const SectionReader& reader, std::uint64_t& at_least,
                         std::uint64_t& at_most) {
  constexpr std::int64_t most = 1'000'000'000;
  const TreeNode* equals = reader.find("equals");
  const TreeNode* low = reader.find("at_least");
  const TreeNode* high = reader.find("at_most");
  if ((equals == nullptr) == (low == nullptr && high == nullptr)) {
    throw InputError(reader.position(),
                     "found no count or too many, expected equals, or at_least "
                     "and at_most");
  }
  if (equals != nullptr) {
    at_least = static_cast<std::uint64_t>(read_count(*equals, "equals", 0, most));
    at_most = at_least;
  }
  if (low != nullptr) {
    at_least = static_cast<std::uint64_t>(read_count(*low, "at_least", 0, most));
  }
  if (high != nullptr) {
    at_most = static_cast<std::uint64_t>(
        read_count(*high, "at_most", static_cast<std::int64_t>(at_least), most));
  }
}

void load_frame_faults(const SectionReader& reader, std::size_t length, FrameFaults& out) {
  const auto byte_number = [length](const TreeNode& node, std::string_view key) {
    return static_cast<int>(read_count(node, key, 1, static_cast<std::int64_t>(length)));
  };
  if (const TreeNode* n = reader.find("gap")) {
    const SectionReader gap(*n, section("line_gap"));
    LineGap& line_gap = out.gap.emplace();
    line_gap.after = byte_number(gap.get("after"), "after");
    line_gap.duration = read_duration(gap.get("for"), "for");
  }
  if (const TreeNode* n = reader.find("parity_error")) {
    out.parity_error = byte_number(*n, "parity_error");
  }
  if (const TreeNode* n = reader.find("no_stop")) out.no_stop = byte_number(*n, "no_stop");
}

models::masters::Parity load_parity(const TreeNode& node) {
  const bool even = read_choice(node, "parity", "parity") == 0;
  return even ? models::masters::Parity::even : models::masters::Parity::none;
}

void refuse_keys(const SectionReader& reader, std::initializer_list<std::string_view> keys,
                 const std::string& expected) {
  for (const std::string_view key : keys) {
    if (const TreeNode* n = reader.find(key)) refuse(*n, key, expected);
  }
}

namespace {

void load_common(const SectionReader& reader, std::size_t entry,
                 const std::vector<MeterSpec>& meters, ExpectOfAnswers& out) {
  out.entry = entry;
  if (const TreeNode* n = reader.find("meter")) out.meter = load_meter_name(*n, meters);
  load_answer_limits(reader, out);
}

}  // namespace

ExpectationKind load_answer(const SectionReader& reader, const std::vector<TimelineEntry>& timeline,
                            const std::vector<MeterSpec>& meters) {
  const std::size_t entry = load_entry(reader.get("answer"), "answer", timeline);
  if (timeline[entry].modbus) {
    ExpectAnswer out = load_modbus_answer(reader, *timeline[entry].modbus);
    if (const TreeNode* n = reader.find("outcome")) out.outcome = load_modbus_outcome(*n);
    load_common(reader, entry, meters, out);
    return out;
  }
  ExpectMbusAnswer out = load_mbus_answer(reader, *timeline[entry].mbus);
  if (const TreeNode* n = reader.find("outcome")) out.outcome = load_mbus_outcome(*n);
  load_common(reader, entry, meters, out);
  return out;
}

ExpectationKind load_exchanges(const SectionReader& reader,
                               const std::vector<TimelineEntry>& timeline,
                               const std::vector<MeterSpec>& meters) {
  const TreeNode& name = reader.get("exchanges");
  const std::size_t entry = load_entry(name, "exchanges", timeline);
  refuse_ir_keys(reader, {"step"});
  std::optional<int> meter;
  if (const TreeNode* n = reader.find("meter")) meter = load_meter_name(*n, meters);
  const TreeNode& outcome = reader.get("outcome");
  if (timeline[entry].modbus) {
    ExpectExchanges out;
    out.entry = entry;
    out.outcome = load_modbus_outcome(outcome);
    out.meter = meter;
    load_exchange_count(reader, out.at_least, out.at_most);
    return out;
  }
  if (timeline[entry].mbus->is_search() || timeline[entry].mbus->action == MbusAction::power_off) {
    refuse(name, "exchanges", "an entry that asks; found: judges a search");
  }
  ExpectMbusExchanges out;
  out.entry = entry;
  out.outcome = load_mbus_outcome(outcome);
  out.meter = meter;
  load_exchange_count(reader, out.at_least, out.at_most);
  return out;
}

}  // namespace tools
