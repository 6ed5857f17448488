// The conversation, by strings: each packet by the GDB manual's appendix "Remote Protocol".
#include <catch2/catch.hpp>

#include "tests/debug/fake_target.h"
#include "tools/gdb/packet.h"
#include "tools/gdb/session.h"

namespace {

using tools::gdb::frame;
using tools::gdb::PointKind;
using tools::gdb::Request;
using tools::gdb::Session;
using tools::gdb::Stop;

struct Conversation {
  /// What comes back for one packet, acknowledged and framed; the body alone.
  std::string ask(std::string_view body) {
    out.clear();
    session.feed(frame(body));
    request = session.serve(out);
    if (out == "+") return "(nothing)";
    REQUIRE(out.substr(0, 2) == "+$");
    REQUIRE(out.size() >= 5);
    return out.substr(2, out.size() - 5);
  }
  std::string halted(const Stop& stop) {
    std::string text;
    session.halted(stop, text);
    return text;
  }

  tests::FakeTarget target;
  Session session{target};
  std::string out;
  Request request;
};

}  // namespace

TEST_CASE("gdb session: what is not known is answered by an empty packet") {
  Conversation c;
  for (const char* body : {"vMustReplyEmpty", "qSymbol::", "qTStatus", "!", "R00", "qCRC:0,4", "",
                           "\xFF\xFE", "Q", "vFlashErase:0,4"}) {
    INFO(body);
    CHECK(c.ask(body).empty());
  }
}

TEST_CASE(
    "gdb session: features are told and acknowledging ends behind the answer that grants it") {
  Conversation c;
  const std::string features = c.ask("qSupported:multiprocess+;swbreak+;hwbreak+");
  CHECK(features.find("PacketSize=4000") != std::string::npos);
  CHECK(features.find("QStartNoAckMode+") != std::string::npos);
  CHECK(features.find("qXfer:features:read+") != std::string::npos);
  CHECK(c.ask("QStartNoAckMode") == "OK");
  std::string out;
  c.session.feed("+" + frame("qAttached") + "$bad#00");
  c.session.serve(out);
  CHECK(out == frame("1"));
}

TEST_CASE("gdb session: a damaged packet is asked for again and an answer is given again") {
  Conversation c;
  std::string out;
  c.session.feed("$g#00");
  c.session.serve(out);
  CHECK(out == "-");
  CHECK(c.ask("qC") == "QC1");
  out.clear();
  c.session.feed("-");
  c.session.serve(out);
  CHECK(out == frame("QC1"));
}

TEST_CASE("gdb session: registers come least byte first and in the order of the description") {
  Conversation c;
  c.target.registers[1] = 0x1234'5678;
  c.target.registers[32] = 0x80;
  const std::string all = c.ask("g");
  REQUIRE(all.size() == 33 * 8);
  CHECK(all.substr(0, 16) == "0000000078563412");
  CHECK(all.substr(32 * 8) == "80000000");
  CHECK(c.ask("p1") == "78563412");
  CHECK(c.ask("p20") == "80000000");
  CHECK(c.ask("p341") == "00180000");  // 65 + 0x300 = 0x341: mstatus
  CHECK(c.ask("p340") == "E01");
  CHECK(c.ask("pffffffff") == "E01");
  CHECK(c.ask("p") == "E01");
}

TEST_CASE("gdb session: registers are written") {
  Conversation c;
  CHECK(c.ask("P5=efbeadde") == "OK");
  CHECK(c.target.registers[5] == 0xDEAD'BEEFU);
  CHECK(c.ask("P341=08000000") == "OK");
  CHECK(c.target.csr == 8);
  CHECK(c.ask("P5=efbead") == "E01");
  CHECK(c.ask("P5") == "E01");
  CHECK(c.ask("P342=00000000") == "E01");
  std::string all = c.ask("g");
  all.replace(32 * 8, 8, "00010000");
  CHECK(c.ask("G" + all) == "OK");
  CHECK(c.target.registers[32] == 0x100);
  CHECK(c.ask("G" + all.substr(1)) == "E01");
}

TEST_CASE("gdb session: memory is read as far as there is any") {
  Conversation c;
  CHECK(c.ask("m20000000,4") == "01020304");
  CHECK(c.ask("m20000002,2") == "0304");
  CHECK(c.ask("m2000003f,10") == "00");
  CHECK(c.ask("m20000040,1") == "E01");
  CHECK(c.ask("m20000000,0").empty());
  CHECK(c.ask("m20000000") == "E01");
  CHECK(c.ask("m,") == "E01");
  CHECK(c.ask("m120000000,4") == "E01");
}

TEST_CASE("gdb session: an answer fits the packet size that was told") {
  Conversation c;
  c.target.memory.assign(0x10000, 'x');
  CHECK(c.ask("m20000000,ffff").size() == tools::gdb::largest_packet);
}

TEST_CASE("gdb session: memory is written in digits and in bytes or not at all") {
  Conversation c;
  CHECK(c.ask("M20000000,2:aabb") == "OK");
  CHECK(c.ask("X20000002,2:#$") == "OK");
  CHECK(c.ask("m20000000,4") == "aabb2324");  // '#' 0x23, '$' 0x24
  CHECK(c.ask("M20000000,3:aabb") == "E01");
  CHECK(c.ask("M20000000,2:aab") == "E01");
  CHECK(c.ask("X20000000,3:ab") == "E01");
  CHECK(c.ask("X20000000,0:") == "OK");
  CHECK(c.ask("M2000003f,2:aabb") == "E01");
  CHECK(c.ask("m2000003f,1") == "00");
}

TEST_CASE("gdb session: break- and watchpoints of all five kinds") {
  Conversation c;
  for (int kind = 0; kind < 5; ++kind) {
    CHECK(c.ask("Z" + std::to_string(kind) + ",80,4") == "OK");
    CHECK(c.ask("z" + std::to_string(kind) + ",80,4") == "OK");
    REQUIRE(c.target.points.size() == static_cast<std::size_t>(kind) + 1);
    CHECK(c.target.points.back() == tools::gdb::Point{static_cast<PointKind>(kind), 0x80, 4});
    CHECK(c.target.cleared.back() == c.target.points.back());
  }
  for (const char* body : {"Z5,80,4", "Z0,80", "Z0", "Z,,", "z9,0,0"}) CHECK(c.ask(body) == "E01");
  CHECK(c.ask("Z1,80,2;X1,0") == "OK");  // with conditions, which gdb looks at itself
}

TEST_CASE("gdb session: a wish to run is answered once the target has halted") {
  Conversation c;
  CHECK(c.halted({}).empty());  // nobody waits yet
  CHECK(c.ask("?") == "T05thread:1;");
  CHECK(c.ask("vCont?") == "vCont;c;C;s;S;r");
  struct Row {
    const char* body;
    Request::Kind kind;
    std::uint32_t begin;
    std::uint32_t end;
  };
  for (const Row& row :
       {Row{"c", Request::Kind::go_on, 0, 0}, Row{"C05", Request::Kind::go_on, 0, 0},
        Row{"s", Request::Kind::step, 0, 0}, Row{"S05", Request::Kind::step, 0, 0},
        Row{"vCont;c", Request::Kind::go_on, 0, 0}, Row{"vCont;s:1;c", Request::Kind::step, 0, 0},
        Row{"vCont;S05:1", Request::Kind::step, 0, 0},
        Row{"vCont;r100,108:1;c", Request::Kind::step, 0x100, 0x108}}) {
    INFO(row.body);
    CHECK(c.ask(row.body) == "(nothing)");
    CHECK(c.request.kind == row.kind);
    CHECK(c.request.range_begin == row.begin);
    CHECK(c.request.range_end == row.end);
    CHECK(c.halted({}) == frame("T05thread:1;"));
    CHECK(c.halted({}).empty());  // told once
  }
  for (const char* body : {"vCont;t", "vCont;r100", "vCont;", "cxyz"}) {
    INFO(body);
    CHECK(c.ask(body) == "E01");
    CHECK(c.request.kind == Request::Kind::none);
  }
  CHECK(c.ask("s200") == "(nothing)");
  CHECK(c.target.registers[32] == 0x200);
}

TEST_CASE(
    "gdb session: the reason of a halt is told and of a breakpoint to those who know it only") {
  Conversation c;
  const auto stop = [&](PointKind kind, std::uint32_t address) {
    c.ask("c");
    return c.halted({Stop::Reason::point, kind, address});
  };
  CHECK(stop(PointKind::software_breakpoint, 0x80) == frame("T05thread:1;"));
  c.ask("qSupported:swbreak+;hwbreak+");
  CHECK(stop(PointKind::software_breakpoint, 0x80) == frame("T05swbreak:;thread:1;"));
  CHECK(stop(PointKind::hardware_breakpoint, 0x80) == frame("T05hwbreak:;thread:1;"));
  CHECK(stop(PointKind::write_watchpoint, 0x4000'4010) == frame("T05watch:40004010;thread:1;"));
  CHECK(stop(PointKind::read_watchpoint, 0x10) == frame("T05rwatch:10;thread:1;"));
  CHECK(stop(PointKind::access_watchpoint, 0x10) == frame("T05awatch:10;thread:1;"));
  c.ask("c");
  CHECK(c.halted({Stop::Reason::interrupt, {}, 0}) == frame("T02thread:1;"));
  CHECK(c.ask("?") == "T02thread:1;");
}

TEST_CASE("gdb session: while the target runs 0x03 and any packet are a wish to halt") {
  Conversation c;
  std::string out;
  c.ask("c");
  c.session.feed("+garbage$g#00");
  CHECK_FALSE(c.session.wants_halt(out));
  CHECK(out == "-");
  c.session.feed("\x03");
  CHECK(c.session.wants_halt(out));
  CHECK_FALSE(c.session.wants_halt(out));
  out.clear();
  c.session.feed(frame("qC"));
  CHECK(c.session.wants_halt(out));
  CHECK(out == "+");
  out.clear();
  c.session.halted({Stop::Reason::interrupt, {}, 0}, out);
  c.session.serve(out);
  CHECK(out == frame("T02thread:1;") + frame("QC1"));
}

TEST_CASE("gdb session: what stands behind a wish to run waits") {
  Conversation c;
  std::string out;
  c.session.feed(frame("c") + "\x03");
  CHECK(c.session.serve(out).kind == Request::Kind::go_on);
  CHECK(out == "+");
  CHECK(c.session.wants_halt(out));
}

TEST_CASE("gdb session: detach and kill") {
  Conversation c;
  CHECK(c.ask("D") == "OK");
  CHECK(c.request.kind == Request::Kind::detach);
  CHECK(c.ask("k") == "(nothing)");
  CHECK(c.request.kind == Request::Kind::kill);
  CHECK(c.ask("vKill;1") == "OK");
  CHECK(c.request.kind == Request::Kind::kill);
}

TEST_CASE("gdb session: the end of the run is told to a client that waits") {
  Conversation c;
  std::string out;
  c.session.exited(0, out);
  CHECK(out.empty());
  c.ask("c");
  c.session.exited(1, out);
  CHECK(out == frame("W01"));
  c.ask("c");
  out.clear();
  c.session.terminated(2, out);
  CHECK(out == frame("X02"));
}

TEST_CASE("gdb session: monitor's answer comes in digits") {
  Conversation c;
  CHECK(c.ask("qRcmd,74696d65") == "3120730a");  // "time", "1 s\n"
  CHECK(c.ask("qRcmd,00") == "OK");
  CHECK(c.ask("qRcmd,7") == "E01");
}

TEST_CASE("gdb session: the target description comes in parts and whole") {
  Conversation c;
  std::string text;
  for (;;) {
    const std::string part =
        c.ask("qXfer:features:read:target.xml:" + tools::gdb::to_hex(std::string_view()) + [&] {
          char digits[16];
          std::snprintf(digits, sizeof digits, "%zx,100", text.size());
          return std::string(digits);
        }());
    REQUIRE_FALSE(part.empty());
    text += part.substr(1);
    if (part[0] == 'l') break;
    REQUIRE(part[0] == 'm');
    REQUIRE(part.size() == 0x101);
  }
  CHECK(text.substr(0, 5) == "<?xml");
  CHECK(text.find("</target>") != std::string::npos);
  CHECK(text.find("<architecture>riscv:rv32</architecture>") != std::string::npos);
  CHECK(text.find("org.gnu.gdb.riscv.cpu") != std::string::npos);
  CHECK(text.find("org.gnu.gdb.riscv.csr") != std::string::npos);
  // Every register that it names can be read: 32, pc, and mstatus at 65 + 0x300 = 833.
  CHECK(text.find("name=\"pc\" bitsize=\"32\" type=\"code_ptr\" regnum=\"32\"") !=
        std::string::npos);
  CHECK(text.find("name=\"mstatus\" bitsize=\"32\" type=\"int\" regnum=\"833\"") !=
        std::string::npos);
  CHECK(c.ask("qXfer:features:read:other.xml:0,100").empty());
  CHECK(c.ask("qXfer:features:read:target.xml:ffff,100") == "l");
  CHECK(c.ask("qXfer:features:read:target.xml:0") == "E01");
}
