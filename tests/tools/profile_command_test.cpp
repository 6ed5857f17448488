// --profile and vmeter charges, with the firmware that the preset "firmware" builds.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

using Catch::Matchers::Contains;
using tests::Folder;
using tests::ProcessResult;
using tests::vmeter;
using Json = nlohmann::json;

namespace {

constexpr const char* second =
    "duration: 1 s\nmeter: {variant: PRO380-Mod}\ngrid: {current: 5 A}\n";

void refused(const ProcessResult& result, const std::string& fragment) {
  INFO(result.err);
  CHECK(result.status == 2);
  CHECK(result.out.empty());
  CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
  CHECK_THAT(result.err, Contains(fragment));
}

Json named(const Json& list, const std::string& name) {
  for (const Json& item : list) {
    if (item.at("name") == name) return item;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("Profile: every cycle of a run has its place, and the run is the same without") {
  const Folder folder;
  const std::string scenario = folder.write("second.yaml", second);
  const std::string plain = folder.path("plain.jsonl");
  const std::string profiled = folder.path("profiled.jsonl");
  CHECK(vmeter({"run", scenario, "--cpu", "iss", "--log", plain}).status == 0);
  const ProcessResult run = vmeter({"run", scenario, "--cpu", "iss", "--log", profiled, "--profile",
                                    folder.path("profile.json")});
  REQUIRE(run.status == 0);
  CHECK(tests::read_all(plain) == tests::read_all(profiled));

  const Json document = Json::parse(tests::read_all(folder.path("profile.json")));
  REQUIRE(document.size() == 1);
  const Json& meter = document[0];
  CHECK(meter.at("meter") == "m1");
  const std::uint64_t cycles = meter.at("cycles");
  CHECK(cycles <= 25'165'824);
  CHECK(cycles > 25'165'824 - 786'432);  // the meter wakes up for each block, at the latest
  CHECK(meter.at("awake").get<std::uint64_t>() + meter.at("asleep").get<std::uint64_t>() == cycles);
  std::uint64_t own = 0;
  for (const Json& function : meter.at("functions")) own += function.at("own").get<std::uint64_t>();
  CHECK(own == meter.at("awake"));
  // 4096 sample sets a second, 128 a block; the first is complete a little later.
  const Json blocks = named(meter.at("handlers"), "dma_block");
  CHECK(blocks.at("times").get<int>() >= 30);
  CHECK(blocks.at("times").get<int>() <= 32);
  CHECK(named(meter.at("charges"), "signal_path_phase").at("times") ==
        3 * blocks.at("times").get<int>());
  CHECK(named(meter.at("functions"), "signal::process_block").at("calls") == blocks.at("times"));
  CHECK(meter.at("stack").at("bytes") < meter.at("stack").at("of"));
}

TEST_CASE("Profile: as text") {
  const Folder folder;
  const std::string scenario = folder.write("second.yaml", second);
  const std::string path = folder.path("profile.txt");
  REQUIRE(vmeter({"run", scenario, "--cpu", "iss", "--profile", path}).status == 0);
  const std::string text = tests::read_all(path);
  for (const char* part : {"m1: image ", "CPU load ", "stack: ", " function\n", " handler\n",
                           " charge\n", "signal::process_block", "dma_block", "plan_pulse"}) {
    CHECK_THAT(text, Contains(part));
  }
}

TEST_CASE("Profile: refused where nothing can be profiled") {
  const Folder folder;
  const std::string scenario = folder.write("second.yaml", second);
  const std::string other = folder.write("other.yaml", second);
  const std::string path = folder.path("p.txt");
  refused(vmeter({"run", scenario, "--profile", path}),
          "--profile: found no meter that runs an image, expected --cpu iss");
  refused(vmeter({"run", scenario, other, "--cpu", "iss", "--profile", path}),
          "--profile: found 2 scenarios, expected one");
  refused(vmeter({"run", scenario, "--cpu", "iss", "--profile", ""}), "--profile: found no name");
  refused(vmeter({"run", scenario, "--cpu", "iss", "--gdb", "0", "--profile", path}),
          "--profile: found --gdb too");
  refused(vmeter({"run", scenario, "--cpu", "iss", "--profile", path, "--log", path}),
          "which is read or written already");
  refused(vmeter({"run", scenario, "--cpu", "iss", "--profile", folder.path("no/p.txt")}),
          "no/p.txt");
  CHECK(folder.names().size() == 2);
}

TEST_CASE("Charges: measured and written, what was not seen as it is") {
  const Folder folder;
  const std::string scenario = folder.write("second.yaml", second);
  const std::string path = folder.path("table.h");
  const ProcessResult result = vmeter({"charges", scenario, "--write", path});
  INFO(result.err);
  REQUIRE(result.status == 0);
  CHECK_THAT(result.out, Contains("signal_path_phase"));
  CHECK_THAT(result.out, Contains("not seen"));
  const std::string table = tests::read_all(path);
  CHECK_THAT(table, Contains("inline constexpr ChargeRow charge_table[] = {\n    {\"start_up\", "));
  CHECK_THAT(table, !Contains("charge_table_image = 0x0000'0000"));
}

TEST_CASE("Charges: wrong usage is told in a sentence") {
  const Folder folder;
  const std::string scenario = folder.write("second.yaml", second);
  const std::string path = folder.path("table.h");
  refused(vmeter({"charges"}), "FILE");
  refused(vmeter({"charges", scenario, "--check", "--write", path}),
          "--check: found --write too, expected one of them");
  refused(vmeter({"charges", scenario, "--longest", "3 V"}),
          "--longest: found \"3 V\", expected a time");
  refused(vmeter({"charges", scenario, "--longest", "999 ms"}),
          "--longest: found no scenario that is short enough");
  refused(vmeter({"charges", folder.path("none.yaml")}), "none.yaml");
  refused(vmeter({"charges", scenario, "--firmware", scenario}), "second.yaml");
  CHECK(folder.names().size() == 1);
}
