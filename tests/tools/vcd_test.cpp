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
        "$scope module m1 $end\n$var wire 1 ! s0_forward $end\n$upscope $end\n"
        "$scope module m1 $end\n$var wire 1 \" led_active $end\n$upscope $end\n"
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
