#include "peripherals/uart/uart.h"

#include <catch2/catch.hpp>
#include <memory>

#include "tests/peripherals/support/line.h"
#include "tests/peripherals/support/probe.h"
#include "tests/platform/support/recorder.h"

namespace {

namespace hal = metrology::hal;
namespace reg = metrology::hal::uart;
using models::pins::LineDrive;
using models::pins::Ps;
using test::Cycle;

constexpr int bauds[] = {300, 600, 1200, 2400, 4800, 9600};

/// The divider nearest to a baud rate: 16 · 25 165 824 Hz / baud.
constexpr std::uint32_t divider_for(int baud) {
  return static_cast<std::uint32_t>((16 * hal::core_hz + baud / 2) / baud);
}

/// b + k·D rounded, of k in halves: the register table's rule, in exact arithmetic.
Cycle bit_edge(Cycle begin, int k, std::uint32_t divider) {
  const std::int64_t sixteenths = std::int64_t{k} * divider;
  return begin + sixteenths / 16 + (sixteenths % 16 >= 8 ? 1 : 0);
}

struct Frame {
  const char* name;
  std::uint32_t control;
  int data_bits;
  char parity;  ///< 'N', 'E', 'O'
  int stop_bits;
};
constexpr Frame frame_8e1{"8E1", reg::control_parity_even, 8, 'E', 1};
constexpr Frame frames[] = {
    frame_8e1,
    {"8O1", reg::control_parity_odd, 8, 'O', 1},
    {"8N1", 0, 8, 'N', 1},
    {"8N2", reg::control_two_stop, 8, 'N', 2},
    {"7E1", reg::control_parity_even | reg::control_seven_bits, 7, 'E', 1},
};

/// The levels of a character's bits, true for a mark.
std::vector<bool> levels_of(const Frame& frame, int data) {
  std::vector<bool> levels{false};
  bool odd = false;
  for (int bit = 0; bit < frame.data_bits; ++bit) {
    levels.push_back((data >> bit & 1) != 0);
    odd = odd != levels.back();
  }
  if (frame.parity == 'E') levels.push_back(odd);
  if (frame.parity == 'O') levels.push_back(!odd);
  for (int stop = 0; stop < frame.stop_bits; ++stop) levels.push_back(true);
  return levels;
}

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  test::Recorder log;
  test::Line line;
  test::Line::End& own = line.add();
  test::Line::End& other = line.add();
  peripherals::Uart uart;

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name),
        uart("uart", around.agenda, around.clock, around.counter, irq, &own, log, "m1.uart") {
    bus.socket.bind(uart.socket);
    own.listener = &uart;
  }

  void enable(Cycle at, const Frame& frame, std::uint32_t divider, std::uint32_t more = 0) {
    CHECK(bus.write(at, reg::divider, divider));
    CHECK(bus.write(at, reg::control, frame.control | more | reg::control_enable));
  }
  std::uint32_t read(Cycle at, std::uint32_t offset) { return bus.read(at, offset).value(); }
  std::uint32_t status(Cycle at) { return read(at, reg::status); }

  /// The other end sends a character's levels from edge `begin` on; it must lie ahead. Returns the
  /// character's end.
  Cycle send_levels(Cycle begin, const std::vector<bool>& levels, std::uint32_t divider) {
    bool before = true;
    for (std::size_t bit = 0; bit < levels.size(); ++bit) {
      if (levels[bit] == before) continue;
      other.drive(around.clock.edge(bit_edge(begin, static_cast<int>(bit), divider)),
                  levels[bit] ? LineDrive::mark : LineDrive::space);
      before = levels[bit];
    }
    return bit_edge(begin, static_cast<int>(levels.size()), divider);
  }
  Cycle send(Cycle begin, const Frame& frame, int data, std::uint32_t divider) {
    return send_levels(begin, levels_of(frame, data), divider);
  }
};

/// When a character that began at `begin` shows: three clocks after the last look, at 9/16 of its
/// first stop bit.
Cycle shown(Cycle begin, const Frame& frame, std::uint32_t divider) {
  const int stop = 1 + frame.data_bits + (frame.parity == 'N' ? 0 : 1);
  const std::int64_t of_256 = (16 * std::int64_t{stop} + 9) * divider;
  return begin + (of_256 + 128) / 256 + 3;
}

}  // namespace

TEST_CASE("A sent bit's edge lies within half a clock of the divider's ideal, nothing adds up") {
  Bench bench;
  Cycle at = 10;
  for (const int baud : bauds) {
    for (const Frame& frame : frames) {
      INFO(baud << " Bd " << frame.name);
      const std::uint32_t divider = divider_for(baud);
      // The divider itself is off by at most half a sixteenth.
      CHECK(std::abs(divider / 16.0 - static_cast<double>(hal::core_hz) / baud) <= 0.5 / 16);
      bench.enable(at, frame, divider);
      const std::vector<int> sent = {0x55, 0x00, 0x7F, 0x27};
      for (const int data : sent)
        CHECK(bench.bus.write(at, reg::tx_data, static_cast<std::uint32_t>(data)));
      bench.own.driven.clear();
      CHECK(bench.bus.write(at, reg::command, reg::command_start));
      Cycle begin = at + 2;
      std::vector<std::pair<Cycle, LineDrive>> expected;
      bool before = true;
      for (const int data : sent) {
        const std::vector<bool> levels = levels_of(frame, data);
        for (std::size_t bit = 0; bit < levels.size(); ++bit) {
          if (levels[bit] == before) continue;
          before = levels[bit];
          expected.emplace_back(bit_edge(begin, static_cast<int>(bit), divider),
                                before ? LineDrive::mark : LineDrive::space);
        }
        begin = bit_edge(begin, static_cast<int>(levels.size()), divider);
      }
      expected.emplace_back(begin, LineDrive::released);
      CHECK((bench.status(begin - 1) & reg::status_tx_done) == 0);
      CHECK((bench.status(begin) & reg::status_tx_done) != 0);
      std::vector<std::pair<Cycle, LineDrive>> seen;
      for (const auto& [t, what] : bench.own.driven) {
        const Cycle edge = bench.around.clock.at_or_after(t);
        CHECK(bench.around.clock.edge(edge) == t);
        seen.emplace_back(edge, what);
      }
      CHECK(seen == expected);
      CHECK(bench.bus.write(begin, reg::status, reg::status_tx_done));
      at = begin + 100;
    }
  }
}

TEST_CASE(
    "An answer's first start edge comes at TX_START, its driver a lead before and a tail after") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  bench.enable(10, frame_8e1, divider);
  CHECK(bench.bus.write(11, reg::tx_driver, 700 | 300U << 16U));
  CHECK(bench.bus.write(12, reg::tx_data, 0xA5));
  CHECK(bench.bus.write(13, reg::tx_start, 5000));
  CHECK(bench.bus.write(14, reg::irq_enable, reg::status_tx_done));
  CHECK(bench.bus.write(20, reg::command, reg::command_start_at));
  const Cycle end = bit_edge(5000, 11, divider);
  CHECK_FALSE(bench.bus.write(30, reg::command, reg::command_start));  // armed
  CHECK_FALSE(bench.bus.write(30, reg::control, 0));
  CHECK_FALSE(bench.bus.write(30, reg::divider, divider));
  bench.around.run_to(end + 299);
  CHECK_FALSE(bench.irq.level);
  CHECK_FALSE(bench.bus.write(end + 299, reg::command, reg::command_start));  // in the tail
  bench.around.run_to(end + 300);
  CHECK(bench.irq.level);
  CHECK(bench.status(end + 301) == reg::status_tx_done);
  const auto& driven = bench.own.driven;
  CHECK(driven.begin()->first == bench.around.clock.edge(4300));
  CHECK(driven.begin()->second == LineDrive::mark);
  CHECK(std::next(driven.begin())->first == bench.around.clock.edge(5000));
  CHECK(std::next(driven.begin())->second == LineDrive::space);
  CHECK(driven.rbegin()->first == bench.around.clock.edge(end + 300));
  CHECK(driven.rbegin()->second == LineDrive::released);
  const auto bytes = bench.log.of("m1.uart", "byte");
  REQUIRE(bytes.size() == 1);
  CHECK(bytes[0].t == bench.around.clock.edge(end));
  CHECK(bytes[0].number("value") == 0xA5);
  CHECK(bytes[0].number("start") == bench.around.clock.edge(5000));
}

/// The edge at which the first start bit begins, of a start commanded at 100 with a lead of 50.
static Cycle started(std::uint32_t tx_start, bool& late) {
  Bench bench;
  bench.enable(10, frame_8e1, divider_for(9600));
  CHECK(bench.bus.write(11, reg::tx_driver, 50));
  CHECK(bench.bus.write(12, reg::tx_data, 0));
  CHECK(bench.bus.write(13, reg::tx_start, tx_start));
  CHECK(bench.bus.write(100, reg::command, reg::command_start_at));
  late = (bench.status(5000) & reg::status_tx_late) != 0;
  return bench.around.clock.at_or_after(std::next(bench.own.driven.begin())->first);
}

TEST_CASE("A TX_START lead + 2 clocks ahead is met") {
  bool late = true;
  CHECK(started(152, late) == 152);
  CHECK_FALSE(late);
}

TEST_CASE("A TX_START one clock less than lead + 2 ahead is late and takes those") {
  bool late = false;
  CHECK(started(151, late) == 152);
  CHECK(late);
}

TEST_CASE("A TX_START long past is late and takes lead + 2 clocks") {
  bool late = false;
  CHECK(started(0x9000'0000, late) == 152);
  CHECK(late);
}

TEST_CASE("What is written before the last character's end joins in, after it, it waits") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  bench.enable(10, frame_8e1, divider);
  CHECK(bench.bus.write(20, reg::tx_data, 1));
  CHECK(bench.bus.write(20, reg::command, reg::command_start));
  const Cycle end = bit_edge(22, 11, divider);
  CHECK(bench.bus.write(end - 1, reg::tx_data, 2));
  const Cycle second = bit_edge(end, 11, divider);
  CHECK(bench.bus.write(second, reg::tx_data, 3));
  CHECK(bench.read(second + 1, reg::tx_level) == 1);
  CHECK(bench.status(second + 1) == reg::status_tx_done);
  CHECK(bench.log.of("m1.uart", "byte").size() == 2);
  CHECK(bench.own.driven.rbegin()->second == LineDrive::released);
}

TEST_CASE("An abort lets the driver go one clock later and says nothing sent") {
  Bench bench;
  bench.enable(10, frame_8e1, divider_for(9600));
  CHECK(bench.bus.write(20, reg::tx_data, 0));
  CHECK(bench.bus.write(20, reg::tx_data, 0));
  CHECK(bench.bus.write(20, reg::command, reg::command_start));
  CHECK(bench.bus.write(9000, reg::command, reg::command_abort));
  CHECK(bench.status(20'000) == 0);
  CHECK(bench.read(20'000, reg::tx_level) == 0);
  CHECK(bench.own.driven.rbegin()->first == bench.around.clock.edge(9001));
  CHECK(bench.own.driven.rbegin()->second == LineDrive::released);
  CHECK(bench.log.of("m1.uart", "byte").empty());
  CHECK(bench.bus.write(20'001, reg::tx_data, 7));
  CHECK(bench.bus.write(20'001, reg::command, reg::command_start));
}

TEST_CASE(
    "Every value of every frame format is received, three clocks after the stop bit's last look") {
  Bench bench;
  Cycle begin = 1000;
  for (const Frame& frame : frames) {
    const std::uint32_t divider = divider_for(9600);
    bench.enable(begin, frame, divider);
    begin += 50'000;
    for (int data = 0; data < 1 << frame.data_bits; data += frame.data_bits == 8 ? 1 : 3) {
      INFO(frame.name << " " << data);
      const Cycle end = bench.send(begin, frame, data, divider);
      const Cycle there = shown(begin, frame, divider);
      CHECK(bench.read(there - 1, reg::rx_level) == 0);
      CHECK(bench.read(there, reg::rx_level) == 1);
      CHECK((bench.read(there, reg::rx_data) & ~reg::rx_after_gap) ==
            static_cast<std::uint32_t>(data));
      CHECK(bench.read(there, reg::rx_data) == reg::rx_none);
      CHECK(bench.read(there, reg::rx_end) == static_cast<std::uint32_t>(end));
      begin = end + 5;
    }
  }
}

TEST_CASE("A fall one picosecond after an edge begins the character at the next edge") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  bench.enable(10, frame_8e1, divider);
  bench.around.run_to(100);
  // All levels as before, only the start edge comes a picosecond later.
  bench.send(1000, frame_8e1, 0xFF, divider);
  bench.other.cut(bench.around.clock.edge(1000));
  bench.other.drive(bench.around.clock.edge(1000) + 1, LineDrive::space);
  bench.other.drive(bench.around.clock.edge(bit_edge(1000, 1, divider)), LineDrive::mark);
  bench.other.drive(bench.around.clock.edge(bit_edge(1000, 9, divider)), LineDrive::space);
  bench.other.drive(bench.around.clock.edge(bit_edge(1000, 10, divider)), LineDrive::mark);
  CHECK(bench.read(shown(1000, frame_8e1, divider), reg::rx_level) == 0);
  CHECK(bench.read(shown(1001, frame_8e1, divider), reg::rx_level) == 1);
  CHECK(bench.read(40'000, reg::rx_end) == static_cast<std::uint32_t>(bit_edge(1001, 11, divider)));
}

TEST_CASE("Wrong parity, a missing stop bit and a break are told apart") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  bench.enable(10, frame_8e1, divider);
  bench.around.run_to(100);
  const auto flags_of = [&](Cycle begin, std::vector<bool> levels) {
    bench.send_levels(begin, levels, divider);
    const Cycle later = bit_edge(begin, 14, divider);
    bench.around.run_to(later);
    if (!levels.back()) bench.other.drive(bench.around.clock.edge(later + 10), LineDrive::mark);
    return bench.read(later + 20, reg::rx_data) & ~reg::rx_after_gap;
  };
  std::vector<bool> levels = levels_of(frame_8e1, 0x31);
  levels[9] = !levels[9];
  CHECK(flags_of(1000, levels) == (0x31 | reg::rx_parity_error));
  levels = levels_of(frame_8e1, 0x31);
  levels[10] = false;
  CHECK(flags_of(101'000, levels) == (0x31 | reg::rx_framing_error));
  CHECK(flags_of(201'000, std::vector<bool>(11, false)) == (reg::rx_framing_error | reg::rx_break));
  // The line is whole again.
  CHECK(flags_of(301'000, levels_of(frame_8e1, 0x31)) == 0x31);
}

TEST_CASE("A silence of exactly RX_GAP passes, one core clock more is a gap, at every baud rate") {
  Bench bench;
  Cycle at = 10;
  for (const int baud : bauds) {
    INFO(baud << " Bd");
    const std::uint32_t divider = divider_for(baud);
    // 1.5 and 3.5 characters of 11 bits, rounded up to core clocks.
    const auto t1_5 = static_cast<std::uint32_t>((33 * hal::core_hz + 2 * baud - 1) / (2 * baud));
    const auto t3_5 = static_cast<std::uint32_t>((77 * hal::core_hz + 2 * baud - 1) / (2 * baud));
    CHECK(bench.bus.write(at, reg::rx_gap, t1_5));
    CHECK(bench.bus.write(at, reg::rx_idle, t3_5));
    bench.enable(at, frame_8e1, divider);
    Cycle end = bench.send(at + t3_5 + 1, frame_8e1, 0x11, divider);  // the first of a frame
    end = bench.send(end + t1_5, frame_8e1, 0x22, divider);
    end = bench.send(end + t1_5 + 1, frame_8e1, 0x33, divider);
    end = bench.send(end + t3_5, frame_8e1, 0x44, divider);
    bench.around.run_to(end);
    CHECK(bench.status(end) == 0);
    end = bench.send(end + t3_5 + 1, frame_8e1, 0x55, divider);
    CHECK(bench.status(end) == reg::status_frame_end);
    CHECK(bench.read(end, reg::rx_data) == (0x11 | reg::rx_first));
    CHECK(bench.read(end, reg::rx_data) == 0x22);
    CHECK(bench.read(end, reg::rx_data) == (0x33 | reg::rx_after_gap));
    CHECK(bench.read(end, reg::rx_data) == (0x44 | reg::rx_after_gap));
    CHECK(bench.read(end, reg::rx_data) == (0x55 | reg::rx_first));
    at = end + t3_5 + 100;
    CHECK(bench.bus.write(at, reg::status, reg::status_frame_end));
  }
}

TEST_CASE("A frame ends three clocks after more than RX_IDLE of silence, and only once") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  CHECK(bench.bus.write(10, reg::rx_idle, 10'000));
  CHECK(bench.bus.write(10, reg::irq_enable, reg::status_frame_end));
  bench.enable(10, frame_8e1, divider);
  bench.around.run_to(50'000);
  CHECK_FALSE(bench.irq.level);  // nothing received, no frame
  const Cycle end = bench.send(50'010, frame_8e1, 0x11, divider);
  bench.around.run_to(end + 10'000 + 3);
  CHECK_FALSE(bench.irq.level);
  bench.around.run_to(end + 10'001 + 3);
  CHECK(bench.irq.level);
  CHECK(bench.bus.write(end + 10'010, reg::status, reg::status_frame_end));
  bench.around.run_to(end + 100'000);
  CHECK_FALSE(bench.irq.level);
}

TEST_CASE("A silence goes on through a change of the format, to the clock") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  CHECK(bench.bus.write(10, reg::rx_gap, 10'000));
  CHECK(bench.bus.write(10, reg::rx_idle, 20'000));
  bench.enable(10, frame_8e1, divider);
  const Cycle end = bench.send(30'000, frame_8e1, 0x11, divider);
  const std::uint32_t slower = divider_for(4800);
  bench.around.run_to(end + 3000);
  bench.enable(end + 3000, frame_8e1, slower);
  const Cycle second = bench.send(end + 20'000, frame_8e1, 0x22, slower);
  bench.around.run_to(second);
  bench.enable(second + 3000, frame_8e1, divider);
  const Cycle third = bench.send(second + 20'001, frame_8e1, 0x33, divider);
  bench.around.run_to(third);
  CHECK(bench.read(third, reg::rx_data) == (0x11 | reg::rx_first));
  CHECK(bench.read(third, reg::rx_data) == (0x22 | reg::rx_after_gap));
  CHECK(bench.read(third, reg::rx_data) == (0x33 | reg::rx_first));
}

/// A character, then a space of 1200 clocks, one look of three, `after` its end. A bit is 2621.4
/// clocks, its looks lie at 1147, 1311 and 1475; frames end after 10 000 clocks of silence.
struct GlitchBench : Bench {
  explicit GlitchBench(Cycle after) {
    CHECK(bus.write(10, reg::rx_idle, 10'000));
    enable(10, frame_8e1, divider);
    end = send(20'000, frame_8e1, 0x11, divider);
    other.drive(around.clock.edge(end + after), LineDrive::space);
    other.drive(around.clock.edge(end + after + 1200), LineDrive::mark);
  }
  const std::uint32_t divider = divider_for(9600);
  Cycle end = 0;
};

TEST_CASE("A start bit that is none is forgotten: the frame ends in time") {
  GlitchBench bench(2000);
  CHECK(bench.status(bench.end + 10'003) == 0);
  CHECK(bench.status(bench.end + 10'004) == reg::status_frame_end);
  CHECK(bench.read(bench.end + 60'000, reg::rx_level) == 1);
}

TEST_CASE(
    "A start bit that is none, just before the limit, holds the frame's end until it is looked "
    "at") {
  GlitchBench bench(9990);
  const Cycle decided = bench.end + 9990 + (9 * std::int64_t{bench.divider} + 128) / 256 + 3;
  CHECK(bench.status(decided - 1) == 0);
  CHECK(bench.status(decided) == reg::status_frame_end);
  CHECK(bench.read(bench.end + 60'000, reg::rx_level) == 1);
}

TEST_CASE("A character right behind a start bit that is none is received whole") {
  GlitchBench bench(2000);
  bench.send(bench.end + 5000, frame_8e1, 0x5A, bench.divider);
  CHECK(bench.read(bench.end + 60'000, reg::rx_data) == (0x11 | reg::rx_first));
  CHECK(bench.read(bench.end + 60'000, reg::rx_data) == (0x5A | reg::rx_after_gap));
}

/// RX_DATA of a character 0xFF whose bit 3 is a space from look `from` to before look `to`.
static std::uint32_t received_with_space(int from, int to) {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  bench.enable(10, frame_8e1, divider);
  bench.around.run_to(100);
  const Cycle begin = 1000;
  const auto drive = [&](Cycle edge, LineDrive what) {
    bench.other.drive(bench.around.clock.edge(edge), what);
  };
  // The data's bit 3 is the character's bit 4: looks at (4 + 7/16)·D …
  const auto look = [&](int sixteenth) {
    return begin + ((64 + sixteenth) * std::int64_t{divider} + 128) / 256;
  };
  drive(begin, LineDrive::space);
  drive(bit_edge(begin, 1, divider), LineDrive::mark);
  drive(look(from), LineDrive::space);
  drive(look(to), LineDrive::mark);
  drive(bit_edge(begin, 9, divider), LineDrive::space);
  drive(bit_edge(begin, 10, divider), LineDrive::mark);
  return bench.read(60'000, reg::rx_data) & ~reg::rx_after_gap;
}

TEST_CASE("One wrong look of three does not change a bit") {
  CHECK(received_with_space(7, 8) == 0xFF);
}

TEST_CASE("Two wrong looks of three change a bit") {
  CHECK(received_with_space(7, 9) == (0xF7 | reg::rx_parity_error));
}

/// How many of 20 characters without pauses are understood of a sender whose bits are `factor`
/// long.
static int understood(double factor) {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  bench.enable(10, frame_8e1, divider);
  bench.around.run_to(100);
  const auto theirs = static_cast<std::uint32_t>(divider * factor);
  Cycle end = 1000;
  for (int n = 0; n < 20; ++n) end = bench.send(end, frame_8e1, 0x35, theirs);
  int whole = 0;
  bench.around.run_to(end + 100'000);
  for (int n = 0; n < 20; ++n) {
    whole += (bench.read(end + 100'000, reg::rx_data) & ~reg::rx_after_gap) == 0x35 ? 1 : 0;
  }
  return whole;
}

// The stop bit's last two looks are 10.5 and 10.5625 bit times behind the start edge. A sender's
// stop bit begins after 10 of his bits: his may be 5 % longer. It ends after 11: his may be 4 %
// shorter.
TEST_CASE("A sender 4.5 % slow is understood") { CHECK(understood(1.045) == 20); }
TEST_CASE("A sender 3.5 % fast is understood") { CHECK(understood(0.965) == 20); }
TEST_CASE("A sender 6 % slow is not understood") { CHECK(understood(1.06) < 20); }
TEST_CASE("A sender 6 % fast is not understood") { CHECK(understood(0.94) < 20); }

TEST_CASE(
    "The 513th character waiting is lost and said to be, with the next one that is kept too") {
  Bench bench;
  const std::uint32_t divider = 256;  // 16 clocks a bit
  bench.enable(10, frame_8e1, divider);
  Cycle end = 1000;
  for (int n = 0; n < 512; ++n) {
    end = bench.send(end, frame_8e1, n & 0xFF, divider);
    bench.around.run_to(end);
  }
  CHECK(bench.status(end) == 0);
  CHECK(bench.read(end, reg::rx_level) == 512);
  end = bench.send(end + 10, frame_8e1, 0x99, divider);
  CHECK(bench.status(end) == reg::status_overrun);
  CHECK((bench.read(end, reg::rx_data) & reg::rx_byte) == 0);
  end = bench.send(end + 10, frame_8e1, 0x77, divider);
  bench.around.run_to(end);
  std::uint32_t last = 0;
  for (int n = 1; n <= 512; ++n) last = bench.read(end, reg::rx_data);
  CHECK((last & ~reg::rx_after_gap) == (0x77 | reg::rx_overrun));
  CHECK(bench.bus.write(end, reg::status, reg::status_overrun));
  CHECK(bench.status(end) == 0);
}

TEST_CASE("RX_THRESHOLD is a level: it interrupts while so many wait") {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  CHECK(bench.bus.write(10, reg::rx_threshold, 2));
  CHECK(bench.bus.write(10, reg::irq_enable, reg::status_rx));
  bench.enable(10, frame_8e1, divider);
  Cycle end = bench.send(1000, frame_8e1, 1, divider);
  bench.around.run_to(end);
  CHECK_FALSE(bench.irq.level);
  end = bench.send(end + 10, frame_8e1, 2, divider);
  bench.around.run_to(end);
  CHECK(bench.irq.level);
  CHECK(bench.bus.write(end, reg::status, reg::status_rx));
  CHECK(bench.irq.level);
  bench.read(end, reg::rx_data);
  CHECK_FALSE(bench.irq.level);
  CHECK(bench.bus.write(end, reg::rx_flush, 1));
  CHECK(bench.read(end, reg::rx_level) == 0);
}

/// How many characters of its own a UART hears; `flags`: RX_DATA of one 20 000 clocks after its
/// own.
static std::uint32_t heard_of_itself(std::uint32_t mute, std::uint32_t& flags) {
  Bench bench;
  const std::uint32_t divider = divider_for(9600);
  CHECK(bench.bus.write(10, reg::rx_gap, 1000));
  CHECK(bench.bus.write(10, reg::rx_idle, 20'000));
  bench.enable(10, frame_8e1, divider, mute);
  CHECK(bench.bus.write(20, reg::tx_driver, 10 | 500U << 16U));
  CHECK(bench.bus.write(20, reg::tx_data, 0x42));
  CHECK(bench.bus.write(20, reg::command, reg::command_start));
  const Cycle end = bit_edge(32, 11, divider);
  bench.around.run_to(end + 600);
  const std::uint32_t level = bench.read(end + 600, reg::rx_level);
  bench.send(end + 20'000, frame_8e1, 0x66, divider);
  bench.around.run_to(end + 60'000);
  if (level > 0) bench.read(end + 60'000, reg::rx_data);
  flags = bench.read(end + 60'000, reg::rx_data);
  return level;
}

TEST_CASE("A muted receiver does not hear its own driver, silence counts from the last character") {
  std::uint32_t flags = 0;
  CHECK(heard_of_itself(reg::control_mute, flags) == 0);
  CHECK(flags == (0x66 | reg::rx_after_gap));  // not beyond RX_IDLE
}

TEST_CASE("A receiver that is not muted hears its own driver") {
  std::uint32_t flags = 0;
  CHECK(heard_of_itself(0, flags) == 1);
  CHECK(flags == (0x66 | reg::rx_after_gap));
}

/// A UART that is sending at edge 9000.
struct SendingBench : Bench {
  SendingBench() {
    enable(10, frame_8e1, divider_for(9600));
    CHECK(bus.write(20, reg::tx_data, 0));
    CHECK(bus.write(20, reg::command, reg::command_start));
    around.run_to(9000);
  }
  void check_gone_at(Cycle edge) {
    around.run_to(50'000);
    CHECK(own.driven.rbegin()->second == LineDrive::released);
    CHECK(own.driven.rbegin()->first == around.clock.edge(edge));
    CHECK(status(50'000) == 0);
    CHECK(read(50'000, reg::control) == 0);
    CHECK(read(50'000, reg::divider) == 0x8000);
    CHECK(log.of("m1.uart", "byte").empty());
  }
};

TEST_CASE("A reset lets the driver go one clock later") {
  SendingBench bench;
  bench.uart.reset(9000);
  bench.check_gone_at(9001);
}

TEST_CASE("The supply's loss lets the driver go at its edge") {
  SendingBench bench;
  bench.around.run_to_time(bench.around.clock.edge(9001));  // where the supervisor acts
  bench.uart.power_off(9001);
  bench.check_gone_at(9001);
}

TEST_CASE("A state put back goes on to the clock, receiving and sending") {
  const std::uint32_t divider = divider_for(9600);
  Bench bench;
  CHECK(bench.bus.write(10, reg::rx_idle, 10'000));
  bench.enable(10, frame_8e1, divider);
  const Cycle end = bench.send(1000, frame_8e1, 0x5A, divider);
  CHECK(bench.bus.write(20, reg::tx_driver, 3000 | 500U << 16U));
  CHECK(bench.bus.write(20, reg::tx_data, 0xFF));
  CHECK(bench.bus.write(20, reg::tx_start, static_cast<std::uint32_t>(end + 40'000)));
  CHECK(bench.bus.write(21, reg::command, reg::command_start_at));
  bench.around.run_to(9000);  // in the middle of the character
  const peripherals::Uart::State saved = bench.uart.state();
  bench.uart.reset(9000);
  bench.uart.restore(saved);
  CHECK(bench.read(shown(1000, frame_8e1, divider) - 1, reg::rx_level) == 0);
  CHECK(bench.read(shown(1000, frame_8e1, divider), reg::rx_level) == 1);
  CHECK(bench.status(end + 10'003) == 0);
  CHECK(bench.status(end + 10'004) == reg::status_frame_end);
  bench.around.run_to(end + 80'000);
  CHECK(bench.own.driven.begin()->first == bench.around.clock.edge(end + 37'000));
  CHECK(std::next(bench.own.driven.begin())->first == bench.around.clock.edge(end + 40'000));
}

TEST_CASE("Values that the register table does not give are bus errors and change nothing") {
  Bench bench;
  const Cycle at = 100;
  CHECK_FALSE(bench.bus.write(at, reg::control, 4));
  CHECK_FALSE(bench.bus.write(at, reg::control, 3U << 4U));
  CHECK_FALSE(bench.bus.write(at, reg::divider, 255));
  CHECK_FALSE(bench.bus.write(at, reg::divider, 1U << 24U));
  CHECK_FALSE(bench.bus.write(at, reg::rx_gap, 1U << 24U));
  CHECK_FALSE(bench.bus.write(at, reg::rx_idle, 1U << 24U));
  CHECK_FALSE(bench.bus.write(at, reg::rx_flush, 0));
  CHECK_FALSE(bench.bus.write(at, reg::rx_threshold, 513));
  CHECK_FALSE(bench.bus.write(at, reg::tx_data, 256));
  CHECK_FALSE(bench.bus.write(at, reg::status, 64));
  CHECK_FALSE(bench.bus.write(at, reg::irq_enable, 64));
  CHECK_FALSE(bench.bus.write(at, reg::rx_level, 0));
  CHECK_FALSE(bench.bus.write(at, reg::rx_end, 0));
  CHECK_FALSE(bench.bus.write(at, reg::command, 0));
  CHECK_FALSE(bench.bus.write(at, reg::command, 3));
  CHECK_FALSE(bench.bus.write(at, reg::command, reg::command_start));  // nothing to send
  CHECK(bench.bus.write(at, reg::tx_data, 1));
  CHECK_FALSE(bench.bus.write(at, reg::command, reg::command_start));  // not enabled
  CHECK_FALSE(bench.bus.read(at, reg::rx_flush));
  CHECK_FALSE(bench.bus.read(at, reg::tx_data));
  CHECK_FALSE(bench.bus.read(at, reg::command));
  CHECK_FALSE(bench.bus.read(at, 0x40));
  for (int n = 1; n < 512; ++n) CHECK(bench.bus.write(at, reg::tx_data, 1));
  CHECK(bench.status(at) == 0);
  CHECK(bench.bus.write(at, reg::tx_data, 1));
  CHECK(bench.status(at) == reg::status_tx_overflow);
  CHECK(bench.read(at, reg::tx_level) == 512);
}
