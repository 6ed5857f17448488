// The file of a saved state: what is refused, in one sentence with status 2, and what is left
// behind when it cannot be written.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;

namespace {

constexpr const char* scenario_text =
    "duration: 1 s\nmeter: {variant: PRO380-Mod}\ngrid: {current: 5 A}\n"
    "expect:\n  - {silent: s0_reverse, to: 200 ms}\n  - {silent: s0_reverse}\n";

struct Saved {
  Saved() : scenario(folder.write("a.yaml", scenario_text)), state(folder.path("a.state")) {
    const tests::ProcessResult result =
        tests::vmeter({"run", scenario, "--until", "300 ms", "--save-state", state, "--json",
                       folder.path("a.json")});
    INFO(result.err);
    REQUIRE(result.status == 0);
  }

  tests::ProcessResult load(const std::string& file) const {
    return tests::vmeter({"run", scenario, "--load-state", file, "--log", folder.path("log")});
  }
  /// Status 2, one sentence that holds `what`, and no log.
  void check_refused(const std::string& file, const char* what) const {
    const tests::ProcessResult result = load(file);
    INFO(result.err);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    CHECK_THAT(result.err, Contains(what));
    const std::vector<std::string> names = folder.names();
    CHECK(std::find(names.begin(), names.end(), "log") == names.end());
  }
  std::string with_header(const char* key, const nlohmann::ordered_json& value) const {
    const std::string bytes = tests::read_all(state);
    const std::size_t end = bytes.find('\n');
    auto header = nlohmann::ordered_json::parse(bytes.substr(0, end));
    header[key] = value;
    return folder.write("changed.state", header.dump() + bytes.substr(end));
  }

  tests::Folder folder;
  std::string scenario;
  std::string state;
};

}  // namespace

TEST_CASE("a run until a time judges what is decided by then and says what it saved") {
  const Saved saved;
  const auto json = nlohmann::json::parse(tests::read_all(saved.folder.path("a.json")));
  CHECK(json["expectations"].size() == 1);  // of the other interval 700 ms are still to come
  CHECK(json["saved_at"]["file"] == saved.state);
  // 300 ms, what a record may come late, and at most 2 s until all is quiet.
  const long long instant = std::stoll(json["saved_at"]["instant_ps"].get<std::string>());
  CHECK(instant >= 300'000'000'000);
  CHECK(instant <= 2'300'000'000'000);
  const std::string bytes = tests::read_all(saved.state);
  const auto header = nlohmann::json::parse(bytes.substr(0, bytes.find('\n')));
  CHECK(header["vmeter_state"] == 1);
  CHECK(header["meters"][0]["variant"] == "PRO380-Mod");
  CHECK(header["instant_ps"] == json["saved_at"]["instant_ps"]);
  CHECK(header["body_bytes"] == bytes.size() - bytes.find('\n') - 1);
  CHECK_THAT(saved.load(saved.state).out,
             Contains("went on from " + saved.state) && Contains("2 of 2 expectations hold"));
}

TEST_CASE("what is no whole state of this build is refused in a sentence") {
  const Saved saved;
  const std::string bytes = tests::read_all(saved.state);
  saved.check_refused(saved.folder.path("nowhere"), "found no such file, expected a saved state");
  saved.check_refused(saved.folder.path(""), "found something that is no file");
  saved.check_refused(saved.scenario, "found a file that is no saved state");
  saved.check_refused(saved.folder.write("empty", ""), "found a file that is no saved state");
  saved.check_refused(saved.folder.write("half", bytes.substr(0, bytes.size() / 2)),
                      "bytes behind the first line, expected");
  saved.check_refused(saved.folder.write("longer", bytes + "x"), "bytes behind the first line");
  for (const std::size_t at : {bytes.find('\n') + 1, bytes.size() / 2, bytes.size() - 1}) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    saved.check_refused(saved.folder.write("damaged", damaged), "its checksum is wrong");
  }
  saved.check_refused(saved.folder.write("head", bytes.substr(0, 40)), "that is no saved state");
  saved.check_refused(saved.with_header("vmeter_state", 2), "found a state of format 2");
  saved.check_refused(saved.with_header("build", "v0"), "found a state of build v0");
  saved.check_refused(saved.with_header("firmware_crc", "0x00000000"), "firmware 0x00000000");
  saved.check_refused(saved.with_header("seed", "many"), "whose first line is damaged");
  // Each of these would begin the run anew with the meters alone, or be told of another instant.
  saved.check_refused(saved.with_header("seed", 1), "its checksum is wrong");
  saved.check_refused(saved.with_header("scenario_hash", "0x00000000-1"), "its checksum is wrong");
  saved.check_refused(saved.with_header("instant_ps", "1"), "its checksum is wrong");
  saved.check_refused(saved.with_header("meters", {{{"id", 5}}}), "its checksum is wrong");
}

TEST_CASE("a state of other meters is refused and so is one of a meter made otherwise") {
  const Saved saved;
  const auto refused = [&](const char* meter, const char* what) {
    const std::string path = saved.folder.write(
        "b.yaml", std::string("duration: 1 s\n") + meter + "\nexpect: [{silent: s0_reverse}]\n");
    const tests::ProcessResult result = tests::vmeter({"run", path, "--load-state", saved.state});
    CHECK(result.status == 2);
    CHECK_THAT(result.err, Contains(what));
  };
  refused("meter: {id: other, variant: PRO380-Mod}",
          "found a state of m1 (PRO380-Mod), expected one of other (PRO380-Mod)");
  refused("meter: {variant: PRO380-S}",
          "found a state of m1 (PRO380-Mod), expected one of m1 (PRO");
  refused("meters: [{variant: PRO380-Mod}, {variant: PRO380-Mod}]", "expected one of m1");
  refused("meter: {variant: PRO380-Mod, settings: {serial: 025700000001}}",
          "found a state of meters that were made otherwise");
}

TEST_CASE("options of a saved state that cannot be meant are refused") {
  const Saved saved;
  const std::string& s = saved.scenario;
  const std::string out = saved.folder.path("out");
  const auto refused = [](std::vector<std::string> arguments, const std::string& what) {
    const tests::ProcessResult result = tests::vmeter(std::move(arguments));
    INFO(result.err);
    CHECK(result.status == 2);
    CHECK_THAT(result.err, Contains(what));
  };
  const std::string other = saved.folder.write("b.yaml", scenario_text);
  refused({"run", s, other, "--save-state", out}, "--save-state: found 2 scenarios, expected one");
  refused({"run", s, other, "--load-state", saved.state}, "--load-state: found 2 scenarios");
  refused({"run", s, other, "--until", "1 ms"}, "--until: found 2 scenarios, expected one");
  refused({"run", s, "--jobs", "2", "--save-state", out}, "--save-state: found --jobs 2 beside it");
  refused({"run", s, "--until", "2 s"},
          "--until: found \"2 s\", expected at most the scenario's end");
  refused({"run", s, "--until", "0 s"}, "--until: found \"0 s\"");
  refused({"run", s, "--until", "soon"}, "--until: found \"soon\", expected a time");
  refused({"run", s, "--save-state", ""}, "--save-state: found no value");
  refused({"run", s, "--load-state", saved.state, "--until", "200 ms"},
          "expected one before the end of the run at 200 ms");
  refused({"run", s, "--save-state", out, "--log", out}, "which is read or written already");
  refused({"run", s, "--save-state", s}, "which is read or written already");
  refused({"run", s, "--load-state", saved.state, "--log", saved.state},
          "--log: found \"" + saved.state + "\", which is read or written already");
  refused(
      {"run", s, "--load-state", saved.state, "--save-state", saved.state, "--json", saved.state},
      "which is read or written already");
  refused({"run", s, "--save-state", saved.folder.path("no/folder")}, "cannot be written");
  refused({"live", s, "--save-state", out}, "save-state");
  refused({"replay", s, "--load-state", out}, "load-state");
  CHECK(saved.folder.names().size() == 4);  // two scenarios, the state, its result
}

TEST_CASE("a full disk leaves no half of a state and no file of the run behind it") {
  const Saved saved;
  const tests::ProcessResult result = tests::vmeter(
      {"run", saved.scenario, "--save-state", "/dev/full", "--json", saved.folder.path("j")});
  CHECK(result.status == 3);
  CHECK_THAT(result.err, Contains("/dev/full: could not be written: No space left on device"));
  const std::vector<std::string> names = saved.folder.names();
  CHECK(std::find(names.begin(), names.end(), "j") == names.end());
}

TEST_CASE("a run may save over the state that it went on from") {
  const Saved saved;
  const tests::ProcessResult first =
      tests::vmeter({"run", saved.scenario, "--load-state", saved.state, "--until", "600 ms",
                     "--save-state", saved.state});
  CHECK(first.status == 0);
  CHECK(saved.load(saved.state).status == 0);
}
