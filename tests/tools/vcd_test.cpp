#include "tools/report/vcd.h"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "tests/tools/files.h"

TEST_CASE("a waveform file declares its wires, then has the changes in order of time") {
  const tests::Folder folder;
  tools::OutputFile file(folder.path("w.vcd"));
  tools::VcdWriter vcd(file);
  const int a = vcd.add_signal("m1.s0_forward");
  const int b = vcd.add_signal("m1.led_active");
  vcd.change(100, b, true);
  vcd.change(50, a, true);
  vcd.write_before(60);
  vcd.change(100, a, false);
  vcd.change(500, b, false);
  vcd.finish(400);
  file.commit();
  CHECK(tests::read_all(folder.path("w.vcd")) ==
        "$timescale 1 ps $end\n"
        "$scope module m1 $end\n$var wire 1 ! m1_s0_forward $end\n"
        "$var wire 1 \" m1_led_active $end\n$upscope $end\n"
        "$enddefinitions $end\n#0\n$dumpvars\n0!\n0\"\n$end\n"
        "#50\n1!\n#100\n0!\n1\"\n#400\n");
}

TEST_CASE("every wire of a large run has an identifier of its own") {
  const tests::Folder folder;
  tools::OutputFile file(folder.path("w.vcd"));
  tools::VcdWriter vcd(file);
  constexpr int wires = 20'000;
  for (int i = 0; i < wires; ++i) vcd.add_signal("m" + std::to_string(i) + ".led");
  vcd.finish(1);
  file.commit();
  std::istringstream lines(tests::read_all(folder.path("w.vcd")));
  std::set<std::string> identifiers;
  for (std::string word; lines >> word;) {
    if (word != "$var") continue;
    std::string kind;
    std::string width;
    std::string identifier;
    lines >> kind >> width >> identifier;
    identifiers.insert(identifier);
  }
  CHECK(identifiers.size() == wires);
}

TEST_CASE("wires of one scope stand together whatever the order in which they were declared") {
  const tests::Folder folder;
  tools::OutputFile file(folder.path("w.vcd"));
  tools::VcdWriter vcd(file);
  for (const char* instance : {"m2.led", "bus.line", "m2.s0"}) vcd.add_signal(instance);
  vcd.finish(1);
  file.commit();
  CHECK_THAT(tests::read_all(folder.path("w.vcd")),
             Catch::Contains("$scope module bus $end\n$var wire 1 \" bus_line $end\n$upscope $end\n"
                             "$scope module m2 $end\n$var wire 1 ! m2_led $end\n"
                             "$var wire 1 # m2_s0 $end\n$upscope $end\n"));
}

TEST_CASE("a coarser waveform file has its changes at the nearest step") {
  const tests::Folder folder;
  tools::OutputFile file(folder.path("w.vcd"));
  tools::VcdWriter vcd(file, 10 * models::pins::ps_per_ns);
  const int a = vcd.add_signal("m1.a");
  vcd.begin_with(a, true);
  vcd.change(14'999, a, false);  // 1.4999 steps
  vcd.change(15'000, a, true);   // 1.5
  vcd.change(20'000, a, true);   // nothing new
  vcd.finish(44'000);
  file.commit();
  CHECK(tests::read_all(folder.path("w.vcd")) ==
        "$timescale 10 ns $end\n$scope module m1 $end\n$var wire 1 ! m1_a $end\n$upscope $end\n"
        "$enddefinitions $end\n#0\n$dumpvars\n1!\n$end\n#1\n0!\n#2\n1!\n#4\n");
  for (const tools::Ps step : {1ull, 10ull, 100ull, 1'000ull, 100'000'000ull}) {
    CHECK(tools::VcdWriter::is_step(step));
  }
  for (const tools::Ps step : {0ull, 2ull, 1'001ull, 1'000'000'000ull}) {
    CHECK_FALSE(tools::VcdWriter::is_step(step));
  }
}

TEST_CASE("what is taken back before it came is not in the waveform file") {
  const tests::Folder folder;
  tools::OutputFile file(folder.path("w.vcd"));
  tools::VcdWriter vcd(file);
  const int a = vcd.add_signal("m1.a");
  const int b = vcd.add_signal("m1.b");
  vcd.change(100, a, true);
  vcd.change(200, a, false);
  vcd.change(200, b, true);
  vcd.take_back(200, a);
  vcd.finish(300);
  file.commit();
  CHECK_THAT(tests::read_all(folder.path("w.vcd")),
             Catch::EndsWith("$end\n#100\n1!\n#200\n1\"\n#300\n"));
}
