#include "tools/report/log_diff.h"

#include <catch2/catch.hpp>

#include "tests/tools/files.h"
#include "tests/tools/process.h"

namespace {

std::string record(int t) {
  return "{\"t\":" + std::to_string(t) + ",\"instance\":\"m1.led_active\",\"event\":\"edge\"}\n";
}

std::string records(int from, int to) {
  std::string out;
  for (int t = from; t < to; ++t) out += record(t);
  return out;
}

}  // namespace

TEST_CASE("equal logs have no difference, empty ones neither") {
  const tests::Folder folder;
  const std::string a = folder.write("a", records(0, 100));
  const std::string b = folder.write("b", records(0, 100));
  CHECK_FALSE(tools::first_difference(a, b).has_value());
  folder.write("a", "");
  folder.write("b", "");
  CHECK_FALSE(tools::first_difference(a, b).has_value());
}

TEST_CASE("the first difference comes with its line and what is around it") {
  const tests::Folder folder;
  const std::string a = folder.write("a", records(0, 10));
  const std::string b = folder.write("b", records(0, 5) + record(55) + records(6, 10));
  const auto difference = tools::first_difference(a, b, 2);
  REQUIRE(difference.has_value());
  CHECK(difference->line == 6);
  REQUIRE(difference->before.size() == 2);
  CHECK(difference->before[0] + "\n" == record(3));
  CHECK(*difference->only_first + "\n" == record(5));
  CHECK(*difference->only_second + "\n" == record(55));
  CHECK(difference->after_first.size() == 2);
}

TEST_CASE("between the terminals only what no terminal shows may differ") {
  const auto at = [](const std::string& instance) {
    return "{\"t\":7,\"instance\":\"" + instance + "\",\"event\":\"edge\"}\n";
  };
  const tests::Folder folder;
  const std::string a = folder.write("a", record(1) + at("m1.registers") + record(2));
  const std::string b = folder.write("b", at("m1.eeprom") + record(1) + record(2) + at("m1.cpu"));
  CHECK(tools::first_difference(a, b).has_value());
  CHECK_FALSE(tools::first_difference(a, b, 3, tools::LogScope::terminals).has_value());
  const std::string c = folder.write("c", record(1) + record(2) + at("m1.cpu_fan"));
  const auto difference = tools::first_difference(b, c, 3, tools::LogScope::terminals);
  REQUIRE(difference.has_value());
  CHECK(difference->line == 3);
}

TEST_CASE("a log that ends sooner differs where it ends") {
  const tests::Folder folder;
  const std::string a = folder.write("a", records(0, 3));
  const std::string b = folder.write("b", records(0, 4));
  const auto difference = tools::first_difference(a, b);
  REQUIRE(difference.has_value());
  CHECK(difference->line == 4);
  CHECK_FALSE(difference->only_first.has_value());
  CHECK(*difference->only_second + "\n" == record(3));
}

TEST_CASE("diff ends with 0 for the same, 1 for a difference, 2 for what is no log") {
  const tests::Folder folder;
  const std::string a = folder.write("a", records(0, 10));
  const std::string b = folder.write("b", records(1, 10));
  const std::string garbage = folder.write("c", records(0, 2) + "\x01\x02 nonsense\n");
  CHECK(tests::vmeter({"diff", a, a}).status == 0);
  const tests::ProcessResult differ = tests::vmeter({"diff", a, b});
  CHECK(differ.status == 1);
  CHECK_THAT(differ.out, Catch::Matchers::Contains("first difference in line 1"));
  const tests::ProcessResult bad = tests::vmeter({"diff", a, garbage});
  CHECK(bad.status == 2);
  CHECK_THAT(bad.err, Catch::Matchers::Contains("c:3:1: found \"\\x01\\x02 nonsense\""));
  CHECK(tests::vmeter({"diff", a, folder.path("nowhere")}).status == 2);
  CHECK(tests::vmeter({"diff", a}).status == 2);
  CHECK(tests::vmeter({"diff", a, folder.path("")}).status == 2);
}
