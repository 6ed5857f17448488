// The infra-red port through the real program: its log, its waveform, and that neither sync mode
// nor looking changes it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/tools/files.h"
#include "tests/tools/log_records.h"
#include "tests/tools/process.h"

using Json = nlohmann::json;

using tests::records;
using tests::without;

namespace {

/// Noise, a slow crystal, a change of the rate and a break in mid-answer.
const char* busy =
    "duration: 2 s\nseed: 3\n"
    "meter: {variant: PRO380-Mb, settings: {crystal: -900 ppm}}\n"
    "ir: {attenuation: 70 %, noise: {rate: 4 Hz, width: 100 us, amplitude: 1 V}}\n"
    "grid: {current: 5 A}\n"
    "timeline:\n"
    "  - {at: 60 ms, ir: {readout: all}}\n"
    "  - {at: 1.95 s, ir: {break: 20 ms}}\n"
    "expect: [{silent: s0_reverse}]\n";

}  // namespace

TEST_CASE("horizon and cycle agree on an infra-red port with noise, and so do two seeds not") {
  const tests::Folder folder;
  const auto log = [](const std::vector<std::string>& options) {
    return tests::log_of(busy, options);
  };
  const std::string horizon = log({});
  CHECK(records(horizon, "m1.ir_reader").size() > 200);
  CHECK(log({"--sync", "cycle"}) == horizon);
  CHECK(log({"--seed", "4"}) != horizon);
  // To look at the light changes nothing else.
  CHECK(log({"--vcd", folder.path("w.vcd")}) == horizon);
  const std::string traced = log({"--trace", "line"});
  CHECK(records(traced, "m1.ir_line").size() > 500);
  CHECK(without(traced, ".ir_line\"") == horizon);
}

TEST_CASE("a character of the reader is seven bits of 3.33 ms, and light while they are spaces") {
  const tests::Folder folder;
  const std::string path = folder.write("one.yaml",
                                        "duration: 2 s\nmeter: {variant: PRO380-S}\n"
                                        "timeline:\n"
                                        "  - {at: 900 ms, ir: {bytes: 55}}\n"
                                        "expect: [{silent: s0_forward}]\n");
  REQUIRE(tests::vmeter({"run", path, "--log", folder.path("l"), "--trace", "line"}).status == 0);
  const std::string log = tests::read_all(folder.path("l"));
  const std::vector<Json> bytes = records(log, "m1.ir_reader");
  REQUIRE(bytes.size() == 1);
  const std::uint64_t start = bytes[0]["start"];
  CHECK(start == 903'333'333'333);                 // the driver is on a bit time before
  CHECK(bytes[0]["t"] == start + 33'333'333'333);  // ten bits at 300 Bd
  // 0x55 in seven bits from the lowest: 1 0 1 0 1 0 1, of which four, so that the parity bit is 0.
  const std::vector<Json> edges = records(log, "m1.ir_line");
  REQUIRE(edges.size() == 11);
  CHECK(edges[0]["t"] == 0);
  for (std::uint64_t n = 0; n < 10; ++n) {
    const std::uint64_t ideal = start + (n * 1'000'000'000'000 + 150) / 300;
    const std::uint64_t t = edges[n + 1]["t"];
    CHECK(t > ideal);
    CHECK(t < ideal + 10'000'000);  // 2 us to a receiver's thresholds, five of them at most
    CHECK(edges[n + 1]["mark"] == (n % 2 == 1));
  }
}

TEST_CASE("a session that is over just before the end is judged, one that is not is not reached") {
  const tests::Folder folder;
  const auto run = [&](const std::string& duration) {
    const std::string path =
        folder.write("end.yaml", "duration: " + duration +
                                     "\nmeter: {variant: PRO380-S}\n"
                                     "timeline: [{at: 1 s, name: q, ir: {sign_on: alone}}]\n"
                                     "expect: [{answer: q}]\n");
    const tests::ProcessResult result =
        tests::vmeter({"run", path, "--json", folder.path("r.json")});
    CHECK(result.status < 2);
    return Json::parse(tests::read_all(folder.path("r.json")))["expectations"][0];
  };
  // A bit time, 5 characters of 33.3 ms, 200 ms and 15 characters: 870 ms.
  CHECK(run("1.871 s")["verdict"] == "pass");
  const Json late = run("1.869 s");
  CHECK(late["verdict"] == "fail");
  CHECK(late["seen"].is_null());
}
