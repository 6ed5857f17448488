#include "peripherals/dma/dma.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"
#include "tests/peripherals/support/steady.h"

namespace {

namespace hal = metrology::hal;
using test::Cycle;

constexpr Cycle run_at = 1000;
constexpr Cycle sample = 6144;
constexpr Cycle start = run_at + 3 * sample;

/// Beginning of the bus window that moves set `n`.
constexpr Cycle window(Cycle n) { return start + sample * n + 768; }

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe adc_bus{around, "adc_bus"};
  test::Probe dma_bus{around, "dma_bus"};
  test::Probe ram_bus{around, "ram_bus"};
  test::RecordedLine irq;
  std::vector<std::unique_ptr<test::Steady>> sources;
  std::unique_ptr<peripherals::Adc> adc;
  peripherals::Ram ram{"ram"};
  std::unique_ptr<peripherals::Dma> dma;

  explicit Bench(const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    std::array<peripherals::Adc::Channel, 7> inputs{};
    for (std::size_t k = 0; k < 7; ++k) {
      sources.push_back(std::make_unique<test::Steady>(static_cast<double>(k + 1)));
      inputs[k].source = sources[k].get();
      inputs[k].settings.full_scale = 8388608;  // one unit is one code
    }
    adc = std::make_unique<peripherals::Adc>("adc", around.agenda, around.clock, around.counter,
                                             inputs);
    dma = std::make_unique<peripherals::Dma>("dma", around.agenda, irq, *adc, ram);
    adc_bus.socket.bind(adc->socket);
    dma_bus.socket.bind(dma->socket);
    ram_bus.socket.bind(ram.socket);
  }
  void enable(Cycle at) { REQUIRE(dma_bus.write(at, hal::dma::control, 1)); }
  void convert() { REQUIRE(adc_bus.write(run_at, hal::adc::control, 1)); }
  std::uint32_t status(Cycle at) { return dma_bus.read(at, hal::dma::status).value(); }
  std::uint32_t word(Cycle at, std::uint32_t block, std::uint32_t channel, std::uint32_t sample) {
    return ram_bus.read(at, 4 * (block * 896 + channel * 128 + sample)).value();
  }
};

}  // namespace

TEST_CASE(
    "dma: an access that would overlap a window waits for its end, on both sides of each edge") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  const Cycle w = window(3);
  struct Row {
    Cycle begin;
    int cycles;
    Cycle free;
  };
  const Row rows[] = {
      {w - 2, 1, w - 2},
      {w - 1, 1, w - 1},
      {w, 1, w + 14},
      {w + 13, 1, w + 14},
      {w + 14, 1, w + 14},
      {w - 3, 3, w - 3},
      {w - 2, 3, w + 14},
      {w + 14, 3, w + 14},
      {w + sample - 3, 3, w + sample - 3},
      {w + sample - 2, 3, w + sample + 14},
  };
  for (const Row& row : rows) {
    INFO("begin at window " << row.begin - w << ", " << row.cycles << " cycles");
    CHECK(bench.dma->bus_free_at(row.begin, row.cycles) == row.free);
  }
}

TEST_CASE("dma: no window before the first set, none without enable, none without the ADC") {
  Bench bench;
  CHECK(bench.dma->bus_free_at(window(0), 1) == window(0));  // neither
  bench.enable(500);
  CHECK(bench.dma->bus_free_at(window(0), 1) == window(0));  // no ADC
  bench.convert();
  CHECK(bench.dma->bus_free_at(window(0) - sample, 1) == window(0) - sample);
  CHECK(bench.dma->bus_free_at(window(0), 1) == window(0) + 14);
  bench.dma_bus.write(run_at + 10, hal::dma::control, 0);
  CHECK(bench.dma->bus_free_at(window(0), 1) == window(0));
}

TEST_CASE("dma: a set stands in RAM at the end of its window") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  CHECK(bench.word(window(0) + 13, 0, 0, 0) == 0);
  for (std::uint32_t k = 0; k < 7; ++k) CHECK(bench.word(window(0) + 14, 0, k, 0) == k + 1);
  CHECK(bench.word(window(5) + 13, 0, 6, 5) == 0);
  CHECK(bench.word(window(5) + 14, 0, 6, 5) == 7);
  CHECK(bench.word(window(5) + 14, 0, 6, 6) == 0);
}

TEST_CASE("dma: a block is done at the end of its last set's window, buffers take turns") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  const Cycle done = window(127) + 14;
  CHECK(bench.status(done - 1) == 0);
  CHECK(!bench.irq.level);
  CHECK(bench.status(done) == hal::dma::status_done);
  CHECK(bench.irq.level);
  CHECK(bench.dma_bus.read(done, hal::dma::blocks_done) == 1u);
  CHECK(bench.dma_bus.write(done + 1, hal::dma::status, hal::dma::status_done));
  CHECK(!bench.irq.level);
  CHECK(bench.ram.state().words[0] == 1);
  CHECK(bench.ram.state().words[127] == 1);
  CHECK(bench.ram.state().words[6 * 128 + 127] == 7);
  CHECK(bench.word(window(128) + 13, 1, 0, 0) == 0);
  CHECK(bench.word(window(128) + 14, 1, 0, 0) == 1);
  CHECK(bench.status(window(255) + 14) == hal::dma::status_done);
  CHECK(bench.dma_bus.read(window(255) + 14, hal::dma::blocks_done) == 2u);
}

TEST_CASE("dma: the third block stands in the first buffer again and leaves the second alone") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  bench.around.run_to(window(255) + 14);
  // Sets are told apart by what the test writes over them: only what is moved anew changes back.
  for (std::uint32_t word = 0; word < 2 * hal::block_words; ++word) {
    REQUIRE(bench.ram_bus.write(window(255) + 20, 4 * word, 0xDEAD));
  }
  CHECK(bench.word(window(256) + 13, 0, 0, 0) == 0xDEAD);
  CHECK(bench.word(window(256) + 14, 0, 0, 0) == 1);
  CHECK(bench.word(window(256) + 14, 0, 0, 1) == 0xDEAD);
  bench.around.run_to(window(383) + 14);
  CHECK(bench.dma_bus.read(window(383) + 14, hal::dma::blocks_done) == 3u);
  for (std::uint32_t k = 0; k < 7; ++k) {
    for (std::uint32_t sample : {0u, 127u}) {
      CHECK(bench.word(window(383) + 14, 0, k, sample) == k + 1);
      CHECK(bench.word(window(383) + 14, 1, k, sample) == 0xDEAD);
    }
  }
}

TEST_CASE("dma: a block that finds the last one's DONE standing is an overrun") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  CHECK(bench.status(window(255) + 13) == hal::dma::status_done);
  CHECK(bench.status(window(255) + 14) == (hal::dma::status_done | hal::dma::status_overrun));
  CHECK(bench.dma_bus.write(window(255) + 20, hal::dma::status, hal::dma::status_overrun));
  CHECK(bench.irq.level);
}

TEST_CASE("dma: enabled at a window's edge takes the next set, disabled there leaves this one") {
  Bench bench;
  bench.convert();
  bench.enable(window(10));
  CHECK(bench.dma->bus_free_at(window(10) + 1, 1) == window(10) + 1);
  CHECK(bench.dma->bus_free_at(window(11), 1) == window(11) + 14);
  CHECK(bench.word(window(11) + 14, 0, 0, 0) == 1);
  CHECK(bench.word(window(11) + 14, 0, 0, 1) == 0);
  CHECK(bench.dma_bus.write(window(12), hal::dma::control, 0));
  CHECK(bench.dma->bus_free_at(window(12), 1) == window(12));
  CHECK(bench.word(window(20), 0, 0, 1) == 0);
  bench.around.run_to(window(200));
  CHECK(bench.dma_bus.read(window(200), hal::dma::blocks_done) == 0u);
}

TEST_CASE("dma: a start of the ADC begins a block anew") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  CHECK(bench.adc_bus.write(window(50) + 100, hal::adc::control, 0));
  CHECK(bench.dma->bus_free_at(window(60), 1) == window(60));
  const Cycle restart = window(70);
  CHECK(bench.adc_bus.write(restart, hal::adc::control, 1));
  const Cycle done = restart + 3 * sample + 127 * sample + 768 + 14;
  CHECK(bench.status(done - 1) == 0);
  CHECK(bench.status(done) == hal::dma::status_done);
}

TEST_CASE("dma: writes to another place in RAM, but only inside it and only while stopped") {
  Bench bench;
  const std::uint32_t last = hal::ram_base + hal::ram_size - 2 * 896 * 4;
  CHECK(!bench.dma_bus.write(1, hal::dma::destination, last + 4));
  CHECK(!bench.dma_bus.write(1, hal::dma::destination, hal::ram_base - 4));
  CHECK(!bench.dma_bus.write(1, hal::dma::destination, last - 2));
  CHECK(bench.dma_bus.write(1, hal::dma::destination, last));
  bench.enable(500);
  CHECK(!bench.dma_bus.write(501, hal::dma::destination, last));
  bench.convert();
  CHECK(bench.ram_bus.read(window(0) + 14, last - hal::ram_base) == 1u);
}

TEST_CASE("dma: restore takes up a block where it stood") {
  Bench bench;
  bench.enable(500);
  bench.convert();
  bench.around.run_to(window(64));
  const auto dma = bench.dma->state();
  const auto adc = bench.adc->state();
  bench.dma->reset(window(64));
  bench.adc->reset(window(64));
  bench.adc->restore(adc);
  bench.dma->restore(dma);
  CHECK(bench.status(window(127) + 13) == 0);
  CHECK(bench.status(window(127) + 14) == hal::dma::status_done);
  CHECK(bench.ram.state().words[127] == 1);
}

TEST_CASE("dma: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.dma_bus.write(1, hal::dma::control, 2));
  CHECK(!bench.dma_bus.write(1, hal::dma::status, 4));
  CHECK(!bench.dma_bus.write(1, hal::dma::blocks_done, 0));
  CHECK(!bench.dma_bus.read(1, 0x10));
  CHECK(!bench.dma_bus.read(1, hal::dma::status, 1));
  CHECK(!bench.dma_bus.read(1, hal::dma::status + 2));
}
