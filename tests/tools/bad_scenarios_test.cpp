// Every bad scenario of the corpus through the real program.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/tools/corpus.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;
using tests::BadScenario;

TEST_CASE("the corpus holds at least forty bad scenarios, and its table all of them") {
  std::set<std::string> listed;
  for (const BadScenario& bad : tests::bad_scenarios()) listed.insert(bad.file);
  CHECK(listed.size() >= 40);
  for (const auto& entry :
       std::filesystem::directory_iterator(tests::repository("tests/tools/bad"))) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK((name == "expected.tsv" || listed.count(name) == 1));
  }
}

TEST_CASE("a bad scenario gives status 2, one sentence and no file") {
  for (const BadScenario& bad : tests::bad_scenarios()) {
    const tests::Folder folder;
    const std::string path = tests::repository("tests/tools/bad/" + bad.file);
    const tests::ProcessResult result =
        tests::vmeter({"run", path, "--json", folder.path("r.json"), "--log", folder.path("l"),
                       "--junit", folder.path("j.xml"), "--report", folder.path("report")});
    INFO(bad.file << ": " << result.err);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, Contains(bad.sentence));
    CHECK(folder.names().empty());
  }
}

TEST_CASE("check says the same of a bad scenario as run") {
  for (const BadScenario& bad : tests::bad_scenarios()) {
    const tests::ProcessResult result =
        tests::vmeter({"check", tests::repository("tests/tools/bad/" + bad.file)});
    INFO(bad.file << ": " << result.err);
    CHECK(result.status == 2);
    CHECK_THAT(result.err, Contains(bad.sentence));
  }
}

TEST_CASE("a scenario that is a directory, is missing or may not be read is said so") {
  const tests::Folder folder;
  CHECK_THAT(tests::vmeter({"run", folder.path("")}).err, Contains("Is a directory"));
  const tests::ProcessResult missing = tests::vmeter({"run", folder.path("nowhere.yaml")});
  CHECK(missing.status == 2);
  CHECK_THAT(missing.err, Contains("No such file"));
}
