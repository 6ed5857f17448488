// What a real master at an M-Bus hears of meters that answer together, by replaying journals that
// were written by hand.
#include <catch2/catch.hpp>

#include "models/pins/time.h"
#include "tests/tools/log_records.h"

namespace {

using models::pins::ps_per_ms;

struct Heard {
  unsigned value;
  bool good;
};

/// What the port hears when SND_NKE goes to address 254, which all `meters` answer with E5 33 bit
/// times and 10 ms later, all at one instant.
std::vector<Heard> heard_of(int meters) {
  std::string scenario = "duration: 2 s\nmbus: {}\ngrid: {voltage: 230 V}\nmeters:\n";
  for (int n = 0; n < meters; ++n) {
    scenario += "  - {id: m" + std::to_string(n + 1) + ", variant: PRO380-Mb}\n";
  }
  const std::string log = tests::replayed_log(
      scenario, 2'000 * ps_per_ms, {"mbus", {0x10, 0x40, 0xFE, 0x3E, 0x16}, {1'500 * ps_per_ms}});
  std::vector<Heard> heard;
  for (const nlohmann::json& record : tests::records(log, "mbus.port")) {
    if (record.at("event") == "heard") heard.push_back({record.at("value"), record.at("good")});
  }
  return heard;
}

}  // namespace

TEST_CASE("live: one meter's E5 reaches the master of an M-Bus as it is") {
  const std::vector<Heard> heard = heard_of(1);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].value == 0xE5);
  CHECK(heard[0].good);
}

TEST_CASE("live: two meters that say the same together are a broken 00 to the master") {
  // Bit by bit the two E5 are one: only the current, 30 mA above the quiescent one, tells.
  const std::vector<Heard> heard = heard_of(2);
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].value == 0x00);
  CHECK_FALSE(heard[0].good);
}
