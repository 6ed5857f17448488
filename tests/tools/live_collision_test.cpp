// What a real master at an M-Bus hears of meters that answer together, by replaying journals that
// were written by hand.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/pins/time.h"
#include "tests/tools/files.h"
#include "tests/tools/process.h"
#include "tools/live/journal.h"

namespace {

using models::pins::ps_per_ms;

struct Heard {
  unsigned value;
  bool good;
};

/// What the port hears when SND_NKE goes to address 254, which all `meters` answer with E5 33 bit
/// times and 10 ms later, all at one instant.
std::vector<Heard> heard_of(int meters) {
  const tests::Folder folder;
  std::string list;
  for (int n = 0; n < meters; ++n) {
    list += "  - {id: m" + std::to_string(n + 1) + ", variant: PRO380-Mb}\n";
  }
  const std::string scenario =
      folder.write("s.yaml", "duration: 2 s\nmbus: {}\ngrid: {voltage: 230 V}\nmeters:\n" + list);
  tools::live::JournalHeader header;
  header.scenario = scenario;
  header.sources = tools::live::checksums_of({scenario});
  header.end = 2'000 * ps_per_ms;
  header.ports = {"mbus"};
  {
    tools::live::JournalWriter writer(folder.path("journal"), header);
    tools::live::JournalEvent event;
    event.t = 1'500 * ps_per_ms;
    event.port = "mbus";
    event.baud = 9600;
    event.bytes = {0x10, 0x40, 0xFE, 0x3E, 0x16};
    writer.event(event);
    writer.over(header.end);
  }
  const tests::ProcessResult replayed =
      tests::vmeter({"replay", folder.path("journal"), "--log", folder.path("log")});
  INFO(replayed.err);
  CHECK(replayed.status == 0);
  std::vector<Heard> heard;
  std::istringstream lines(tests::read_all(folder.path("log")));
  for (std::string line; std::getline(lines, line);) {
    const auto record = nlohmann::json::parse(line);
    if (record.at("instance") != "mbus.port" || record.at("event") != "heard") continue;
    heard.push_back({record.at("value"), record.at("good")});
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
