// What a scenario expects of the infra-red port's reader.
#include <fmt/format.h>

#include "tools/scenario/load_parts.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

using metrology::registers::ValueType;
using models::masters::IrOutcome;
using models::masters::IrStep;

constexpr std::string_view of_a_bus = "it only of a modbus or mbus entry";

/// By the words of the language's choice "outcome"; what the infra-red port has not is refused.
IrOutcome load_outcome(const TreeNode& node) {
  struct Word {
    std::string_view word;
    IrOutcome outcome;
  };
  constexpr std::array words = {
      Word{"answer", IrOutcome::answer},
      Word{"acknowledge", IrOutcome::ack},
      Word{"nak", IrOutcome::nak},
      Word{"error", IrOutcome::error},
      Word{"no_answer", IrOutcome::no_answer},
      Word{"bad_frame", IrOutcome::bad_frame},
      Word{"break", IrOutcome::closed},
  };
  read_choice(node, "outcome", "outcome");
  for (const Word& word : words) {
    if (node.text == word.word) return word.outcome;
  }
  refuse(node, "outcome", "answer, acknowledge, nak, error, no_answer, bad_frame or break");
}

bool is_text(const metrology::registers::Row& row) {
  return row.type != ValueType::floating && row.type != ValueType::integer;
}

/// A number in base units; what has no number is refused.
double load_number(const TreeNode& node, std::string_view key, const IrItem& item, IrLimits& out) {
  const std::vector<Dimension> dimensions =
      item.row != nullptr ? std::vector<Dimension>{unit_of(*item.row).dimension}
                          : quantity_type("measured_value").dimensions;
  const ParsedQuantity parsed =
      parse_quantity(node.kind == TreeNode::Kind::scalar ? node.text : std::string(), dimensions);
  if (!parsed.quantity) {
    const Dimension wanted = dimensions.front();
    refuse(node, key, fmt::format("{} such as {}", name_of(wanted), example_of(wanted)));
  }
  out.dimension = parsed.quantity->dimension;
  return parsed.quantity->value();
}

void load_equals(const TreeNode& node, const IrItem& item, IrLimits& out) {
  const std::string text = read_text(node, "equals", 40);
  out.shown = text;
  const bool number =
      item.row != nullptr
          ? !is_text(*item.row)
          : parse_quantity(text, quantity_type("measured_value").dimensions).quantity.has_value();
  if (number) {
    out.equals = load_number(node, "equals", item, out);
  } else {
    out.text = item.row != nullptr ? load_row_value(node, "equals", *item.row).text : text;
  }
}

IrLimits load_limits(const SectionReader& reader, const IrItem& item) {
  IrLimits out;
  if (const TreeNode* n = reader.find("equals")) {
    load_equals(*n, item, out);
    if (reader.has("at_least") || reader.has("at_most")) {
      refuse(*n, "equals", "either equals or limits, not both");
    }
  }
  for (const std::string_view key : {"at_least", "at_most"}) {
    const TreeNode* n = reader.find(key);
    if (n == nullptr) continue;
    if (item.row != nullptr && is_text(*item.row)) {
      refuse(*n, key, "equals: this register is a text");
    }
    const Dimension before = out.dimension;
    const bool second = out.at_least.has_value();
    (key == "at_least" ? out.at_least : out.at_most) = load_number(*n, key, item, out);
    if (second && out.dimension != before) refuse(*n, key, "a limit of the other one's kind");
    out.shown += fmt::format("{}{} {}", second ? ", " : "",
                             key == "at_least" ? "at least" : "at most", n->text);
  }
  if (const TreeNode* n = reader.find("tolerance")) {
    if (!out.equals) refuse(*n, "tolerance", "it only beside equals and a number");
    const ParsedQuantity parsed =
        parse_quantity(n->kind == TreeNode::Kind::scalar ? n->text : std::string(),
                       {Dimension::ratio, out.dimension});
    if (!parsed.quantity || !(parsed.quantity->value() >= 0)) {
      refuse(*n, "tolerance",
             fmt::format("a percentage, or {} such as {}", name_of(out.dimension),
                         example_of(out.dimension)));
    }
    out.tolerance = parsed.quantity->value();
    out.relative = parsed.quantity->dimension == Dimension::ratio;
    out.shown += " ± " + n->text;
  }
  return out;
}

/// The value that is looked for, and where.
void load_value(const SectionReader& reader, const IrEntry& asked, ExpectIrAnswer& out) {
  const TreeNode* limits = nullptr;
  for (const std::string_view key : {"tolerance", "equals", "at_least", "at_most"}) {
    if (const TreeNode* n = reader.find(key)) limits = n;
  }
  if (const TreeNode* n = reader.find("value")) {
    out.item = load_ir_item(*n, "value");
    if (asked.action == IrAction::readout && out.item->row != nullptr) {
      refuse(*n, "value", "an OBIS code such as 1.8.0, which a readout consists of");
    }
    if (asked.action == IrAction::read) {
      bool read = false;
      for (const IrItem& item : asked.items) read = read || item.code == out.item->code;
      if (!read) refuse(*n, "value", "something that the entry reads");
    }
    if (limits == nullptr) {
      throw InputError(n->position, "found no equals, at_least or at_most, expected one");
    }
  } else if (limits != nullptr) {
    if (asked.action != IrAction::read || asked.items.size() != 1) {
      throw InputError(limits->position,
                       "found a value of nothing in particular, expected value: a register or an "
                       "OBIS code beside it");
    }
    out.item = asked.items.front();
  }
  if (limits != nullptr) out.value = load_limits(reader, *out.item);
}

}  // namespace

std::optional<std::size_t> find_ir_entry(const TreeNode& node,
                                         const std::vector<TimelineEntry>& timeline) {
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    if (node.kind == TreeNode::Kind::scalar && timeline[i].name == node.text && timeline[i].ir) {
      return i;
    }
  }
  return std::nullopt;
}

ExpectIrAnswer load_ir_answer(const SectionReader& reader, std::size_t entry,
                              const std::vector<TimelineEntry>& timeline) {
  ExpectIrAnswer out;
  out.entry = entry;
  if (const TreeNode* n = reader.find("meter")) refuse(*n, "meter", std::string(of_a_bus));
  refuse_keys(reader, {"exception"}, "it only of a modbus entry");
  refuse_keys(reader, {"record"}, "it only of an mbus entry");
  if (const TreeNode* n = reader.find("step")) out.step = load_ir_step(*n, "step");
  if (const TreeNode* n = reader.find("outcome")) out.outcome = load_outcome(*n);
  load_value(reader, *timeline[entry].ir, out);
  if (out.value && out.step) {
    refuse(*reader.find("step"), "step", "it only without a value");
  }
  if (const TreeNode* n = reader.find("identification")) {
    out.identification = read_text(*n, "identification", 32);
    if (out.step && out.step != IrStep::sign_on) {
      refuse(*n, "identification", "it only of the sign_on");
    }
    out.step = IrStep::sign_on;
  }
  if (const TreeNode* n = reader.find("error")) {
    out.error = static_cast<int>(read_count(*n, "error", 0, 99));
  }
  if (const TreeNode* n = reader.find("tries")) {
    out.tries = static_cast<int>(read_count(*n, "tries", 1, 1000));
  }
  load_answer_limits(reader, out);
  return out;
}

ExpectIrExchanges load_ir_exchanges(const SectionReader& reader, std::size_t entry) {
  ExpectIrExchanges out;
  out.entry = entry;
  if (const TreeNode* n = reader.find("meter")) refuse(*n, "meter", std::string(of_a_bus));
  if (const TreeNode* n = reader.find("step")) out.step = load_ir_step(*n, "step");
  out.outcome = load_outcome(reader.get("outcome"));
  load_exchange_count(reader, out.at_least, out.at_most);
  return out;
}

void refuse_ir_keys(const SectionReader& reader, const std::vector<std::string_view>& keys) {
  for (const std::string_view key : keys) {
    if (const TreeNode* n = reader.find(key)) refuse(*n, key, "it only of an ir entry");
  }
}

}  // namespace tools
