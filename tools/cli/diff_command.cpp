#include <iostream>

#include "tools/cli/options.h"
#include "tools/report/log_diff.h"

namespace tools {

namespace po = boost::program_options;

int diff_command(const Arguments& arguments) {
  po::options_description options;
  options.add_options()("context", po::value<std::string>()->default_value("3"),
                        "lines before and after the difference");
  CommandOptions parsed({"diff A B",
                         "Shows the first difference of two event logs. Status 0: they are the "
                         "same, 1: they differ, 2: one is no event log."},
                        options);
  if (!parsed.parse(arguments, 2, 2)) return all_hold;
  const std::uint64_t context = read_number("context", parsed.text("context"), 0, 1000);
  const std::string& first = parsed.operands()[0];
  const std::string& second = parsed.operands()[1];
  const auto difference = first_difference(first, second, context);
  if (!difference) return all_hold;
  std::cout << describe(*difference, first, second);
  return some_fail;
}

}  // namespace tools
