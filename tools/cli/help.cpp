#include "tools/cli/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "tools/cli/option_rows.h"

namespace tools {
namespace {

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = letters(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

/// A term and what it means in a column beside it, or below if the term is too long.
std::string entry(const std::string& term, const std::string& meaning) {
  constexpr std::size_t column = 24;
  const std::string text = wrapped(meaning, column);
  const std::string head = "  " + term;
  if (letters(head) + 2 > column) return head + "\n" + text;
  return padded(head, column) + text.substr(column);
}

std::string meaning_of(const OptionRow& row) {
  std::string out = row.meaning;
  if (!row.fallback.empty()) out += fmt::format(" [{}]", row.fallback);
  if (row.repeated) out += "; may come several times";
  return out;
}

}  // namespace

const char* const usual_status =
    "0 all expectations hold, 1 some do not, 2 wrong usage or input, 3 internal fault or an output "
    "that could not be written, 130 interrupted (SIGINT, SIGTERM, SIGHUP).";

std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
  std::istringstream words(text);
  const std::string margin(indent, ' ');
  std::string out;
  std::string line = margin;
  std::size_t used = indent;
  bool first = true;
  for (std::string word; words >> word;) {
    const std::size_t more = letters(word) + (first ? 0 : 1);
    if (!first && used + more > width) {
      out += line + "\n";
      line = margin + word;
      used = indent + letters(word);
    } else {
      line += (first ? "" : " ") + word;
      used += more;
    }
    first = false;
  }
  return out + line + "\n";
}

std::string overview_text(const std::vector<CommandSpec>& specs) {
  std::string out =
      "Usage: vmeter COMMAND …\n\n"
      "The digital twin of the PRO380 electricity meter: it runs the meter's firmware on\n"
      "virtual hardware, clock edge by clock edge, against mains, loads, buses and\n"
      "fingers that a scenario describes, and says whether what you expect comes out.\n\n"
      "Commands:\n";
  for (const CommandSpec& spec : specs) out += entry(spec.usage(), spec.purpose);
  out +=
      "\n"
      "  help COMMAND, COMMAND --help   options, defaults, examples, exit status\n"
      "  --version                      the build and the CRC of the firmware's constants\n\n"
      "To begin:\n";
  for (const CommandSpec& spec : specs) {
    if (spec.examples.empty()) continue;
    const Example& example = spec.examples.front();
    out += fmt::format("  vmeter {}\n{}", example.command, wrapped(example.shows, 6));
  }
  return out +
         "\nValues carry their units: 230 V, 5 A, 40 ms, 1.5 h, 0.5 ind, 1000 imp/kWh, 40 degC.\n"
         "scenarios/TUTORIAL.md teaches all of it in an hour; scenarios/REFERENCE.md has every "
         "key.\n"
         "\nExit status:\n" +
         wrapped(usual_status, 2);
}

std::string help_text(const CommandSpec& spec) {
  std::string out = fmt::format("Usage: vmeter {}\n", spec.usage());
  for (const std::string& paragraph : spec.description) out += "\n" + wrapped(paragraph, 0);
  for (const OptionRows& group : option_rows(spec)) {
    out += fmt::format("\n{}:\n", group.heading);
    for (const OptionRow& row : group.rows) out += entry(row.usage(), meaning_of(row));
  }
  if (!spec.examples.empty()) out += "\nExamples:\n";
  for (const Example& example : spec.examples) {
    out += fmt::format("  vmeter {}\n{}", example.command, wrapped(example.shows, 6));
  }
  return out + "\nExit status:\n" + wrapped(spec.status.empty() ? usual_status : spec.status, 2);
}

}  // namespace tools
