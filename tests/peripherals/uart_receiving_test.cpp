// Receiving: characters, errors, silences, the FIFO, and what the UART hears of itself.
#include <catch2/catch.hpp>
#include <memory>

#include "peripherals/uart/uart.h"
#include "tests/peripherals/support/uart_bench.h"

using namespace test::uart;
using Bench = test::uart::UartBench;

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

TEST_CASE("What others do shows to no access sooner than it may run ahead of the kernel") {
  Bench bench;
  Cycle begin = 1000;
  for (const Frame& frame : frames) {
    INFO(frame.name);
    const std::uint32_t divider = divider_for(9600);
    bench.enable(begin, frame, divider);
    begin += 50'000;
    // A start edge right after the kernel's place: it has been told of none.
    const Cycle ahead = bench.uart.shows_after(reg::rx_level, false);
    CHECK(ahead <= shown(begin + 1, frame, divider) - begin);
    bench.send(begin + 1, frame, 0x31, divider);
    CHECK(bench.read(begin + ahead - 1, reg::rx_level) == 0);
    CHECK(bench.read(begin + ahead - 1, reg::status) == 0);
    begin += 50'000;
    CHECK((bench.read(begin, reg::rx_data) & ~reg::rx_after_gap) == 0x31);
  }
}

TEST_CASE(
    "Writes that change how the line is listened to or driven do not run ahead of the kernel") {
  Bench bench;
  bench.enable(10, frame_8e1, divider_for(9600));
  for (const std::uint32_t offset : {reg::control, reg::divider, reg::rx_idle, reg::command}) {
    INFO(offset);
    CHECK(bench.uart.shows_after(offset, true) == 0);
    CHECK(bench.uart.shows_after(offset, false) > 0);
  }
}

TEST_CASE("Accesses to a UART that no line is connected to wait for nobody") {
  test::Surroundings around;
  test::RecordedLine irq;
  test::Recorder log;
  const peripherals::Uart uart("uart", around.agenda, around.clock, around.counter, irq, nullptr,
                               log, "m1.uart");
  CHECK(uart.shows_after(reg::rx_level, false) == peripherals::cycle_never);
}
