#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "tools/checks/judge_parts.h"
#include "tools/checks/raw_value.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

using metrology::registers::Row;
using metrology::registers::ValueType;

/// The row's bytes as they stand in the answer's words.
std::string bytes_of(const Reading& reading, const Row& row) {
  std::string bytes;
  for (std::size_t i = 0; i < row.bytes; ++i) {
    bytes += static_cast<char>(reading.words[i / 4] >> (24 - 8 * (i % 4)));
  }
  return bytes;
}

std::string text_of(const Reading& reading, const Row& row) {
  const std::string bytes = bytes_of(reading, row);
  if (row.type == ValueType::ascii) return bytes.substr(0, bytes.find('\0'));
  std::string digits;
  for (const char byte : bytes) {
    digits += fmt::format("{:02X}", static_cast<unsigned char>(byte));
  }
  return digits;
}

double number_of(const Reading& reading, const Row& row) {
  if (row.type == ValueType::floating) {
    float value = 0;
    std::memcpy(&value, &reading.words[0], sizeof value);
    return static_cast<double>(value);
  }
  if (row.bytes == 2) return static_cast<std::int16_t>(reading.words[0] >> 16U);
  return static_cast<std::int32_t>(reading.words[0]);
}

}  // namespace

std::string expected_of(const ExpectRow& e) {
  if (e.equals) {
    return e.tolerance ? fmt::format("{} ± {}", e.equals->shown, e.tolerance->shown)
                       : e.equals->shown;
  }
  std::string out;
  if (e.at_least) out += fmt::format("at least {}", e.at_least->shown);
  if (e.at_most) out += fmt::format("{}at most {}", out.empty() ? "" : ", ", e.at_most->shown);
  return out;
}

bool number_fits(const ExpectRow& e, double seen, bool single) {
  // A float is the nearest one to its decimal value; compare with that.
  const auto as_held = [single](double value) {
    return single ? static_cast<double>(static_cast<float>(value)) : value;
  };
  // Asked so that what is no number fits nothing.
  if (e.at_least && !(seen >= as_held(*e.at_least->number))) return false;
  if (e.at_most && !(seen <= as_held(*e.at_most->number))) return false;
  if (!e.equals) return true;
  const double expected = *e.equals->number;
  if (!e.tolerance) return seen == as_held(expected);
  const double allowed =
      e.tolerance->relative ? std::fabs(expected) * e.tolerance->value : e.tolerance->value;
  // What stands at the edge in decimals may lie beyond it in binary.
  const double spacing = std::fabs(expected) * (single ? 0x1p-24 : 0x1p-52);
  return std::fabs(seen - expected) <= allowed + spacing;
}

void judge(const ExpectRow& e, const ExpectationReadings& readings, Verdict& verdict) {
  verdict.expected = expected_of(e);
  verdict.at = e.at;
  if (!readings.last) return;
  const Reading& reading = *readings.last;
  verdict.at = reading.at;
  if (reading.status != metrology::hal::MailboxReply::ok) {
    verdict.seen = fmt::format("refused: {}", reason_of(reading.status));
    return;
  }
  const bool text = e.row->type != ValueType::floating && e.row->type != ValueType::integer;
  if (text) {
    const std::string seen = text_of(reading, *e.row);
    verdict.seen = e.row->type == ValueType::ascii ? in_quotes(seen) : seen;
    verdict.pass = seen == e.equals->text;
    return;
  }
  const double seen = e.raw ? raw_value(reading) : number_of(reading, *e.row);
  verdict.pass = number_fits(e, seen, !e.raw && e.row->type == ValueType::floating);
  if (!e.raw) {
    verdict.seen = show_row_float(seen, *e.row);
  } else {
    // Not rounded to a limit that it exceeds.
    verdict.seen = verdict.pass ? show_row_number(seen, *e.row) : show_row_exactly(seen, *e.row);
  }
}

}  // namespace tools
