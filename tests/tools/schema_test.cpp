// Schema and loader agree: the published file is what the loader's tables say, an independent
// validator accepts every scenario that loads, and refuses what its language can express.
#include "tools/scenario/schema.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/tools/corpus.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/scenario/keys.h"
#include "tools/scenario/tree.h"

using Json = nlohmann::ordered_json;

namespace {

/// A tree as JSON with every scalar as text, as the loader sees it.
Json as_json(const tools::TreeNode& node) {
  switch (node.kind) {
    case tools::TreeNode::Kind::null:
      return nullptr;
    case tools::TreeNode::Kind::scalar:
      return node.text;
    case tools::TreeNode::Kind::list: {
      Json list = Json::array();
      for (const tools::TreeNode& item : node.items) list.push_back(as_json(item));
      return list;
    }
    case tools::TreeNode::Kind::map:
      break;
  }
  Json map = Json::object();
  for (const tools::Entry& entry : node.entries) map[entry.key] = as_json(entry.value);
  return map;
}

/// What python3-jsonschema says of each document: "valid" or "invalid".
std::vector<std::string> validate(const std::string& schema, const std::vector<Json>& documents) {
  const tests::Folder folder;
  const std::string path = folder.write("documents.json", Json(documents).dump());
  const tests::ProcessResult result =
      tests::run_process({"/usr/bin/python3", tests::repository("tests/tools/validate.py"),
                          tests::repository(schema), path});
  INFO(result.err);
  REQUIRE(result.status == 0);
  std::vector<std::string> out;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) out.push_back(line);
  REQUIRE(out.size() == documents.size());
  return out;
}

const std::string scenario_schema = "scenarios/schema/scenario.schema.json";

}  // namespace

TEST_CASE("the published schema is made from the loader's tables") {
  const std::string published = tests::read_all(tests::repository(scenario_schema));
  CHECK(tools::scenario_schema().dump(2) + "\n" == published);
}

TEST_CASE("every type that a key names is defined") {
  const Json schema = tools::scenario_schema();
  for (const tools::Section& section : tools::sections()) {
    for (const tools::Key& key : section.keys) {
      INFO(section.name << "." << key.name);
      CHECK(schema["$defs"].contains(std::string(key.type)));
    }
  }
}

TEST_CASE("every bundled scenario is valid") {
  std::vector<Json> documents;
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(tests::repository("scenarios"))) {
    if (entry.path().extension() != ".yaml") continue;
    names.push_back(entry.path().filename().string());
    documents.push_back(as_json(tools::read_tree(entry.path().string())));
  }
  REQUIRE(documents.size() >= 13);
  const std::vector<std::string> verdicts = validate(scenario_schema, documents);
  for (std::size_t i = 0; i < names.size(); ++i) {
    INFO(names[i]);
    CHECK(verdicts[i] == "valid");
  }
}

TEST_CASE("the schema refuses of the corpus what a schema can express") {
  std::vector<Json> documents;
  std::vector<tests::BadScenario> judged;
  for (const tests::BadScenario& bad : tests::bad_scenarios()) {
    if (bad.schema == "-") continue;
    judged.push_back(bad);
    documents.push_back(
        as_json(tools::read_tree(tests::repository("tests/tools/bad/" + bad.file))));
  }
  const std::vector<std::string> verdicts = validate(scenario_schema, documents);
  std::size_t refused = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    INFO(judged[i].file);
    CHECK(verdicts[i] == (judged[i].schema == "no" ? "invalid" : "valid"));
    if (verdicts[i] == "invalid") ++refused;
  }
  CHECK(refused >= 30);
}

TEST_CASE("what loads is valid, in every way to write it that the language takes") {
  const std::string variant = "meter: {variant: PRO380-S}\n";
  const std::string head = "duration: 1 s\n" + variant;
  const std::vector<std::string> scenarios = {
      "duration: \" 1 s \"\n" + variant,
      "duration: 1e3ms\n" + variant + "grid: {voltage: +2.3e2 V}\n",
      head + "grid: {current: {rms: 5 A, pf: +5e-1 ind}}\n",
      head + "grid: {current: {rms: 5 A, pf: 0.5cap}}\n",
      head + "parameters: {half: positive}\ngrid: {current: {waveform: \"half_wave_${half}\"}}\n",
      head + "title: true\nexpect: [{register: \"0x02008\", at: 1 s, equals: 230 V, name: 7}]\n",
      "duration: 1 s\nmeter: {variant: PRO380-S CT, settings: {ct_ratio: 0040/5}}\n",
      head + "expect:\n  - {count: s0_forward, equals: 1e1, tolerance: +2}\n"};
  std::vector<Json> documents;
  for (const std::string& text : scenarios) {
    INFO(text);
    CHECK(tests::refusal(text).empty());
    documents.push_back(as_json(tools::parse_tree(text, "text")));
  }
  // As an editor sees it, which knows numbers and yes or no.
  documents[5]["title"] = true;
  documents[5]["expect"][0]["name"] = 7;
  const std::vector<std::string> verdicts = validate(scenario_schema, documents);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    INFO(scenarios[i]);
    CHECK(verdicts[i] == "valid");
  }
}

TEST_CASE("results and logs of a run are valid") {
  const tests::Folder folder;
  const std::string log = folder.path("l.jsonl");
  const std::string json = folder.path("r.json");
  const tests::ProcessResult run =
      tests::vmeter({"run", tests::repository("scenarios/receiver-polarity.yaml"),
                     tests::repository("scenarios/rate-change.yaml"), "--json", json});
  REQUIRE(run.status == 0);
  const std::string ir =
      folder.write("ir.yaml",
                   "duration: 3 s\nmeter: {variant: PRO380-S}\n"
                   "timeline: [{at: 100 ms, ir: {read: U L1}}]\nexpect: [{silent: s0_reverse}]\n");
  // With a collision that is broken off, and without voltage for a while.
  const std::string mbus =
      folder.write("mbus.yaml",
                   "duration: 1 s\nmeters: [{id: m, variant: PRO380-Mb, count: 2}]\n"
                   "mbus: {master: {break_collisions: on, tries: 1}}\n"
                   "timeline:\n  - {at: 300 ms, mbus: {service: REQ_UD2, to: 1}}\n"
                   "  - {at: 700 ms, mbus: {power_off: 100 ms}}\nexpect: [{silent: s0_reverse}]\n");
  for (const std::string& scenario : {tests::repository("scenarios/receiver-polarity.yaml"),
                                      tests::repository("scenarios/rate-change.yaml"), ir, mbus}) {
    REQUIRE(tests::vmeter({"run", scenario, "--log", log, "--trace", "line"}).status == 0);
    std::vector<Json> records;
    std::istringstream lines(tests::read_all(log));
    for (std::string line; std::getline(lines, line);) records.push_back(Json::parse(line));
    REQUIRE(records.size() > 100);
    for (const std::string& verdict : validate("scenarios/schema/log.schema.json", records)) {
      CHECK(verdict == "valid");
    }
  }
  const Json results = Json::parse(tests::read_all(json));
  REQUIRE(results.is_array());
  CHECK(validate("scenarios/schema/result.schema.json", {results})[0] == "valid");
  Json broken = results[0];
  broken.erase("seed");
  CHECK(validate("scenarios/schema/result.schema.json", {results[0], broken}) ==
        std::vector<std::string>{"valid", "invalid"});
}
