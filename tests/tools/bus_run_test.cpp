// The bus through the real program: its log, its waveform, and that neither sync mode nor looking
// changes it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tools/files.h"
#include "tests/tools/log_records.h"
#include "tests/tools/process.h"

using Json = nlohmann::json;

using tests::records;
using tests::without;

namespace {

/// Four meters, two of them with one ID, noise, a cable that rings: whatever a bus can do, within
/// a second.
const char* busy =
    "duration: 900 ms\nseed: 3\n"
    "meters:\n"
    "  - {id: m, count: 3, variant: PRO380-Mod, settings: {meter_id: 1, crystal: 30 ppm}}\n"
    "  - {id: x, variant: PRO380-Mod, settings: {meter_id: 2, crystal: -200 ppm}}\n"
    "grid: {voltage: 230 V, current: 5 A}\n"
    "bus:\n"
    "  cable: {length: 800 m, termination: near}\n"
    "  master: {timeout: 60 ms}\n"
    "  noise: {rate: 40 Hz, width: 50 us, amplitude: 7 V}\n"
    "timeline:\n"
    "  - {at: 60 ms, name: all, modbus: {poll: [meter ID, U L1]}}\n"
    "expect:\n"
    "  - {exchanges: all, outcome: answer, at_least: 8}\n";

}  // namespace

TEST_CASE("horizon and cycle agree on a bus with collisions and noise, and so do two seeds not") {
  const tests::Folder folder;
  const auto log = [](const std::vector<std::string>& options) {
    return tests::log_of(busy, options);
  };
  const std::string horizon = log({});
  CHECK(records(horizon, "bus.master").size() > 100);
  CHECK(log({"--sync", "cycle"}) == horizon);
  CHECK(log({"--seed", "4"}) != horizon);
  // To look at the line changes nothing else.
  CHECK(log({"--vcd", folder.path("w.vcd")}) == horizon);
  const std::string traced = log({"--trace", "line"});
  CHECK(records(traced, "bus.line").size() > 300);
  CHECK(without(traced, "\"bus.line\"") == horizon);
}

TEST_CASE("a byte in the log stands at its end with its start, and the line's edges are its bits") {
  const tests::Folder folder;
  const std::string path = folder.write("one.yaml",
                                        "duration: 1 s\nmeter: {variant: PRO380-Mod}\n"
                                        "bus: {cable: {length: 0 m}}\n"
                                        "timeline:\n"
                                        "  - {at: 900 ms, modbus: {bytes: 55, crc: none}}\n"
                                        "expect: [{silent: s0_forward}]\n");
  REQUIRE(tests::vmeter({"run", path, "--log", folder.path("l"), "--trace", "line", "--vcd",
                         folder.path("w")})
              .status == 0);
  const std::string log = tests::read_all(folder.path("l"));
  const std::vector<Json> bytes = records(log, "bus.master");
  REQUIRE(bytes.size() == 1);
  const std::uint64_t start = bytes[0]["start"];
  CHECK(start == 900'104'166'667);  // the driver is on a bit time before
  CHECK(bytes[0]["t"] == start + 1'145'833'333);
  CHECK(bytes[0]["value"] == 0x55);
  // 0x55 is a square wave of nine edges; the parity bit 0 joins the last data bit.
  const std::vector<Json> edges = records(log, "bus.line");
  REQUIRE(edges.size() == 11);
  CHECK(edges[0]["t"] == 0);
  for (std::uint64_t n = 0; n < 9; ++n) {
    const std::uint64_t ideal = start + (n * 1'000'000'000'000 + 4800) / 9600;
    const std::uint64_t t = edges[n + 1]["t"];
    CHECK(t > ideal);
    CHECK(t < ideal + 100'000);  // 100 ns of thresholds
    CHECK(edges[n + 1]["mark"] == (n % 2 == 1));
  }
  CHECK(edges[10]["mark"] == true);
  CHECK(tests::read_all(folder.path("w")).find("$scope module bus $end\n$var wire 1") !=
        std::string::npos);
}

TEST_CASE("a failed expectation on an answer says what, when, expected and seen") {
  const tests::Folder folder;
  const std::string path = folder.write("wrong.yaml",
                                        "duration: 2 s\nmeter: {variant: PRO380-Mod}\nbus: {}\n"
                                        "timeline:\n"
                                        "  - {at: 1 s, name: id, modbus: {read: meter ID}}\n"
                                        "  - {at: 1.99 s, name: late, modbus: {read: meter ID}}\n"
                                        "expect:\n"
                                        "  - {answer: id, equals: 2}\n"
                                        "  - {answer: late, equals: 1}\n");
  const tests::ProcessResult result = tests::vmeter({"run", path, "--json", folder.path("r.json")});
  CHECK(result.status == 1);
  const Json json = Json::parse(tests::read_all(folder.path("r.json")));
  const Json& id = json["expectations"][0];
  CHECK(id["name"] == "answer id");
  CHECK(id["expected"] == "2");
  CHECK(id["seen"] == "1");
  CHECK(json["expectations"][1]["seen"].is_null());
}
