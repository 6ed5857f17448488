#include "peripherals/adc/adc.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"
#include "tests/peripherals/support/steady.h"

namespace {

namespace hal = metrology::hal;
using test::Cycle;

constexpr double full_scale = 1024;  // so that 1 unit is 2^23 / 1024 = 8192 codes
constexpr std::int32_t codes_per_unit = 8192;
// A write that commits at edge c starts the conversion at c + 3 samples.
constexpr Cycle run_at = 100;
constexpr Cycle sample = 6144;
constexpr Cycle start = run_at + 3 * sample;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  std::vector<std::unique_ptr<models::pins::AnalogSource>> sources;
  std::unique_ptr<peripherals::Adc> adc;

  /// Channel k sees k + 1 units, but for channel 0, which sees `first`.
  explicit Bench(
      std::unique_ptr<models::pins::AnalogSource> first = std::make_unique<test::Steady>(1),
      const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name) {
    sources.push_back(std::move(first));
    for (int k = 1; k < 7; ++k) sources.push_back(std::make_unique<test::Steady>(k + 1));
    std::array<peripherals::Adc::Channel, 7> inputs{};
    for (std::size_t k = 0; k < 7; ++k) {
      inputs[k].source = sources[k].get();
      inputs[k].settings.full_scale = full_scale;
    }
    adc = std::make_unique<peripherals::Adc>("adc", around.agenda, around.clock, around.counter,
                                             inputs);
    bus.socket.bind(adc->socket);
  }

  std::uint32_t read(Cycle at, std::uint32_t offset) { return bus.read(at, offset).value(); }
  void run() { REQUIRE(bus.write(run_at, hal::adc::control, 1)); }
};

}  // namespace

TEST_CASE("adc: the first set is converted 768 clocks after START, three samples after the write") {
  Bench bench;
  bench.run();
  CHECK(bench.read(run_at, hal::adc::start_time_lo) == static_cast<std::uint32_t>(start));
  CHECK(bench.read(run_at, hal::adc::start_time_hi) == 0);
  CHECK(bench.read(start + 767, hal::adc::sample_count) == 0);
  CHECK(bench.read(start + 767, hal::adc::data_0) == 0);
  CHECK(bench.read(start + 768, hal::adc::sample_count) == 1);
  for (std::uint32_t k = 0; k < 7; ++k) {
    CHECK(bench.read(start + 768, hal::adc::data_0 + 4 * k) == (k + 1) * codes_per_unit);
  }
  CHECK(bench.read(start + sample + 767, hal::adc::sample_count) == 1);
  CHECK(bench.read(start + sample + 768, hal::adc::sample_count) == 2);
}

TEST_CASE("adc: sample n sees a step that comes at its instant and not one that comes 1 ps later") {
  // A step that only the last look sees weighs h[765] = 1/256³: of 6144 units 6144·8192/2^24 = 3
  // codes.
  const platform::ClockTree clock;
  const Cycle offset = 5;
  const Cycle instant = start + sample * 2 + 24 * offset;
  Bench at_instant(std::make_unique<test::SteadyStep>(0, clock.edge(instant), 6144.0));
  Bench too_late(std::make_unique<test::SteadyStep>(0, clock.edge(instant) + 1, 6144.0));
  for (Bench* bench : {&at_instant, &too_late}) {
    REQUIRE(bench->bus.write(50, hal::adc::offset_0, static_cast<std::uint32_t>(offset)));
  }
  for (Bench* bench : {&at_instant, &too_late}) bench->run();
  CHECK(at_instant.read(start + sample * 2 + 768, hal::adc::data_0) == 3);
  CHECK(too_late.read(start + sample * 2 + 768, hal::adc::data_0) == 0);
}

TEST_CASE("adc: clipped samples are counted up to the commit edge of the read") {
  Bench bench(std::make_unique<test::Steady>(1024.0));  // 2^23 does not fit
  bench.run();
  CHECK(bench.read(start + 767, hal::adc::clip_status) == 0);
  CHECK(bench.read(start + 768, hal::adc::clip_status) == 1);
  CHECK(bench.read(start + 768, hal::adc::clip_count_0) == 1);
  CHECK(bench.read(start + 768, hal::adc::data_0) == 0x7F'FFFF);
  CHECK(bench.read(start + sample * 300 + 767, hal::adc::clip_count_0) == 300);
  CHECK(bench.read(start + sample * 300 + 768, hal::adc::clip_count_0) == 301);
  CHECK(bench.read(start + sample * 300 + 768, hal::adc::clip_count_0 + 4) == 0);
  CHECK(bench.bus.write(start + sample * 300 + 769, hal::adc::clip_status, 1));
  CHECK(bench.read(start + sample * 301 + 767, hal::adc::clip_status) == 0);
  CHECK(bench.read(start + sample * 301 + 768, hal::adc::clip_status) == 1);
}

TEST_CASE("adc: full scale minus half a code does not clip, plus half a code does") {
  // Codes round to nearest: 2^23 − 1 + 0.49 is still the largest code.
  const double largest = (0x7F'FFFF + 0.49) / codes_per_unit;
  const double beyond = (0x7F'FFFF + 0.51) / codes_per_unit;
  Bench fits(std::make_unique<test::Steady>(largest));
  Bench clips(std::make_unique<test::Steady>(beyond));
  for (Bench* bench : {&fits, &clips}) bench->run();
  for (Bench* bench : {&fits, &clips}) {
    CHECK(bench->read(start + 768, hal::adc::data_0) == 0x7F'FFFF);
    CHECK(bench->read(start + 768, hal::adc::clip_count_0) == (bench == &clips ? 1u : 0u));
  }
}

TEST_CASE("adc: a stop keeps what was converted, the next start counts from 0 again") {
  Bench bench;
  bench.run();
  CHECK(bench.bus.write(start + sample + 768, hal::adc::control, 0));
  CHECK(bench.read(start + sample * 5, hal::adc::sample_count) == 2);
  CHECK(bench.bus.write(start + sample * 5, hal::adc::control, 1));
  const Cycle again = start + sample * 8;
  CHECK(bench.read(start + sample * 6, hal::adc::start_time_lo) ==
        static_cast<std::uint32_t>(again));
  CHECK(bench.read(start + sample * 6, hal::adc::sample_count) == 0);
  CHECK(bench.read(again + 768, hal::adc::sample_count) == 1);
}

TEST_CASE("adc: start offsets are written only while stopped") {
  Bench bench;
  CHECK(bench.bus.write(10, hal::adc::offset_0 + 12, 31));
  CHECK(!bench.bus.write(10, hal::adc::offset_0 + 12, 32));
  bench.run();
  CHECK(!bench.bus.write(run_at + 1, hal::adc::offset_0 + 12, 3));
  CHECK(bench.read(run_at + 1, hal::adc::offset_0 + 12) == 31);
}

TEST_CASE("adc: sample 0 waits for START_DELAY after the reset unless the filter fills longer") {
  struct Row {
    std::uint32_t delay;
    Cycle starts;
  };
  constexpr Cycle reset_at = 50;
  constexpr auto filled = static_cast<std::uint32_t>(start - reset_at);
  const Row rows[] = {{0, start},
                      {filled - 1, start},
                      {filled, start},
                      {filled + 1, start + 1},
                      {500'000, reset_at + 500'000}};
  std::vector<std::unique_ptr<Bench>> benches;  // all before the first edge
  for (std::size_t n = 0; n < std::size(rows); ++n) benches.push_back(std::make_unique<Bench>());
  for (const auto& bench : benches) {
    bench->around.run_to(reset_at);
    bench->adc->reset(reset_at);
  }
  for (std::size_t n = 0; n < std::size(rows); ++n) {
    CHECK(benches[n]->bus.write(60, hal::adc::start_delay, rows[n].delay));
  }
  for (const auto& bench : benches) bench->run();
  for (std::size_t n = 0; n < std::size(rows); ++n) {
    INFO(rows[n].delay);
    Bench& bench = *benches[n];
    CHECK(bench.read(run_at + 1, hal::adc::start_time_lo) ==
          static_cast<std::uint32_t>(rows[n].starts));
    CHECK(bench.read(run_at + 1, hal::adc::start_delay) == rows[n].delay);
    CHECK(!bench.bus.write(run_at + 2, hal::adc::start_delay, 1));
  }
  for (std::size_t n = 0; n < std::size(rows); ++n) {
    INFO(rows[n].delay);
    CHECK(benches[n]->read(rows[n].starts + 767, hal::adc::sample_count) == 0);
    CHECK(benches[n]->read(rows[n].starts + 768, hal::adc::sample_count) == 1);
  }
}

TEST_CASE("adc: works a block out by itself when nobody reads") {
  Bench bench;
  bench.run();
  bench.around.run_to(start + sample * 127 + 767);
  CHECK(bench.adc->state().converted == 0);
  bench.around.run_to(start + sample * 127 + 768);
  CHECK(bench.adc->state().converted == 128);
  const auto saved = bench.adc->state();
  bench.adc->reset(start + sample * 127 + 769);
  bench.adc->restore(saved);
  bench.around.run_to(start + sample * 255 + 768);
  CHECK(bench.adc->state().converted == 256);
}

TEST_CASE("adc: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, hal::adc::control, 2));
  CHECK(!bench.bus.write(1, hal::adc::sample_count, 0));
  CHECK(!bench.bus.write(1, hal::adc::data_0, 0));
  CHECK(!bench.bus.write(1, hal::adc::clip_status, 0x80));
  CHECK(!bench.bus.read(1, 0x18));
  CHECK(!bench.bus.read(1, hal::adc::offset_0 + 28));
  CHECK(!bench.bus.read(1, hal::adc::data_0 + 28));
  CHECK(!bench.bus.read(1, hal::adc::data_0, 2));
  CHECK(!bench.bus.read(1, hal::adc::data_0 + 1));
}
