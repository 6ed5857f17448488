// Run control on the bare machine, by packets over a link without a socket. The program is made of
// words by riscv64-unknown-elf-as; addresses and registers are what the instructions say.
#include <catch2/catch.hpp>
#include <deque>
#include <functional>

#include "tests/debug/fake_target.h"
#include "tools/gdb/debugger.h"
#include "tools/gdb/packet.h"
#include "tools/isa/bare_machine.h"

namespace {

using platform::rv32::Cycle;
using platform::rv32::Hart;
using tools::gdb::frame;

/// A client that says one thing after the other, each once the last was answered: acknowledgements
/// are off. "(close)" goes without a word, "(come)" is another client.
class ScriptedLink final : public tools::gdb::Link {
 public:
  explicit ScriptedLink(std::vector<std::string> script) : script_(script.begin(), script.end()) {}

  bool connected() const override { return connected_; }
  void look(std::string& bytes, int patience_ms) override {
    ++looks;
    if (!came_) {
      came_ = connected_ = true;
      return;
    }
    if (script_.empty()) {
      if (patience_ms > 0) connected_ = false;  // it would wait for ever
      return;
    }
    if (script_.front() == "(come)") {
      connected_ = true;
      script_.pop_front();
      return;
    }
    // What is said while the hart runs stands in the script as a byte; all else waits for it.
    if (patience_ms == 0 && script_.front() != "\x03" && script_.front() != "(close)") return;
    if (!connected_) return;
    std::string next = script_.front();
    script_.pop_front();
    if (next == "(close)") {
      connected_ = false;
    } else if (next[0] == '$' || next == "\x03") {
      bytes += next;
    } else {
      bytes += frame(next);
    }
  }
  bool send(std::string_view bytes) override {
    decoder_.feed(bytes);
    while (const auto received = decoder_.next()) {
      if (received->kind == tools::gdb::Received::Kind::packet) answers.push_back(received->body);
    }
    return true;
  }
  void close_client() override { connected_ = false; }

  std::vector<std::string> answers;
  int looks = 0;

 private:
  std::deque<std::string> script_;
  tools::gdb::Decoder decoder_;
  bool connected_ = false;
  bool came_ = false;
};

/// 0x80  addi a0, zero, 0
/// 0x84  lui a1, 0x20000
/// 0x88  lui a2, 0x50000
/// 0x8c  addi a0, a0, 1      loop
/// 0x90  sw a0, 0(a1)
/// 0x94  addi t0, zero, 3
/// 0x98  bne a0, t0, 0x8c
/// 0x9c  sw zero, 4(a2)      ends with code 0
const std::vector<std::uint32_t> counting = {0x00000513, 0x200005b7, 0x50000637, 0x00150513,
                                             0x00a5a023, 0x00300293, 0xfe551ae3, 0x00062223};

tools::ElfImage image_of(const std::vector<std::uint32_t>& words) {
  tools::ElfImage image{"program", 0x80, {}, {}};
  tools::ElfSegment segment{0x80, 0x80, static_cast<std::uint32_t>(4 * words.size()), {}};
  for (const std::uint32_t word : words) {
    for (unsigned n = 0; n < 4; ++n) {
      segment.bytes.push_back(static_cast<unsigned char>(word >> 8 * n));
    }
  }
  image.segments.push_back(segment);
  return image;
}

struct Run {
  explicit Run(std::vector<std::string> script, const tools::ElfImage& image = image_of(counting))
      : link(std::move(script)), machine(image, {{}, {}, 200'000}, [](std::uint32_t) {}, {}) {
    debugger.look_at(machine);
    machine.attend(debugger);
    ending = machine.run();
    debugger.over(0);
  }

  ScriptedLink link;
  tools::gdb::Debugger debugger{link, [] { return false; }};
  tools::BareMachine machine;
  tools::Ending ending{};
};

tools::Ending plain_ending(const std::vector<std::uint32_t>& program = counting) {
  return tools::BareMachine(image_of(program), {}, [](std::uint32_t) {}, {}).run();
}

using Answers = std::vector<std::string>;

}  // namespace

TEST_CASE("gdb debugger: the first client is waited for before the first instruction") {
  const Run run({"p20", "pa", "?", "c"});
  CHECK(run.link.answers == Answers{"80000000", "00000000", "T05thread:1;", "W00"});
}

TEST_CASE("gdb debugger: a program under it ends in the same cycle as without") {
  const tools::Ending plain = plain_ending();
  const Run run({"Z0,90,4", "Z2,20000000,4", "s", "c", "c", "c", "s", "s", "m20000000,4", "z0,90,4",
                 "z2,20000000,4", "c"});
  CHECK(run.ending.cycle == plain.cycle);
  CHECK(run.ending.instructions == plain.instructions);
  CHECK(run.ending.kind == tools::EndingKind::code);
  CHECK(run.ending.value == 0);
}

TEST_CASE("gdb debugger: a step is one instruction") {
  const Run run({"s", "p20", "s", "p20", "pb", "c"});
  CHECK(run.link.answers ==
        Answers{"T05thread:1;", "84000000", "T05thread:1;", "88000000", "00000020", "W00"});
}

TEST_CASE("gdb debugger: a step over a range halts at the first instruction beyond") {
  // 0x8c … 0x9b is the loop, three times around.
  const Run run({"vCont;r80,8c", "p20", "vCont;r8c,9c", "p20", "pa", "c"});
  CHECK(run.link.answers ==
        Answers{"T05thread:1;", "8c000000", "T05thread:1;", "9c000000", "03000000", "W00"});
}

TEST_CASE("gdb debugger: a breakpoint halts before its instruction and each time") {
  const Run run({"qSupported:swbreak+;hwbreak+", "Z0,90,4", "c", "p20", "pa", "s", "c", "pa", "s",
                 "z0,90,4", "c"});
  CHECK(std::vector<std::string>(run.link.answers.begin() + 1, run.link.answers.end()) ==
        Answers{"OK", "T05swbreak:;thread:1;", "90000000", "01000000", "T05thread:1;",
                "T05swbreak:;thread:1;", "02000000", "T05thread:1;", "OK", "W00"});
}

TEST_CASE("gdb debugger: a point that was told of does not hold who continues") {
  const Run run({"Z1,90,4", "c", "c", "c", "c"});
  CHECK(run.link.answers == Answers{"OK", "T05thread:1;", "T05thread:1;", "T05thread:1;", "W00"});
}

TEST_CASE("gdb debugger: who continues on a point that he was not told of is held") {
  const Run run({"Z1,80,4", "c", "c"});
  CHECK(run.link.answers == Answers{"OK", "T05thread:1;", "W00"});
}

TEST_CASE("gdb debugger: a watchpoint halts before the access and memory has the value behind it") {
  const Run run(
      {"Z2,20000002,1", "c", "p20", "m20000000,4", "s", "m20000000,4", "z2,20000002,1", "c"});
  CHECK(run.link.answers == Answers{"OK", "T05watch:20000002;thread:1;", "90000000", "00000000",
                                    "T05thread:1;", "01000000", "OK", "W00"});
}

TEST_CASE("gdb debugger: a watchpoint beside what is accessed does not halt") {
  const Run run({"Z4,20000004,4", "Z3,20000000,4", "c"});
  CHECK(run.link.answers == Answers{"OK", "OK", "W00"});
}

TEST_CASE("gdb debugger: registers and RAM can be changed and flash cannot") {
  // With a0 at 2 the loop goes around once.
  const Run run({"Z0,8c,4", "c", "Pa=02000000", "M20000004,2:aabb", "M80,2:0000", "M2fffffff,1:00",
                 "m20000000,8", "z0,8c,4", "Z0,9c,4", "c", "m20000000,8", "c"});
  CHECK(run.link.answers == Answers{"OK", "T05thread:1;", "OK", "OK", "E01", "E01",
                                    "00000000aabb0000", "OK", "OK", "T05thread:1;",
                                    "03000000aabb0000", "W00"});
  CHECK(run.ending.instructions == 3 + 4);
}

TEST_CASE("gdb debugger: a changed pc is where it goes on") {
  const Run run({"P20=9c000000", "c"});
  CHECK(run.ending.instructions == 0);
}

namespace {

/// addi a0, a0, 1; j -4: until the machine has had enough.
const tools::ElfImage endless = image_of({0x00150513, 0xffdff06f});

std::uint32_t number_of(const std::string& digits) {
  return tools::gdb::register_value(digits).value_or(0);
}

}  // namespace

TEST_CASE(
    "gdb debugger: a wish to halt right behind the wish to run is heard an instruction later") {
  const Run run({"c", "\x03", "pa", "c"}, endless);
  CHECK(run.link.answers == Answers{"T02thread:1;", "01000000", "W00"});
}

TEST_CASE("gdb debugger: a packet while it runs halts it and is answered then") {
  const Run run({"c", frame("pa"), "c"}, endless);
  CHECK(run.link.answers == Answers{"W00"});  // nothing was said while it ran
}

TEST_CASE("gdb debugger: it looks for its client every 4096 instructions and rarely else") {
  const Run run({"c"}, endless);
  // 200 000 cycles at 3 a turn of two instructions: 133 333 instructions, 32 looks. Beside them one
  // for the client to come and one behind each answer.
  CHECK(run.link.looks >= 32);
  CHECK(run.link.looks <= 40);
}

TEST_CASE("gdb debugger: who goes without a word takes his breakpoints along") {
  const Run run({"Z0,8c,4", "Z2,20000000,4", "c", "(close)"});
  CHECK(run.ending.kind == tools::EndingKind::code);
  CHECK(run.ending.cycle == plain_ending().cycle);
  CHECK_FALSE(run.debugger.killed());
}

TEST_CASE("gdb debugger: who goes in the middle of a packet is gone") {
  const Run run({"$m2000", "(close)"});
  CHECK(run.ending.cycle == plain_ending().cycle);
}

TEST_CASE("gdb debugger: garbage changes nothing") {
  std::string garbage = "$";
  for (int byte = 1; byte < 256; ++byte) garbage += static_cast<char>(byte);
  const Run run({garbage + "#00", "$#", "$}", "$g#99", "vCont;x", "Gzz", "c"});
  CHECK(run.ending.cycle == plain_ending().cycle);
  CHECK(run.link.answers.back() == "W00");
}

TEST_CASE("gdb debugger: detaching lets it run on and the next client halts it") {
  const Run run({"Z0,80,4", "D", "(come)", "?",
                 "qRcmd," + tools::gdb::to_hex(std::string_view("points")), "c"},
                endless);
  CHECK(run.link.answers ==
        Answers{"OK", "OK", "T05thread:1;", tools::gdb::to_hex(std::string_view("none\n")), "W00"});
}

TEST_CASE("gdb debugger: killing ends the session and is told to whoever runs the machine") {
  const Run run({"k"});
  CHECK(run.debugger.killed());
  CHECK(run.link.answers.empty());
}

TEST_CASE("gdb debugger: nobody is waited for when somebody wants the end") {
  struct NoClient final : tools::gdb::Link {
    bool connected() const override { return false; }
    void look(std::string&, int) override { ++looks; }
    bool send(std::string_view) override { return false; }
    void close_client() override {}
    int looks = 0;
  } link;
  tools::gdb::Debugger debugger(link, [&link] { return link.looks == 3; });
  tools::BareMachine machine(image_of(counting), {}, [](std::uint32_t) {}, {});
  machine.attend(debugger);
  CHECK(machine.run().cycle == plain_ending().cycle);
  CHECK(link.looks == 4);  // and once more while it runs: somebody may still come
}

TEST_CASE("gdb debugger: the end of a run by a signal is told") {
  ScriptedLink link({"c"});
  tools::gdb::Debugger debugger(link, [] { return false; });
  tools::BareMachine machine(image_of(counting), {}, [](std::uint32_t) {}, {});
  debugger.look_at(machine);
  machine.attend(debugger);
  machine.run();
  debugger.interrupted(2);
  debugger.over(0);
  CHECK(link.answers == Answers{"X02"});
}

TEST_CASE("gdb debugger: steps run through interrupt handlers unless told otherwise") {
  // Interrupted every 137 … 197 cycles by the timer; vectors at 0 … 0x7f.
  const tools::ElfImage image = tools::read_elf(std::string(PRO380_SOURCE_DIR) +
                                                "/tests/platform/rv32/programs/quicksort-irq.elf");
  const tools::Ending plain = tools::BareMachine(image, {}, [](std::uint32_t) {}, {}).run();
  const auto pcs_in_vectors = [&](std::vector<std::string> script) {
    for (int n = 0; n < 600; ++n) script.insert(script.end(), {"s", "p20"});
    script.push_back("c");
    const Run run(script, image);
    int count = 0;
    for (const std::string& answer : run.link.answers) {
      if (answer.size() == 8 && number_of(answer) < 0x80) ++count;
    }
    CHECK(run.ending.cycle == plain.cycle);
    return count;
  };
  CHECK(pcs_in_vectors({}) == 0);
  const std::string order = tools::gdb::to_hex(std::string_view("interrupts step"));
  CHECK(pcs_in_vectors({"qRcmd," + order}) > 0);
}

TEST_CASE("gdb debugger: monitor tells what can be asked") {
  const auto answer_to = [](std::string_view order) {
    const Run run({"s", "qRcmd," + tools::gdb::to_hex(order), "c"});
    return tools::gdb::from_hex(run.link.answers.at(1)).value_or("");
  };
  // R15: the first instruction starts in cycle 4; an addi takes one.
  CHECK(answer_to("cycles") == "5 core clocks, 1 instructions\n");
  CHECK(answer_to("time") == "this machine counts core clocks only: monitor cycles\n");
  CHECK(answer_to("points") == "none\n");
  CHECK(answer_to("help").find("monitor cycles") != std::string::npos);
  CHECK(answer_to("fly").find("found \"fly\", expected one of:\n") == 0);
}
