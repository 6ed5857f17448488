#include "tools/scenario/compose.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/tools/files.h"

using tests::Folder;

namespace {

const std::string meter = "meter: {variant: PRO380-Mod}\n";

}  // namespace

TEST_CASE("an included file lies under the including one: maps merge, lists follow") {
  const Folder folder;
  folder.write("base.yaml",
               "duration: 5 s\ngrid: {voltage: 230 V, current: 1 A}\n"
               "expect:\n  - {name: first, silent: s0_forward}\n" +
                   meter);
  const std::string path = folder.write("top.yaml",
                                        "include: base.yaml\nduration: 7 s\n"
                                        "grid: {current: 2 A}\n"
                                        "expect:\n  - {name: second, silent: s0_reverse}\n");
  const tools::Scenario scenario = tools::load_scenario(path);
  CHECK(scenario.duration == 7 * models::pins::ps_per_s);
  REQUIRE(scenario.meters.front().grid.size() == 1);
  CHECK(scenario.meters.front().grid[0].voltage[0].rms_V == 230.0);
  CHECK(scenario.meters.front().grid[0].current[2].rms_A == 2.0);
  REQUIRE(scenario.expectations.size() == 2);
  CHECK(scenario.expectations[0].name == "first");
  CHECK(scenario.expectations[1].name == "second");
}

TEST_CASE("includes are relative to the file that names them") {
  const Folder folder;
  std::filesystem::create_directory(folder.path("parts"));
  folder.write("parts/outer.yaml", "include: inner.yaml\n");
  folder.write("parts/inner.yaml", meter);
  const std::string path = folder.write("top.yaml", "include: [parts/outer.yaml]\nduration: 1 s\n");
  CHECK(tools::load_scenario(path).meters.size() == 1);
}

TEST_CASE("an error in an included file names that file") {
  const Folder folder;
  folder.write("part.yaml", "grid:\n  voltage: 230\n" + meter);
  const std::string path = folder.write("top.yaml", "include: part.yaml\nduration: 1 s\n");
  CHECK_THROWS_WITH(tools::load_scenario(path),
                    Catch::Matchers::StartsWith(folder.path("part.yaml") + ":2:12: "));
}

TEST_CASE("parameters are put in wherever they are named") {
  const tools::Scenario scenario =
      tests::load("parameters: {load: 5, kind: ind}\nduration: 1 s\n" + meter +
                  "grid: {current: {rms: \"${load} A\", pf: \"0.5 ${kind}\"}}\n");
  CHECK(scenario.meters[0].grid[0].current[0].rms_A == 5.0);
  CHECK(scenario.meters[0].grid[0].current[0].lag_deg.value() == Approx(60));
}

TEST_CASE(
    "option --set replaces a value, adds a key and reaches into lists by position and by name") {
  const Folder folder;
  const std::string path =
      folder.write("s.yaml", "parameters: {load: 5 A}\nduration: 1 s\n" + meter +
                                 "grid: {current: \"${load}\"}\n"
                                 "timeline:\n  - {at: 100 ms, set: {current: 6 A}}\n"
                                 "expect:\n  - {name: quiet, silent: s0_forward}\n");
  const auto with = [&path](const std::string& text) {
    return tools::load_scenario(path, {tools::parse_override(text)});
  };
  CHECK(with("parameters.load=7 A").meters[0].grid[0].current[0].rms_A == 7.0);
  CHECK(with("grid.voltage=207 V").meters[0].grid[0].voltage[0].rms_V == 207.0);
  CHECK(with("timeline[0].at=200 ms").timeline[0].at[0] == 200 * models::pins::ps_per_ms);
  CHECK(std::get<tools::ExpectSilent>(with("expect[quiet].to=500 ms").expectations[0].kind).to ==
        500 * models::pins::ps_per_ms);
  CHECK(with("seed=9").seed == 9);
}

TEST_CASE("option --set is refused with its own text as the place") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", "duration: 1 s\n" + meter);
  const auto with = [&path](const std::string& text) {
    return tools::load_scenario(path, {tools::parse_override(text)});
  };
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(with("duration=10"),
                    "--set duration:1:1: duration: found \"10\" without a "
                    "unit, expected a time such as 40 ms");
  CHECK_THROWS_WITH(with("nothing.here=1"), Contains("found no \"nothing\""));
  CHECK_THROWS_WITH(with("timeline[0].at=1 s"),
                    Contains("found no \"0\"") || Contains("found no \"timeline\""));
  for (const char* text :
       {"duration", "=5", "duration=", ".a=1", "a..b=1", "a.=1", "[0]=1", "a[=1", "a[]=1"}) {
    INFO(text);
    CHECK_THROWS_AS(with(text), tools::InputError);
  }
}

TEST_CASE("option --set comes when all files are included") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", "duration: 1 s\n" + meter);
  CHECK_THROWS_WITH(tools::load_scenario(path, {tools::parse_override("include=other.yaml")}),
                    Catch::Matchers::Contains("found include"));
}

TEST_CASE("a scenario knows every file that it was read from") {
  const Folder folder;
  folder.write("inner.yaml", meter);
  folder.write("outer.yaml", "include: inner.yaml\n");
  const std::string path = folder.write("top.yaml", "include: [outer.yaml]\nduration: 1 s\n");
  CHECK(tools::load_scenario(path).sources ==
        std::vector<std::string>{path, folder.path("outer.yaml"), folder.path("inner.yaml")});
}

TEST_CASE("parameters cannot blow up a value") {
  const auto load = [](int times) {
    std::string text = "parameters: {a: " + std::string(1000, 'x') + "}\ntitle: \"";
    for (int i = 0; i < times; ++i) text += "${a}";
    return tests::refusal(text + "\"\nduration: 1 s\n" + meter);
  };
  CHECK_THAT(load(2), Catch::Matchers::Contains("title: found"));
  CHECK_THAT(load(12), Catch::Matchers::Contains("more than 10000 characters"));
}
