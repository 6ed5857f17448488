// What `vmeter live` and `vmeter replay` refuse before anything runs.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/cli/version.h"
#include "tools/live/journal.h"

namespace {

/// A meter without any line that a master could sit at.
std::string lonely(const tests::Folder& folder) {
  return folder.write("lonely.yaml",
                      "duration: 1 s\nmeter: {variant: PRO380-Mod}\ngrid: {voltage: 230 V}\n");
}

/// Status 2 and one sentence, which is returned.
std::string refusal(const std::vector<std::string>& command) {
  const tests::ProcessResult result = tests::vmeter(command);
  INFO(result.err);
  CHECK(result.status == 2);
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  return result.err;
}

}  // namespace

TEST_CASE("live: a port to a line that the scenario does not have is refused") {
  const tests::Folder folder;
  const std::string link = folder.path("link");
  for (const std::string option : {"--modbus", "--mbus", "--ir"}) {
    const std::string said = refusal({"live", lonely(folder), option, link});
    CHECK(said.find(option + ": found a scenario without ") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(link)));
  }
}

TEST_CASE("live: two ports at one place are refused, however it is written") {
  const tests::Folder folder;
  const std::string scenario = folder.write(
      "s.yaml",
      "duration: 1 s\nmeter: {variant: PRO380-Mod}\ngrid: {voltage: 230 V}\nbus: {}\nir: {}\n");
  const std::string link = folder.path("link");
  const std::string same = folder.path("./link");
  CHECK(refusal({"live", scenario, "--modbus", link, "--ir", same}).find("the port of --modbus") !=
        std::string::npos);
  CHECK(refusal({"live", scenario, "--modbus", "tcp:5020", "--ir", "tcp:5020"})
            .find("the port of --modbus") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(std::filesystem::symlink_status(link)));
}

TEST_CASE("replay: a journal with a port that the scenario does not have is refused") {
  const tests::Folder folder;
  tools::live::JournalHeader header;
  header.scenario = lonely(folder);
  header.sources = tools::live::checksums_of({header.scenario});
  header.end = 1;
  header.build = tools::build_name();
  for (const std::string port : {"modbus", "mbus", "ir", "usb"}) {
    header.ports = {port};
    const std::string journal = folder.path("journal");
    tools::live::JournalWriter(journal, header).over(1);
    CHECK(refusal({"replay", journal}).find('"' + port + '"') != std::string::npos);
  }
}
