#include "tools/cli/manual.h"

#include <fmt/format.h>

#include "tools/cli/option_rows.h"

namespace tools {
namespace {

/// Text that roff prints as it stands: hyphens that can be copied, nothing taken for a request, and
/// characters outside ASCII by their numbers, which every roff understands.
std::string roff(const std::string& text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto byte = static_cast<unsigned char>(text[n]);
    if (byte >= 0xC0) {
      const int more = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
      unsigned code = byte & (0x3FU >> more);
      for (int k = 0; k < more && n + 1 < text.size(); ++k) {
        code = code << 6U | (static_cast<unsigned char>(text[++n]) & 0x3FU);
      }
      out += fmt::format("\\[u{:04X}]", code);
    } else if (byte == '\\') {
      out += "\\e";
    } else if (byte == '-') {
      out += "\\-";
    } else {
      out += text[n];
    }
  }
  if (!out.empty() && (out.front() == '.' || out.front() == '\'')) out.insert(0, "\\&");
  return out;
}

std::string option_line(const OptionRow& row) {
  std::string out = fmt::format("\\fB{}\\fR", roff("--" + row.name));
  if (row.value.empty()) return out;
  return fmt::format("{} \\fI{}\\fR", out, roff(row.value));
}

std::string full_meaning(const OptionRow& row) {
  std::string out = row.meaning;
  if (!row.fallback.empty()) out += fmt::format("; {} without it", row.fallback);
  if (row.repeated) out += "; may come several times";
  return out;
}

std::string command_page(const CommandSpec& spec) {
  std::string out = fmt::format(".SS {}\n", roff(spec.usage()));
  bool first = true;
  for (const std::string& paragraph : spec.description) {
    if (!first) out += ".PP\n";
    out += roff(paragraph) + "\n";
    first = false;
  }
  for (const OptionRows& group : option_rows(spec)) {
    for (const OptionRow& row : group.rows) {
      out += ".TP\n" + option_line(row) + "\n" + roff(full_meaning(row)) + "\n";
    }
  }
  if (!spec.status.empty()) out += ".PP\nStatus: " + roff(spec.status) + "\n";
  return out;
}

constexpr std::string_view page_begin =
    ".TH VMETER 1 \"\" \"vmeter\" \"User Commands\"\n"
    ".SH NAME\n"
    "vmeter \\- the digital twin of the PRO380 electricity meter\n"
    ".SH SYNOPSIS\n";

constexpr const char* page_description =
    "vmeter runs the firmware of a three-phase electricity meter on virtual hardware, clock edge "
    "by "
    "clock edge, against mains, loads, buses and fingers that a scenario describes, and says "
    "whether "
    "what is expected comes out. A scenario is a YAML file; every value in it carries its unit.";

/// What a program writes besides what it is told to, and what it reads besides its operands:
/// nothing.
constexpr const char* page_files =
    "Outputs are written as F.part beside their place and renamed when they are whole; a device or "
    "a "
    "pipe is written directly. An EEPROM file named in a scenario is read at the start and written "
    "at "
    "the end.";

}  // namespace

std::string manual_page(const std::vector<CommandSpec>& specs) {
  std::string out(page_begin);
  bool first = true;
  for (const CommandSpec& spec : specs) {
    if (!first) out += ".br\n";
    out += fmt::format("\\fBvmeter {}\\fR{}\n", spec.name,
                       spec.operands.empty() ? "" : " \\fI" + roff(spec.operands) + "\\fR");
    first = false;
  }
  out += fmt::format(".SH DESCRIPTION\n{}\n.SH COMMANDS\n", roff(page_description));
  for (const CommandSpec& spec : specs) out += command_page(spec);
  out += fmt::format(".SH EXIT STATUS\n{}\n.SH FILES\n{}\n.SH EXAMPLES\n", roff(usual_status),
                     roff(page_files));
  for (const CommandSpec& spec : specs) {
    for (const Example& example : spec.examples) {
      out += fmt::format(".TP\n\\fB{}\\fR\n{}\n", roff("vmeter " + example.command),
                         roff(example.shows));
    }
  }
  return out + ".SH SEE ALSO\n.BR mbpoll (1),\n.BR gtkwave (1)\n";
}

std::string command_reference(const std::vector<CommandSpec>& specs) {
  std::string out =
      "# Commands\n\n"
      "Made by `vmeter manual --markdown > tools/COMMANDS.md` from the tables that the command "
      "line is "
      "parsed by; a\ntest holds this file against them. `vmeter help COMMAND` prints the same.\n\n";
  out += fmt::format("Exit status, where nothing else is said: {}\n", usual_status);
  for (const CommandSpec& spec : specs) {
    out += fmt::format("\n## {}\n\n`vmeter {}` {}.\n", spec.name, spec.usage(), spec.purpose);
    for (const std::string& paragraph : spec.description) out += "\n" + paragraph + "\n";
    out += "\n| option | without it | meaning |\n|---|---|---|\n";
    for (const OptionRows& group : option_rows(spec)) {
      for (const OptionRow& row : group.rows) {
        std::string usage;
        for (const char c : row.usage()) usage += c == '|' ? std::string("\\|") : std::string(1, c);
        out += fmt::format("| `{}` | {} | {}{} |\n", usage, row.fallback, row.meaning,
                           row.repeated ? "; may come several times" : "");
      }
    }
    if (!spec.examples.empty()) out += "\n";
    for (const Example& example : spec.examples) {
      out += fmt::format("* `vmeter {}`: {}\n", example.command, example.shows);
    }
    if (!spec.status.empty()) out += fmt::format("\nStatus: {}\n", spec.status);
  }
  return out;
}

}  // namespace tools
