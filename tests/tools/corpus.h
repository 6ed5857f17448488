// The table of tests/tools/bad: what each bad scenario is refused with.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/tools/files.h"

namespace tests {

struct BadScenario {
  std::string file;
  std::string schema;    ///< "yes" if the schema lets it pass, "no", or "-": it is no tree
  std::string sentence;  ///< what the error must hold
};

inline std::vector<BadScenario> bad_scenarios() {
  std::istringstream table(read_all(repository("tests/tools/bad/expected.tsv")));
  std::vector<BadScenario> out;
  std::string line;
  while (std::getline(table, line)) {
    if (line.empty() || line[0] == '#') continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    if (second == std::string::npos) throw std::runtime_error("broken table row: " + line);
    out.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1),
                   line.substr(second + 1)});
  }
  return out;
}

}  // namespace tests
