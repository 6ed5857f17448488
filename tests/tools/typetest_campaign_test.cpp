// The command, as a program: what it refuses, and what a campaign must not let pass.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;
using tests::Folder;
using tests::ProcessResult;
using tests::vmeter;

namespace {

ProcessResult typetest(std::vector<std::string> options) {
  options.insert(options.begin(), "typetest");
  return vmeter(options);
}

void check_refused(const std::vector<std::string>& options, const std::string& sentence) {
  const ProcessResult result = typetest(options);
  CHECK(result.status == 2);
  CHECK_THAT(result.err, Contains(sentence));
  CHECK(result.out == "");
}

/// Ideal parts but for what `world` says.
std::string device(const Folder& folder, const std::string& variant, const std::string& world) {
  return folder.write("device.yaml",
                      "duration: 1 s\nmeter: {variant: " + variant + "}\n" + world + "\n");
}

}  // namespace

TEST_CASE("wrong usage of typetest is refused in one sentence") {
  const Folder folder;
  check_refused({}, "--variant");
  check_refused({"--variant", "PRO380-X"}, "PRO380-Mod CT");
  check_refused({"--variant", "PRO380-Mod", "--class", "A"}, "expected B or C");
  check_refused({"--variant", "PRO380-Mod", "--filter", "("}, "regular expression");
  check_refused({"--variant", "PRO380-Mod", "--filter", "nonsense"}, "intrinsic");
  check_refused({"--variant", "PRO380-Mod", "--jobs", "0"}, "--jobs");
  check_refused({"--variant", "PRO380-Mod", "--population", "0"}, "--population");
  check_refused({"--variant", "PRO380-Mod", "--population", "3", "--filter", "x"}, "--filter");
  check_refused({"--variant", "PRO380-Mod", "--set", "a=1"}, "--meter");
  for (const char* wrong :
       {"sequence=1", "conducted=0.009", "conducted=nan", "gating=no", "x", "="}) {
    check_refused({"--variant", "PRO380-Mod", "--parameter", wrong}, "--parameter");
  }
  check_refused({"--variant", "PRO380-Mod", "--json", folder.path("no/such/file")}, "no/such");
  check_refused({"--meter", folder.path("missing.yaml")}, "missing.yaml");
  const std::string aron =
      folder.write("aron.yaml", "duration: 1 s\nmeter: {variant: PRO380-Mod, connection: aron}\n");
  check_refused({"--meter", aron}, "3p4w");
  const std::string mb = device(folder, "PRO380-Mb", "");
  check_refused({"--meter", mb, "--variant", "PRO380-Mod"}, "PRO380-Mb");
}

TEST_CASE("a type test neither writes over what it reads nor over its own report") {
  const Folder folder;
  const std::string path = device(folder, "PRO380-Mod", "");
  const std::string before = tests::read_all(path);
  check_refused({"--meter", path, "--filter", "consumption", "--uncalibrated", "--json", path},
                "--json");
  CHECK(tests::read_all(path) == before);
  check_refused({"--variant", "PRO380-Mod", "--report", folder.path("r"), "--json",
                 folder.path("r/campaign.json")},
                "--json");
}

TEST_CASE("a calibrated meter passes its intrinsic errors, the same twice, and writes them down") {
  const Folder folder;
  const std::vector<std::string> options = {"--variant", "PRO380-Mod", "--filter", "^intrinsic$"};
  std::vector<std::string> first = options;
  first.insert(first.end(), {"--json", folder.path("a.json"), "--jobs", "2"});
  const ProcessResult result = typetest(first);
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Contains("typetest PRO380-Mod class B: pass"));
  std::vector<std::string> second = options;
  second.insert(second.end(), {"--json", folder.path("b.json"), "--jobs", "1"});
  CHECK(typetest(second).status == 0);
  nlohmann::json a = nlohmann::json::parse(tests::read_all(folder.path("a.json")));
  nlohmann::json b = nlohmann::json::parse(tests::read_all(folder.path("b.json")));
  CHECK(a["verdict"] == "pass");
  a.erase("wall_s");
  b.erase("wall_s");
  CHECK(a == b);
}

TEST_CASE("a meter as it comes from production fails its intrinsic errors") {
  const ProcessResult result =
      typetest({"--variant", "PRO380-Mod", "--uncalibrated", "--filter", "^intrinsic$"});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("FAIL"));
}

// 60′ are 17.5 mrad: tan 60 of it is 3 %, of a limit of 1 %.
TEST_CASE("a current transformer with too much phase error fails") {
  const Folder folder;
  const std::string path =
      device(folder, "PRO380-Mod", "sensors: {every_phase: {current_lead: 60 arcmin}}");
  const ProcessResult result =
      typetest({"--meter", path, "--uncalibrated", "--filter", "^intrinsic$"});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("PF 0.5 ind"));
}

// 0.7 % holds where class B allows 1 % and does not where class C allows 0.5 %.
TEST_CASE("a class B meter held against class C fails where it passes its own class") {
  const Folder folder;
  const std::string path =
      device(folder, "PRO380-Mod", "sensors: {every_phase: {voltage_ratio: 0.7 %}}");
  CHECK(typetest({"--meter", path, "--uncalibrated", "--filter", "^intrinsic$"}).status == 0);
  const ProcessResult result =
      typetest({"--meter", path, "--uncalibrated", "--class", "C", "--filter", "^intrinsic$"});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("class C: FAIL"));
}

TEST_CASE("a current transformer that was put in the wrong way round fails") {
  const Folder folder;
  const std::string path = device(folder, "PRO380-Mod", "wiring: {reversed: [L2]}");
  const ProcessResult result =
      typetest({"--meter", path, "--uncalibrated", "--filter", "^intrinsic$"});
  CHECK(result.status == 1);
  CHECK_THAT(result.out, Contains("of the energy was registered as exported"));
}

TEST_CASE("a population is told by its spread and its yield") {
  const Folder folder;
  const ProcessResult result =
      typetest({"--variant", "PRO380-Mod", "--population", "2", "--json", folder.path("p.json")});
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Contains("16 points"));
  const nlohmann::json json = nlohmann::json::parse(tests::read_all(folder.path("p.json")));
  CHECK(json["chapters"].size() == 8);
}
