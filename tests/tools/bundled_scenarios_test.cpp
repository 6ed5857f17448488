// Every scenario in scenarios/ loads without a warning; that each holds is same_log_test.cpp's.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/scenario/keys.h"

namespace {

std::vector<std::string> bundled() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(tests::repository("scenarios"))) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("no bundled scenario is warned of but of what it wants and each says what it shows") {
  for (const std::string& path : bundled()) {
    INFO(path);
    const std::string err = tests::vmeter({"check", path}).err;
    if (path.find("mbus-extremes") == std::string::npos) {
      CHECK(err.empty());
    } else {  // 7500/5, to see what that does to an answer
      CHECK(err.find("161 h of full load") != std::string::npos);
      CHECK(std::count(err.begin(), err.end(), '\n') == 1);
    }
    CHECK_FALSE(tools::load_scenario(path).title.empty());
  }
}

TEST_CASE("first light runs ten minutes at least, and crosses every width of the S0 table") {
  const tools::Scenario scenario =
      tools::load_scenario(tests::repository("scenarios/first-light.yaml"));
  CHECK(scenario.duration >= 600 * models::pins::ps_per_s);
  std::vector<tools::Ps> widths;
  for (const tools::Expectation& e : scenario.expectations) {
    const auto* width = std::get_if<tools::ExpectWidth>(&e.kind);
    if (width != nullptr && width->output == tools::Output::s0_forward) {
      widths.push_back(width->equals / models::pins::ps_per_us);
    }
  }
  CHECK(widths == std::vector<tools::Ps>{40'000, 20'000, 10'000, 5'000, 2'500});
}

TEST_CASE("the language's reference names every key") {
  const std::string reference = tests::read_all(tests::repository("scenarios/REFERENCE.md"));
  for (const tools::Section& section : tools::sections()) {
    for (const tools::Key& key : section.keys) {
      INFO(section.name << ": " << key.name);
      CHECK(reference.find("| `" + std::string(key.name) + "`") != std::string::npos);
    }
  }
}

TEST_CASE("the README's pictures of the display are those that `vmeter pages` draws") {
  const tests::Folder folder;
  REQUIRE(tests::vmeter({"pages", "--svg", folder.path("")}).status == 0);
  int pictures = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(tests::repository("scenarios/display"))) {
    const std::string name = entry.path().filename().string();
    INFO(name);
    CHECK(tests::read_all(entry.path().string()) == tests::read_all(folder.path(name)));
    ++pictures;
  }
  CHECK(pictures >= 6);
}
