#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <pugixml.hpp>

#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tests/tools/synthetic.h"
#include "tools/report/output_file.h"
#include "tools/report/pulse_table.h"
#include "tools/report/result.h"

using models::pins::ps_per_ms;
using models::pins::ps_per_s;

namespace {

tools::ScenarioResult example() {
  tools::ScenarioResult result;
  result.scenario = "a<b> & \"c\"";
  result.pass = false;
  result.expectations = {{"width", true, "40 ms ± 1 core clock", "3 pulses", ps_per_s},
                         {"count \"x\" <y>", false, "5", "4", 1500 * ps_per_ms},
                         {"late", false, "7", std::nullopt, 99 * ps_per_s}};
  result.simulated_s = 10;
  result.wall_s = 0.005;
  result.seed = 18'446'744'073'709'551'615ull;
  result.build = "0.1.0-abc";
  return result;
}

}  // namespace

TEST_CASE("a result as JSON has the published fields") {
  const auto json = nlohmann::ordered_json::parse(tools::results_document({example()}, false));
  CHECK(json["scenario"] == "a<b> & \"c\"");
  CHECK(json["verdict"] == "fail");
  CHECK(json["expectations"].size() == 3);
  CHECK(json["expectations"][0]["verdict"] == "pass");
  CHECK(json["expectations"][0]["at"] == 1.0);
  CHECK(json["expectations"][2]["seen"].is_null());
  CHECK(json["real_time_factor"] == 2000.0);
  CHECK(json["seed"] == 18'446'744'073'709'551'615ull);
}

TEST_CASE("several results are a list") {
  const auto json = nlohmann::json::parse(tools::results_document({example(), example()}, true));
  REQUIRE(json.is_array());
  CHECK(json.size() == 2);
  // Of several that were asked for, one may be all that was done before an interrupt.
  CHECK(nlohmann::json::parse(tools::results_document({example()}, true)).is_array());
}

TEST_CASE("a result comes through JSON unchanged") {
  const tools::ScenarioResult back = tools::result_from_json(tools::to_json(example()));
  CHECK(tools::to_json(back) == tools::to_json(example()));
  CHECK(back.expectations[1].at == 1500 * ps_per_ms);
}

TEST_CASE("JUnit is well formed and holds every expectation, failures with what was seen") {
  pugi::xml_document document;
  REQUIRE(document.load_string(tools::junit_document({example()}).c_str()));
  const pugi::xml_node suite = document.child("testsuites").child("testsuite");
  CHECK(std::string(suite.attribute("name").value()) == "a<b> & \"c\"");
  CHECK(suite.attribute("tests").as_int() == 3);
  CHECK(suite.attribute("failures").as_int() == 2);
  std::vector<std::string> messages;
  for (const pugi::xml_node node : suite.children("testcase")) {
    messages.emplace_back(node.child("failure").attribute("message").value());
  }
  REQUIRE(messages.size() == 3);
  CHECK(messages[0].empty());
  CHECK(messages[1] == "expected 5, seen 4 at 1.5 s");
  CHECK(messages[2] == "expected 7, seen not reached at 99 s");
}

TEST_CASE("the verdict table has a line an expectation and one for the verdict") {
  const std::string table = tools::verdict_table(example());
  CHECK(std::count(table.begin(), table.end(), '\n') == 5);
  using Catch::Matchers::Contains;
  CHECK_THAT(table, Contains("4 at 1.5 s") && Contains("not reached at 99 s") &&
                        Contains("FAIL, 2 of 3 expectations do not hold") &&
                        Contains("10 s simulated") && Contains("2000 times real time") &&
                        Contains("seed 18446744073709551615"));
}

TEST_CASE("columns are as wide as their widest cell counts characters") {
  CHECK(tools::columns({{"µ", "b"}, {"xy", "c"}}) == "µ   b\nxy  c\n");
}

TEST_CASE("the pulse table gives exact decimals") {
  const tests::Folder folder;
  tests::Bench bench(0);
  bench.scenario.meters[0].id = "m1";
  bench.train(tools::Output::s0_forward) = {
      {1, 40'000'001'590}, {ps_per_s + 1, 2 * ps_per_s}, {3 * ps_per_s, models::pins::ps_never}};
  {
    tools::OutputFile file(folder.path("p.csv"));
    tools::write_pulse_table(bench.scenario, bench.evidence, file);
    file.commit();
  }
  CHECK(tests::read_all(folder.path("p.csv")) ==
        "output,start_s,width_ms,interval_ms\n"
        "m1.s0_forward,0.000000000001,40.000001589,\n"
        "m1.s0_forward,1.000000000001,999.999999999,1000.000000000\n"
        "m1.s0_forward,3.000000000000,,1999.999999999\n");
}

TEST_CASE("an output file appears when it is complete, and not before") {
  const tests::Folder folder;
  folder.write("f", "old");
  {
    tools::OutputFile file(folder.path("f"));
    file.write("new");
    CHECK(tests::read_all(folder.path("f")) == "old");
  }
  CHECK(tests::read_all(folder.path("f")) == "old");
  CHECK(folder.names() == std::vector<std::string>{"f"});
  tools::write_file(folder.path("f"), "new");
  CHECK(tests::read_all(folder.path("f")) == "new");
  CHECK(folder.names() == std::vector<std::string>{"f"});
}

TEST_CASE("an output that cannot be is refused at once, a full disk is said later") {
  const tests::Folder folder;
  CHECK_THROWS_AS(tools::OutputFile(folder.path("nowhere/f")), tools::OutputRefused);
  CHECK_THROWS_AS(tools::OutputFile(folder.path("")), tools::OutputRefused);
  tools::OutputFile full("/dev/full");
  full.write("something");
  CHECK_THROWS_AS(full.commit(), tools::OutputFailed);
}

TEST_CASE("an output that is a link is written where the link leads, and the link stays") {
  const tests::Folder folder;
  folder.write("there", "old");
  std::filesystem::create_symlink("there", folder.path("link"));
  std::filesystem::create_symlink("not yet", folder.path("early"));
  tools::write_file(folder.path("link"), "new");
  tools::write_file(folder.path("early"), "first");
  CHECK(tests::read_all(folder.path("there")) == "new");
  CHECK(tests::read_all(folder.path("not yet")) == "first");
  CHECK(std::filesystem::is_symlink(folder.path("link")));
  CHECK(folder.names() == std::vector<std::string>{"early", "link", "not yet", "there"});
  CHECK(tools::output_identity(folder.path("link")) ==
        tools::output_identity(folder.path("there")));
}

TEST_CASE("a pipe is opened once: its reader sees one beginning and one end") {
  const tests::Folder folder;
  const std::string pipe = folder.path("pipe");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const tests::ProcessResult result = tests::run_process(
      {"timeout", "20", "bash", "-c",
       "cat \"$1\" & \"$0\" run \"$2\" --json \"$1\" >/dev/null && wait", PRO380_VMETER, pipe,
       folder.write("s.yaml", "duration: 1 s\nmeter: {variant: PRO380-S}\n")});
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Catch::Matchers::Contains("\"verdict\": \"pass\""));
}
