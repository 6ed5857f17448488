#include "tests/tools/log_records.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

namespace tests {

std::string log_of(const std::string& text, const std::vector<std::string>& options) {
  const Folder folder;
  std::vector<std::string> arguments = {"run", folder.write("s.yaml", text), "--log",
                                        folder.path("l")};
  arguments.insert(arguments.end(), options.begin(), options.end());
  const ProcessResult result = vmeter(arguments);
  INFO(result.out << result.err);
  CHECK(result.status < 2);
  return read_all(folder.path("l"));
}

std::vector<nlohmann::json> records(const std::string& log, const std::string& instance) {
  std::vector<nlohmann::json> out;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json record = nlohmann::json::parse(line);
    if (record["instance"] == instance) out.push_back(std::move(record));
  }
  return out;
}

std::string without(const std::string& log, const std::string& fragment) {
  std::string out;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find(fragment) == std::string::npos) out += line + "\n";
  }
  return out;
}

}  // namespace tests
