#include "peripherals/i2c_master/i2c_master.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "models/eeprom/eeprom.h"
#include "tests/peripherals/support/probe.h"
#include "tests/peripherals/support/wires.h"
#include "tests/platform/support/recorder.h"

namespace {

namespace i2c = metrology::hal::i2c;
using test::Cycle;

constexpr std::uint32_t command_of(std::uint32_t to_write, std::uint32_t to_read,
                                   std::uint32_t device = 0x50) {
  return device | to_write << i2c::command_write_shift | to_read << i2c::command_read_shift;
}

/// What a test of the master needs, whoever is on the bus.
struct BareBench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  test::RecordedLine irq;
  peripherals::I2cMaster master;

  explicit BareBench(models::pins::I2cDevice* device,
                     const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name), master("master", around.agenda, around.clock, irq, device) {
    bus.socket.bind(master.socket);
  }
  void enable() { CHECK(bus.write(1, i2c::control, i2c::control_enable)); }

  std::uint32_t status(Cycle at) { return bus.read(at, i2c::status).value(); }
  /// Bytes into the buffer, in words from edge `at` on.
  void fill(Cycle at, const std::vector<std::uint8_t>& bytes) {
    for (std::uint32_t word = 0; 4 * word < bytes.size(); ++word) {
      std::uint32_t value = 0;
      for (std::uint32_t n = 0; n < 4 && 4 * word + n < bytes.size(); ++n) {
        value |= std::uint32_t{bytes[4 * word + n]} << 8 * n;
      }
      CHECK(bus.write(at + word, i2c::buffer_0 + 4 * word, value));
    }
  }
  std::uint8_t byte(Cycle at, std::uint32_t n) {
    const std::uint32_t word = bus.read(at, i2c::buffer_0 + n / 4 * 4).value();
    return static_cast<std::uint8_t>(word >> 8 * (n % 4));
  }
};

/// A recording device alone; it must exist before the master.
struct Bench {
  platform::ClockTree clock;
  Bench() { bench.enable(); }
  test::RecordedWires wires{clock};
  BareBench bench{&wires};
};

/// An acknowledge in every ninth bit.
bool acknowledges(int rises) { return rises % 9 != 8; }

struct EepromBench {
  explicit EepromBench(const std::vector<std::uint8_t>& image = {}) : eeprom({}, events, image) {
    eeprom.write_protect(0, false);
    bench.enable();
  }
  /// Runs a transaction that is commanded at `at` with what the buffer holds; returns STATUS.
  std::uint32_t run(Cycle at, std::uint32_t command) {
    CHECK(bench.bus.write(at, i2c::command, command));
    bench.around.run_to(at + 200 * 36 * 16);
    return bench.status(at + 200 * 36 * 16);
  }
  test::Recorder events;
  models::eeprom::Eeprom eeprom;
  BareBench bench{&eeprom};
};

std::string bits_of(std::uint32_t byte) {
  std::string bits;
  for (int k = 7; k >= 0; --k) bits += (byte >> k & 1) != 0 ? '1' : '0';
  return bits;
}

/// Core clocks in a quarter of a bit, the divider's reset value.
constexpr Cycle quarter = 16;
constexpr std::uint32_t done_ok = i2c::status_done;

}  // namespace

TEST_CASE("i2c: START, bits, acknowledge and STOP stand at their quarters, to the clock") {
  Bench test;
  BareBench& bench = test.bench;
  test.wires.lets_go = acknowledges;
  Cycle c = 100;
  for (const Cycle divided : {Cycle{4}, Cycle{16}, Cycle{1023}}) {
    test.wires.events.clear();
    bench.bus.write(c - 10, i2c::divider, static_cast<std::uint32_t>(divided));
    bench.bus.write(c, i2c::command, command_of(0, 0));
    // 1010000 and write, acknowledged.
    std::vector<std::pair<Cycle, char>> expected{{c + divided, 'S'}};
    const std::string sda = bits_of(0xA0) + "0";
    Cycle bit = c + 3 * divided;
    for (const char level : sda) {
      expected.emplace_back(bit, 'v');
      expected.emplace_back(bit + 2 * divided, level);
      bit += 4 * divided;
    }
    expected.emplace_back(bit, 'v');
    expected.emplace_back(bit + 2 * divided, '0');
    expected.emplace_back(bit + 4 * divided, 'P');
    const Cycle done = bit + 7 * divided;
    CHECK(done == c + (10 + 36) * divided);
    bench.around.run_to(done - 1);
    CHECK(!bench.irq.level);
    CHECK(bench.status(done - 1) == i2c::status_busy);
    bench.around.run_to(done);
    CHECK(bench.irq.level);
    CHECK(bench.status(done) == done_ok);
    CHECK(test.wires.events == expected);
    CHECK(test.wires.on_edges);
    c = done + 100;
  }
}

TEST_CASE("i2c: a repeated START takes six quarters and turns the direction") {
  Bench test;
  BareBench& bench = test.bench;
  // The second byte after the repeated START is the device's: 0x5A, most significant bit first.
  bool repeated = false;
  test.wires.lets_go = [&](int rises) {
    if (test.wires.bits.find('S', 1) != std::string::npos) repeated = true;
    if (repeated && rises >= 9) return rises >= 17 || (0x5A >> (16 - rises) & 1) != 0;
    return rises % 9 != 8;
  };
  bench.fill(10, {0x12, 0x34});
  const Cycle c = 100;
  bench.bus.write(c, i2c::command, command_of(2, 1));
  const Cycle done = c + quarter * (10 + 36 * 5 + 6);
  bench.around.run_to(done - 1);
  CHECK(!bench.irq.level);
  bench.around.run_to(done);
  CHECK(bench.status(done) == done_ok);
  // The clock of a repeated START rises with SDA high, that of STOP with SDA low.
  CHECK(test.wires.bits == "S" + bits_of(0xA0) + "0" + bits_of(0x12) + "0" + bits_of(0x34) + "0" +
                               "1S" + bits_of(0xA1) + "0" + bits_of(0x5A) + "1" + "0P");
  CHECK(bench.byte(done + 1, 0) == 0x5A);
  CHECK(bench.byte(done + 2, 1) == 0x34);
  const Cycle restart_fall = c + quarter * (3 + 36 * 3);
  const auto& events = test.wires.events;
  const auto restart = std::find(events.begin() + 1, events.end(),
                                 std::pair<Cycle, char>{restart_fall + 4 * quarter, 'S'});
  REQUIRE(restart != events.end());
  CHECK(*(restart - 1) == std::pair<Cycle, char>{restart_fall + 2 * quarter, '1'});
  CHECK(*(restart - 2) == std::pair<Cycle, char>{restart_fall, 'v'});
  CHECK(*(restart + 1) == std::pair<Cycle, char>{restart_fall + 6 * quarter, 'v'});
}

TEST_CASE("i2c: the master acknowledges every byte that it reads but the last") {
  Bench test;
  BareBench& bench = test.bench;
  test.wires.lets_go = [](int rises) { return rises != 8; };  // reads as all ones
  bench.bus.write(100, i2c::command, command_of(0, 3));
  bench.around.run_to(100 + 16 * (10 + 36 * 4));
  CHECK(test.wires.bits ==
        "S" + bits_of(0xA1) + "0" + "111111110" + "111111110" + "111111111" + "0P");
}

TEST_CASE("i2c: a byte that nobody acknowledges is followed by STOP, NAK and DONE") {
  Bench test;
  BareBench& bench = test.bench;
  bench.fill(10, {1, 2, 3, 4});
  Cycle c = 100;
  for (const int acknowledged : {0, 1, 2}) {  // bytes before the one that is not
    test.wires.lets_go = [acknowledged](int rises) {
      return rises % 9 != 8 || rises / 9 >= acknowledged;
    };
    bench.bus.write(c, i2c::command, command_of(4, 2));
    CHECK(bench.status(c + 1) == i2c::status_busy);  // the command cleared what was
    CHECK(!bench.irq.level);
    // STOP's first quarter comes four after the ninth bit's; NAK shows as SCL rises in it.
    const Cycle done = c + quarter * (10 + 36 * (acknowledged + 1));
    CHECK(bench.status(done - 1) == (i2c::status_busy | i2c::status_nak));
    CHECK(bench.status(done) == (i2c::status_done | i2c::status_nak));
    CHECK(test.wires.bits.back() == 'P');
    c = done + 1;
  }
}

TEST_CASE("i2c: with nobody on the bus nothing is acknowledged") {
  BareBench bench(nullptr);
  bench.enable();
  bench.bus.write(100, i2c::command, command_of(2, 0));
  CHECK(bench.status(100 + 16 * 46) == (i2c::status_done | i2c::status_nak));
}

TEST_CASE("i2c: disabling in mid-transaction lets the wires go one clock later, without DONE") {
  // Bit 0 of 0xA0 is 1, bit 1 is 0: in the high half of bit 1, letting go is a STOP; in its low
  // half SCL rises once more.
  struct Row {
    Cycle quarters;
    std::string tail;
  };
  Bench test;
  BareBench& bench = test.bench;
  Cycle c = 100;
  for (const Row& row :
       {Row{3 + 4 + 3, "S10P"}, Row{3 + 4 + 1, "S11"}, Row{2, "SP"}, Row{3 + 3, "S1"}}) {
    INFO(row.tail);
    test.wires.bits.clear();
    bench.bus.write(c, i2c::command, command_of(1, 0));
    const Cycle at = c + 16 * row.quarters + 3;
    bench.bus.write(at, i2c::control, 0);
    const std::size_t before = test.wires.events.size();
    CHECK(bench.status(at) == 0u);
    bench.around.run_to(at + 2000);
    CHECK(test.wires.bits == row.tail);
    if (test.wires.events.size() > before) CHECK(test.wires.events.back().first == at + 1);
    CHECK(test.wires.events.size() <= before + 1);
    CHECK(!bench.irq.level);
    CHECK(bench.bus.write(at + 2001, i2c::control, 1));
    c = at + 3000;
  }
}

TEST_CASE("i2c: a reset in mid-transaction lets the wires go and forgets it") {
  Bench test;
  BareBench& bench = test.bench;
  bench.bus.write(10, i2c::divider, 100);
  bench.bus.write(100, i2c::command, command_of(1, 0));
  bench.around.run_to(500);
  bench.master.reset(500);
  bench.around.run_to(5000);
  CHECK(test.wires.events.back() == std::pair<Cycle, char>{501, '1'});
  CHECK(bench.status(5001) == 0u);
  CHECK(bench.bus.read(5002, i2c::divider) == 16u);
  CHECK(bench.bus.read(5003, i2c::control) == 0u);
}

TEST_CASE("i2c: SDA held low before START is clocked free, nine times at most") {
  Bench test;
  BareBench& bench = test.bench;
  Cycle c = 100;
  for (const std::size_t needed : {std::size_t{1}, std::size_t{9}, std::size_t{10}}) {
    INFO(needed);
    // Disabled while SCL is low and the device pulls SDA down in bit 5, which it goes on with.
    test.wires.lets_go = [](int rises) { return rises != 5; };
    bench.bus.write(c, i2c::command, command_of(1, 0));
    bench.bus.write(c + quarter * (3 + 4 * 5 + 1), i2c::control, 0);
    CHECK(!bench.master.state().device_sda);
    std::size_t falls = 0;
    test.wires.lets_go = [&](int) { return ++falls >= needed; };
    const Cycle again = c + 2000;
    bench.bus.write(again - 1, i2c::control, 1);
    test.wires.bits.clear();
    bench.bus.write(again, i2c::command, command_of(0, 0));
    // Nine clocks of four quarters, and the look that finds SDA still low.
    const Cycle given_up = again + quarter * (1 + 36);
    if (needed <= 9) {
      bench.around.run_to(again + 16 * (1 + 4 * static_cast<Cycle>(needed)));
      CHECK(test.wires.bits == std::string(needed - 1, '0') + "1S");
      CHECK(bench.status(given_up + quarter * 46) == (i2c::status_done | i2c::status_nak));
    } else {
      CHECK(bench.status(given_up - 1) == i2c::status_busy);
      CHECK(bench.status(given_up) == (i2c::status_done | i2c::status_stuck));
      CHECK(test.wires.bits == std::string(9, '0'));
      CHECK(bench.irq.level);
    }
    c = given_up + 3000;
  }
}

TEST_CASE("i2c: a 1 that does not come out ends the transaction as STUCK at once") {
  Bench test;
  BareBench& bench = test.bench;
  test.wires.lets_go = [](int) { return false; };
  bench.bus.write(100, i2c::command, command_of(1, 0));
  const Cycle first_rise = 100 + 16 * 5;
  CHECK(bench.status(first_rise - 1) == i2c::status_busy);
  CHECK(bench.status(first_rise) == (i2c::status_done | i2c::status_stuck));
}

TEST_CASE("i2c: a page written to an EEPROM is read back") {
  EepromBench test;
  std::vector<std::uint8_t> page{0x12, 0x40};  // address 0x1240, a page's begin
  for (int k = 0; k < 64; ++k) page.push_back(static_cast<std::uint8_t>(7 * k + 1));
  test.bench.fill(10, page);
  CHECK(test.run(100, command_of(66, 0)) == done_ok);
  const Cycle later = 1'000'000;  // 39.7 ms
  test.bench.fill(later, {0x12, 0x3F});
  CHECK(test.run(later + 10, command_of(2, 66)) == done_ok);
  const Cycle read = later + 400'000;
  CHECK(test.bench.byte(read, 0) == 0xFF);
  for (std::uint32_t k = 0; k < 64; ++k) CHECK(test.bench.byte(read, k + 1) == page[k + 2]);
  CHECK(test.bench.byte(read, 65) == 0xFF);
  CHECK(test.events.of("m1.eeprom", "write").size() == 1);
}

TEST_CASE("i2c: an EEPROM acknowledges nothing for 5 ms after a write, then again") {
  EepromBench test;
  test.bench.fill(10, {0, 0, 0x55});
  CHECK(test.run(100, command_of(3, 0)) == done_ok);
  const auto writes = test.events.of("m1.eeprom", "write");
  REQUIRE(writes.size() == 1);
  const models::pins::Ps ready = writes[0].t + 5 * models::pins::ps_per_ms;
  // The acknowledge is decided as SCL falls after the eighth bit, 35 quarters after COMMAND.
  const Cycle last = test.bench.around.clock.at_or_after(ready) - 1 - 35 * quarter;
  CHECK(test.run(last, command_of(0, 0)) == (done_ok | i2c::status_nak));
  test.bench.fill(last + 200'000, {0, 0, 0x56});
  CHECK(test.run(last + 300'000, command_of(3, 0)) == done_ok);
  const models::pins::Ps second = test.events.of("m1.eeprom", "write").at(1).t;
  const Cycle first =
      test.bench.around.clock.at_or_after(second + 5 * models::pins::ps_per_ms) - 35 * quarter;
  CHECK(test.run(first, command_of(0, 0)) == done_ok);
}

TEST_CASE("i2c: restore takes a transaction up in mid-bit") {
  Bench test;
  BareBench& bench = test.bench;
  test.wires.lets_go = acknowledges;
  const auto idle = bench.master.state();
  bench.bus.write(100, i2c::command, command_of(0, 0));
  bench.around.run_to(300);
  const auto saved = bench.master.state();
  bench.master.restore(idle);
  bench.master.restore(saved);
  CHECK(bench.status(100 + 16 * 46 - 1) == i2c::status_busy);
  CHECK(bench.status(100 + 16 * 46) == done_ok);
  CHECK(test.wires.bits == "S" + bits_of(0xA0) + "00P");
}

TEST_CASE("i2c: what its table does not list is a bus error") {
  BareBench bench(nullptr);
  bench.enable();
  CHECK(!bench.bus.write(2, i2c::control, 2));
  CHECK(!bench.bus.write(3, i2c::divider, 3));
  CHECK(!bench.bus.write(4, i2c::divider, 1024));
  CHECK(!bench.bus.write(5, i2c::command, command_of(81, 0)));
  CHECK(!bench.bus.write(6, i2c::command, command_of(0, 81)));
  CHECK(!bench.bus.write(7, i2c::command, command_of(1, 1, 0x80)));
  CHECK(!bench.bus.write(8, i2c::command, 1u << 24));
  CHECK(!bench.bus.read(9, i2c::command));
  CHECK(!bench.bus.read(10, i2c::buffer_0 + 80));
  CHECK(!bench.bus.read(11, 0x10));
  CHECK(!bench.bus.read(12, i2c::status, 1));
  CHECK(!bench.bus.write(13, i2c::status, 16));
  CHECK(bench.bus.write(14, i2c::command, command_of(80, 80)));
  CHECK(!bench.bus.write(15, i2c::command, command_of(0, 0)));
  CHECK(!bench.bus.write(16, i2c::divider, 20));
  CHECK(!bench.bus.write(17, i2c::buffer_0, 0));
  CHECK(bench.bus.write(18, i2c::control, 0));
  CHECK(!bench.bus.write(19, i2c::command, command_of(0, 0)));
}
