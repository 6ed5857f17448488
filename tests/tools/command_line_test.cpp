#include <catch2/catch.hpp>
#include <filesystem>

#include "metrology/registers/table.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/cli/version.h"

using Catch::Matchers::Contains;
using tests::Folder;
using tests::ProcessResult;
using tests::vmeter;

namespace {

const std::string first_light = tests::repository("scenarios/first-light.yaml");

/// Status 2 and one sentence that holds `fragment`.
void refused(const std::vector<std::string>& arguments, const std::string& fragment) {
  const ProcessResult result = vmeter(arguments);
  INFO(result.err);
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  CHECK_THAT(result.err, Contains(fragment));
}

}  // namespace

TEST_CASE("wrong usage is status 2 and one sentence") {
  refused({}, "found no command");
  refused({"fly"}, "found the command \"fly\"");
  refused({"run"}, "expected vmeter run FILE");
  refused({"run", first_light, "--frobnicate"}, "--frobnicate");
  refused({"run", first_light, "--sync", "sometimes"}, "expected horizon or cycle");
  refused({"run", first_light, "--jobs", "0"}, "--jobs: found \"0\"");
  refused({"run", first_light, "--jobs", "many"}, "--jobs: found \"many\"");
  refused({"run", first_light, "--seed", "-1"}, "--seed: found \"-1\"");
  refused({"run", first_light, "--filter", "["}, "expected a regular expression");
  refused({"run", first_light, "--filter", "no such"}, "found no scenario that matches");
  refused({"run", first_light, "--set", "duration"}, "expected PATH=VALUE");
  refused({"run", first_light, first_light, "--log", "/dev/null"}, "expected one");
  refused({"run", first_light, first_light, "--report", "/tmp/never"}, "two scenarios called");
  refused({"run", first_light, "--log", "/tmp/never", "--csv", "/tmp/never"},
          "read or written already");
  refused({"run", first_light, "--log", first_light}, "read or written already");
  for (const char* option : {"--json", "--junit", "--log", "--vcd", "--csv", "--report"}) {
    refused({"run", first_light, option, ""}, "found no name");
  }
  for (const char* step : {"2 us", "1 ms", "-1 ns", "1", "0 ps"}) {
    refused({"run", first_light, "--vcd", "/tmp/never", "--vcd-step", step}, "--vcd-step: found");
  }
  refused({"info"}, "expected vmeter info VARIANT");
  refused({"info", "PRO380"}, "found the variant \"PRO380\"");
  refused({"registers", "more"}, "expected vmeter registers");
  refused({"check"}, "found no file");
  refused({"diff", "a", "b", "--context", "x"}, "--context");
}

TEST_CASE("every command explains itself") {
  for (const char* command : {"run", "check", "info", "registers", "diff"}) {
    const ProcessResult result = vmeter({command, "--help"});
    CHECK(result.status == 0);
    CHECK_THAT(result.out, Contains(std::string("Usage: vmeter ") + command));
  }
  CHECK_THAT(vmeter({"--help"}).out, Contains("run FILE"));
}

TEST_CASE("the version names the build and the firmware's CRC") {
  const ProcessResult result = vmeter({"--version"});
  CHECK(result.status == 0);
  char crc[9];
  std::snprintf(crc, sizeof crc, "%08X", tools::firmware_crc());
  CHECK_THAT(result.out, Contains("vmeter 0.") && Contains(crc));
}

TEST_CASE("registers prints every row of the table with its addresses and accesses") {
  const ProcessResult result = vmeter({"registers"});
  CHECK(result.status == 0);
  for (const auto& row : metrology::registers::rows) {
    char address[8];
    std::snprintf(address, sizeof address, "0x%04X", row.address);
    CHECK_THAT(result.out, Contains(address) && Contains(row.name));
  }
}

TEST_CASE("info prints the nameplate, and what of it is not simulated") {
  const ProcessResult direct = vmeter({"info", "PRO380-Mod"});
  CHECK(direct.status == 0);
  CHECK_THAT(direct.out, Contains("5(100) A") && Contains("class B") && Contains("0x0102") &&
                             Contains("0257") && Contains("Not simulated") && Contains("IP51") &&
                             Contains("6 kV") && Contains("0.39 kg"));
  const ProcessResult ct = vmeter({"info", "PRO380-S CT"});
  CHECK_THAT(ct.out, Contains("1.5(6) A") && Contains("class C") && Contains("0x0103") &&
                         Contains("0258") && Contains("1.5 mA"));
}

TEST_CASE("option --list names the scenarios that --filter leaves, and runs none") {
  const std::string aron = tests::repository("scenarios/aron.yaml");
  const ProcessResult all = vmeter({"run", first_light, aron, "--list"});
  CHECK(all.status == 0);
  CHECK_THAT(all.out, Contains("first-light  A direct meter") && Contains("aron"));
  CHECK_THAT(all.out, !Contains("simulated"));
  const ProcessResult some = vmeter({"run", first_light, aron, "--list", "--filter", "^ar"});
  CHECK_THAT(some.out, Contains("aron") && !Contains("first-light"));
}

TEST_CASE("check accepts every bundled scenario without a warning and warns on stderr") {
  const Folder folder;
  CHECK(vmeter({"check", first_light}).err.empty());
  const std::string path = folder.write("s.yaml",
                                        "duration: 1 s\nmeter: {variant: PRO380-S}\n"
                                        "timeline:\n  - {at: 5 s, set: {current: 1 A}}\n"
                                        "expect:\n  - {silent: s0_forward}\n");
  const ProcessResult result = vmeter({"check", path});
  CHECK(result.status == 0);
  CHECK_THAT(result.err, Contains("warning: " + path + ":4:5: found an event at 5 s"));
}

TEST_CASE("option --set and --seed reach the run") {
  const Folder folder;
  const std::string path =
      folder.write("s.yaml",
                   "parameters: {u: 230 V}\nduration: 4 s\nmeter: {variant: PRO380-S}\n"
                   "grid: {voltage: \"${u}\"}\n"
                   "expect:\n  - {register: U L1, at: 3 s, equals: 207 V}\n");
  CHECK(vmeter({"run", path}).status == 1);
  const ProcessResult result = vmeter({"run", path, "--set", "parameters.u=207 V", "--seed", "77"});
  CHECK(result.status == 0);
  CHECK_THAT(result.out, Contains("seed 77"));
}

TEST_CASE("no output lies over another, over what is read, or over what is printed") {
  const Folder folder;
  folder.write("part.yaml", "duration: 1 s\nmeter: {variant: PRO380-S}\n");
  const std::string path = folder.write("s.yaml", "include: part.yaml\n");
  const std::string report = folder.path("report");
  refused({"run", path, "--json", folder.path("part.yaml")}, "read or written already");
  refused({"run", path, "--json", folder.path("./part.yaml")}, "read or written already");
  refused({"run", path, "--report", report, "--json", report + "/results.json"},
          "read or written already");
  refused({"run", path, "--report", report, "--log", report + "/s.vcd"}, "read or written already");
  refused({"run", path, "--report", report, "--seed", "x"}, "--seed");
  CHECK(folder.names() == std::vector<std::string>{"part.yaml", "s.yaml"});
  tests::ProcessOptions options;
  options.stdout_path = folder.path("out");
  const ProcessResult result = vmeter({"run", path, "--json", folder.path("out")}, options);
  CHECK(result.status == 2);
  CHECK_THAT(result.err, Contains("where the standard output or error goes"));
}

TEST_CASE("a path that the system cannot follow is wrong input, not a fault") {
  const Folder folder;
  const std::string path = folder.write("s.yaml", "duration: 1 s\nmeter: {variant: PRO380-S}\n");
  std::filesystem::create_symlink("loop", folder.path("loop"));
  for (const char* option : {"--json", "--log", "--report"}) {
    refused({"run", path, option, folder.path("loop")}, "symbolic links");
    refused({"run", path, option, folder.path(std::string(300, 'x'))}, "too long");
  }
}
