// The port of a real master on the wire, by replaying journals that were written by hand.
#include <catch2/catch.hpp>

#include "models/pins/time.h"
#include "tests/tools/log_records.h"

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
  const std::string log = tests::replayed_log(
      "duration: 3 s\nmeter: {variant: PRO380-Mod}\ngrid: {voltage: 230 V}\nbus: {}\n",
      3'000 * ps_per_ms, {"modbus", request, frames_at, strict_gaps});
  std::vector<Byte> bytes;
  for (const nlohmann::json& record : tests::records(log, instance)) {
    if (record.at("event") == "byte") bytes.push_back({record.at("start"), record.at("t")});
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
