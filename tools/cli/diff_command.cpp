#include <iostream>

#include "tools/cli/options.h"
#include "tools/report/log_diff.h"

namespace tools {

namespace po = boost::program_options;

CommandSpec diff_spec() {
  po::options_description options;
  options.add_options()("context", po::value<std::string>()->default_value("3"),
                        "N: lines before and after the difference")(
      "terminals", "only what leaves the terminals: not when code wrote a register or the EEPROM");
  CommandSpec spec;
  spec.name = "diff";
  spec.operands = "A B";
  spec.operand = Operand::file;
  spec.purpose = "the first difference of two event logs";
  spec.description = {
      "Shows the first record that two event logs differ in, with its time, and "
      "what was before and after."};
  spec.add_options("Options", options);
  spec.examples = {{"diff before.jsonl after.jsonl", "what a change of the scenario has changed"},
                   {"diff --terminals native.jsonl iss.jsonl",
                    "whether the flashed image shows what the native firmware shows"}};
  spec.status = "0 they are the same, 1 they differ, 2 one is no event log.";
  return spec;
}

int diff_command(const Arguments& arguments) {
  CommandOptions options(diff_spec());
  if (!options.parse(arguments, 2, 2)) return all_hold;
  const std::uint64_t context = read_number("context", options.text("context"), 0, 1000);
  const std::string& first = options.operands()[0];
  const std::string& second = options.operands()[1];
  const auto difference = first_difference(
      first, second, context, options.has("terminals") ? LogScope::terminals : LogScope::all);
  if (!difference) return all_hold;
  std::cout << describe(*difference, first, second);
  return some_fail;
}

}  // namespace tools
