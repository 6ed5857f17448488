#include "tests/tools/log_records.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/live/journal.h"

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

std::string replayed_log(const std::string& text, models::pins::Ps end,
                         const MasterFrames& master) {
  const Folder folder;
  tools::live::JournalHeader header;
  header.scenario = folder.write("s.yaml", text);
  header.sources = tools::live::checksums_of({header.scenario});
  header.end = end;
  header.ports = {master.port};
  header.strict_gaps = master.strict_gaps;
  {
    tools::live::JournalWriter writer(folder.path("journal"), header);
    for (const models::pins::Ps t : master.at) {
      tools::live::JournalEvent event;
      event.t = t;
      event.port = master.port;
      event.baud = 9600;
      event.bytes = master.frame;
      writer.event(event);
    }
    writer.over(end);
  }
  const ProcessResult replayed =
      vmeter({"replay", folder.path("journal"), "--log", folder.path("l")});
  INFO(replayed.err);
  CHECK(replayed.status == 0);
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
