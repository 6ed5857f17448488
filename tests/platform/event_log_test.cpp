#include "platform/event_log.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <systemc>

namespace {

std::string read_and_remove(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::remove(path.c_str());
  return text.str();
}

std::string temporary_path() {
  char path[] = "/tmp/pro380-event-log-XXXXXX";
  const int descriptor = mkstemp(path);
  close(descriptor);
  return path;
}

}  // namespace

TEST_CASE("event log: lines stand in order of time, instance, and the instance's own sequence") {
  const std::string path = temporary_path();
  platform::EventLog log(path);
  log.record(20, "b", "later", {});
  log.record(10, "b", "first", {});
  log.record(10, "b", "second", {});
  log.record(10, "a.x", "edge", {{"on", true}});
  CHECK(log.finish(100));
  CHECK(read_and_remove(path) ==
        "{\"t\":10,\"instance\":\"a.x\",\"event\":\"edge\",\"on\":true}\n"
        "{\"t\":10,\"instance\":\"b\",\"event\":\"first\"}\n"
        "{\"t\":10,\"instance\":\"b\",\"event\":\"second\"}\n"
        "{\"t\":20,\"instance\":\"b\",\"event\":\"later\"}\n");
}

TEST_CASE("event log: covers the run up to its end, and not the end itself") {
  const std::string path = temporary_path();
  platform::EventLog log(path);
  log.record(99, "a", "in", {});
  log.record(100, "a", "out", {});
  CHECK(log.finish(100));
  CHECK(read_and_remove(path) == "{\"t\":99,\"instance\":\"a\",\"event\":\"in\"}\n");
}

TEST_CASE("event log: writes each kind of value as JSON, and times beyond 64 bits as digits") {
  const std::string path = temporary_path();
  platform::EventLog log(path, static_cast<platform::WideTime>(1) << 64);
  log.record(1, "a", "e",
             {{"i", std::int64_t{-5}},
              {"u", ~std::uint64_t{0}},
              {"d", 0.1},
              {"n", std::nan("")},
              {"s", std::string_view("a\"\\\n\x01z")}});
  CHECK(log.finish(2));
  CHECK(read_and_remove(path) ==
        "{\"t\":18446744073709551617,\"instance\":\"a\",\"event\":\"e\",\"i\":-5,"
        "\"u\":18446744073709551615,\"d\":0.1,\"n\":null,\"s\":\"a\\\"\\\\\\u000a\\u0001z\"}\n");
}

TEST_CASE("event log: thousands of events reported up to a clock late come out in order") {
  const std::string path = temporary_path();
  platform::EventLog log(path);
  sc_core::sc_event unused;
  for (models::pins::Ps t = 1'000'000; t < 2'000'000'000; t += 1'000'000) {
    sc_core::sc_start(sc_core::sc_time::from_value(1'000'000));
    log.record(t, "b", "x", {});
    log.record(t - 39'000, "a", "x", {});
  }
  CHECK(log.finish(models::pins::ps_never));
  std::istringstream text(read_and_remove(path));
  std::string line;
  unsigned long long last = 0;
  int lines = 0;
  while (std::getline(text, line)) {
    const unsigned long long t = std::strtoull(line.c_str() + 5, nullptr, 10);
    CHECK(t >= last);
    last = t;
    ++lines;
  }
  CHECK(lines == 2 * 1999);
}

TEST_CASE("event log: a full disk is said once, in a sentence with file and cause") {
  platform::EventLog log("/dev/full");
  REQUIRE(log.error().empty());
  for (int i = 0; i < 10'000; ++i) {
    log.record(static_cast<models::pins::Ps>(i), "instance", "event", {{"number", 1.5}});
  }
  CHECK(!log.finish(1'000'000));
  CHECK(log.error() == "/dev/full: the event log could not be written: No space left on device");
  CHECK(!log.finish(1'000'000));
}

TEST_CASE("event log: a path that cannot be opened is said, and nothing else happens") {
  platform::EventLog log("/nonexistent/log.jsonl");
  CHECK(log.error() ==
        "/nonexistent/log.jsonl: the event log could not be opened: No such file or directory");
  log.record(1, "a", "b", {});
  CHECK(!log.finish(10));
}

TEST_CASE("event log: decimal digits of wide times") {
  CHECK(platform::to_decimal(0) == "0");
  CHECK(platform::to_decimal(1234567890) == "1234567890");
  CHECK(platform::to_decimal(~static_cast<platform::WideTime>(0)) ==
        "340282366920938463463374607431768211455");
}
