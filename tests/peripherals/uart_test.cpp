// Sending, and what a reset, a power loss, a restored state and a forbidden value do.
#include "peripherals/uart/uart.h"

#include <catch2/catch.hpp>
#include <memory>

#include "tests/peripherals/support/uart_bench.h"

using namespace test::uart;
using Bench = test::uart::UartBench;

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

TEST_CASE("A state put back at a line that is new loses the character that was coming in") {
  const std::uint32_t divider = divider_for(9600);
  Bench bench;
  CHECK(bench.bus.write(10, reg::rx_idle, 10'000));
  bench.enable(10, frame_8e1, divider);
  const Cycle end = bench.send(1000, frame_8e1, 0x5A, divider);
  bench.around.run_to(end + 5'000);
  // A second one comes within the silence that would end the frame.
  bench.send(end + 6'000, frame_8e1, 0x33, divider);
  bench.around.run_to(end + 12'000);
  const peripherals::Uart::State saved = bench.uart.state();
  bench.other.cut(bench.around.clock.edge(end + 12'000));
  bench.around.run_to(end + 13'000);
  bench.uart.restore(saved);
  bench.uart.join_new_line(end + 13'000);
  // The frame ends for good: its silence was over long ago.
  CHECK(bench.status(end + 13'002) == reg::status_frame_end);
  CHECK(bench.read(end + 100'000, reg::rx_level) == 1);
}

namespace {

/// A character of `data` is cut in its fourth data bit; the line is then told `level`.
void check_sending_on(int data, LineDrive level) {
  const std::uint32_t divider = divider_for(9600);
  Bench bench;
  bench.enable(10, frame_8e1, divider);
  CHECK(bench.bus.write(20, reg::tx_driver, 100 | 500U << 16U));
  CHECK(bench.bus.write(20, reg::tx_data, static_cast<std::uint32_t>(data)));
  CHECK(bench.bus.write(21, reg::tx_start, 1000));
  CHECK(bench.bus.write(22, reg::command, reg::command_start_at));
  const Cycle within = bit_edge(1000, 4, divider) + 7;
  bench.around.run_to(within);
  const peripherals::Uart::State saved = bench.uart.state();
  bench.own.driven.clear();
  bench.uart.restore(saved);
  bench.uart.join_new_line(within + 1);
  REQUIRE(!bench.own.driven.empty());
  CHECK(bench.own.driven.begin()->first == bench.around.clock.edge(within + 1));
  CHECK(bench.own.driven.begin()->second == level);
  const Cycle end = bit_edge(1000, 11, divider);
  bench.around.run_to(end + 600);
  CHECK(bench.own.driven.rbegin()->first == bench.around.clock.edge(end + 500));
  CHECK(bench.own.driven.rbegin()->second == LineDrive::released);
  CHECK(bench.log.of("m1.uart", "byte").size() == 1);
}

}  // namespace

TEST_CASE("A state put back in a space that is sent tells a line that is new of it and goes on") {
  check_sending_on(0x00, LineDrive::space);
}

TEST_CASE("A state put back in a mark that is sent tells a line that is new of it and goes on") {
  check_sending_on(0xFF, LineDrive::mark);
}
