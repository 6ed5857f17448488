// The port of a real master on the wire, by replaying journals that were written by hand.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/pins/time.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/live/journal.h"

namespace {

using models::pins::Ps;
using models::pins::ps_per_ms;

constexpr Ps first_at = 1'500 * ps_per_ms;
/// A read of U L1 and its answer at 9600 Bd: 8 and 9 characters of 11 bits.
const std::vector<std::uint8_t> request = {0x01, 0x03, 0x20, 0x08, 0x00, 0x02, 0x4E, 0x09};
constexpr std::size_t answer_bytes = 9;

struct Byte {
  Ps start;
  Ps end;
};

/// What `instance` put on the wire when frames came from a master at these instants.
std::vector<Byte> on_the_wire(const std::string& instance, const std::vector<Ps>& frames_at,
                              bool strict_gaps) {
  const tests::Folder folder;
  const std::string scenario = folder.write(
      "s.yaml", "duration: 3 s\nmeter: {variant: PRO380-Mod}\ngrid: {voltage: 230 V}\nbus: {}\n");
  tools::live::JournalHeader header;
  header.scenario = scenario;
  header.sources = tools::live::checksums_of({scenario});
  header.end = 3'000 * ps_per_ms;
  header.ports = {"modbus"};
  header.strict_gaps = strict_gaps;
  {
    tools::live::JournalWriter writer(folder.path("journal"), header);
    for (const Ps t : frames_at) {
      tools::live::JournalEvent event;
      event.t = t;
      event.port = "modbus";
      event.baud = 9600;
      event.bytes = request;
      writer.event(event);
    }
    writer.over(header.end);
  }
  const tests::ProcessResult replayed =
      tests::vmeter({"replay", folder.path("journal"), "--log", folder.path("log")});
  INFO(replayed.err);
  CHECK(replayed.status == 0);
  std::vector<Byte> bytes;
  std::istringstream lines(tests::read_all(folder.path("log")));
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.value("instance", "") != instance || record.value("event", "") != "byte") continue;
    bytes.push_back({record.at("start"), record.at("t")});
  }
  return bytes;
}

}  // namespace

TEST_CASE("live: a request right behind an answer waits for 3.5 characters of silence") {
  const std::vector<Byte> first = on_the_wire("m1.uart_bus", {first_at}, false);
  REQUIRE(first.size() == answer_bytes);
  const std::vector<Ps> times = {first_at, first.back().end + ps_per_ms};

  const std::vector<Byte> requests = on_the_wire("bus.port", times, false);
  REQUIRE(requests.size() == 2 * request.size());
  const Ps bit = 1'000 * ps_per_ms / 9600;
  CHECK(requests[request.size()].start - first.back().end > 77 * bit / 2);
  CHECK(requests[request.size()].start - first.back().end < 45 * bit);
  CHECK(on_the_wire("m1.uart_bus", times, false).size() == 2 * answer_bytes);
}

TEST_CASE("live: with strict gaps a request right behind an answer is lost, as on a real wire") {
  const std::vector<Byte> first = on_the_wire("m1.uart_bus", {first_at}, true);
  REQUIRE(first.size() == answer_bytes);
  const std::vector<Ps> times = {first_at, first.back().end + ps_per_ms};
  CHECK(on_the_wire("m1.uart_bus", times, true).size() == answer_bytes);
}
