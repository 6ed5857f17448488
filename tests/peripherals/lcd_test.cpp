#include "peripherals/lcd/lcd.h"

#include <catch2/catch.hpp>

#include "tests/peripherals/support/probe.h"
#include "tests/platform/support/recorder.h"

namespace {

namespace lcd = metrology::hal::lcd;
using models::pins::GlassSegments;
using test::Cycle;

constexpr Cycle slot = Cycle{128} * 768;
constexpr Cycle frame = 4 * slot;

class RecordedGlass : public models::pins::Glass {
 public:
  explicit RecordedGlass(const platform::ClockTree& clock) : clock_(clock) {}
  void show(test::Ps t, const GlassSegments& segments) override {
    shown.emplace_back(clock_.at_or_after(t), segments);
  }
  std::vector<std::pair<Cycle, GlassSegments>> shown;

 private:
  const platform::ClockTree& clock_;
};
using Shown = std::vector<std::pair<Cycle, GlassSegments>>;

struct Bench : sc_core::sc_module {
  test::Surroundings around;
  test::Probe bus{around};
  RecordedGlass glass{around.clock};
  test::Recorder events;
  peripherals::Lcd lcd;

  explicit Bench(bool trace = false,
                 const sc_core::sc_module_name& name = sc_core::sc_gen_unique_name("bench"))
      : sc_core::sc_module(name),
        lcd("lcd", around.agenda, around.clock, around.counter, &glass,
            peripherals::LcdTrace{"m1.lcd", trace ? &events : nullptr}) {
    bus.socket.bind(lcd.socket);
  }
  void enable(Cycle at) { CHECK(bus.write(at, lcd::control, lcd::control_enable)); }
  void write(Cycle at, std::uint32_t common, std::uint32_t segments) {
    CHECK(bus.write(at, lcd::segment_0 + 4 * common, segments));
  }
};

}  // namespace

TEST_CASE("lcd: a write shows from the first frame that begins after it, 64 frames a second") {
  static_assert(64 * frame == metrology::hal::core_hz);
  Bench bench;
  bench.enable(10);
  bench.write(frame - 1, 0, 1);
  bench.around.run_to(frame - 1);
  CHECK(bench.glass.shown.empty());
  bench.around.run_to(frame);
  CHECK(bench.glass.shown == Shown{{frame, {1, 0, 0, 0}}});
  bench.write(2 * frame, 3, 0xF'FFFF);  // at a frame's own edge: the next one
  bench.around.run_to(3 * frame - 1);
  CHECK(bench.glass.shown.size() == 1);
  bench.around.run_to(3 * frame);
  CHECK(bench.glass.shown.back() ==
        std::pair<Cycle, GlassSegments>{3 * frame, {1, 0, 0, 0xF'FFFF}});
}

TEST_CASE("lcd: a frame that begins between two writes shows what stands there by then") {
  Bench bench;
  bench.enable(10);
  bench.write(frame - 1, 0, 3);
  bench.write(frame + 1, 1, 5);
  bench.around.run_to(3 * frame);
  CHECK(bench.glass.shown == Shown{{frame, {3, 0, 0, 0}}, {2 * frame, {3, 5, 0, 0}}});
}

TEST_CASE("lcd: what is written and taken back within a frame is not seen, nor is anything due") {
  Bench bench;
  bench.enable(10);
  bench.write(100, 2, 7);
  bench.write(200, 2, 0);
  CHECK(bench.around.agenda.earliest() == peripherals::cycle_never);
  bench.around.run_to(3 * frame);
  CHECK(bench.glass.shown.empty());
}

TEST_CASE(
    "lcd: enabling shows and disabling darkens from the next frame - a reset one clock later") {
  Bench bench;
  bench.write(10, 1, 9);
  bench.around.run_to(frame + 10);
  CHECK(bench.glass.shown.empty());
  bench.enable(frame + 11);
  bench.around.run_to(2 * frame + 100);
  CHECK(bench.bus.write(2 * frame + 101, lcd::control, 0));
  bench.around.run_to(3 * frame + 100);
  bench.enable(3 * frame + 101);
  bench.around.run_to(4 * frame + 1);
  bench.lcd.reset(4 * frame + 1);
  bench.around.run_to(6 * frame);
  CHECK(bench.glass.shown == Shown{{2 * frame, {0, 9, 0, 0}},
                                   {3 * frame, {}},
                                   {4 * frame, {0, 9, 0, 0}},
                                   {4 * frame + 2, {}}});
  CHECK(bench.bus.read(6 * frame + 1, lcd::segment_0 + 4) == 0u);
  CHECK(bench.bus.read(6 * frame + 2, lcd::control) == 0u);
}

TEST_CASE("lcd: without supply the glass is dark at once, frames begin anew with power") {
  Bench bench;
  bench.enable(10);
  bench.write(11, 0, 1);
  bench.around.run_to(frame + 500);
  bench.lcd.power_off(frame + 500);
  CHECK(bench.glass.shown.back() == std::pair<Cycle, GlassSegments>{frame + 500, {}});
  const Cycle on = 2 * frame + 12'345;
  bench.around.run_to(on);
  bench.around.counter.begin(on);
  bench.lcd.power_on(on);
  bench.enable(on + 10);
  bench.write(on + 11, 0, 2);
  bench.around.run_to(on + frame - 1);
  CHECK(bench.glass.shown.size() == 2);
  bench.around.run_to(on + frame);
  CHECK(bench.glass.shown.back() == std::pair<Cycle, GlassSegments>{on + frame, {2, 0, 0, 0}});
}

TEST_CASE("lcd: asked for, every slot is told with its common, its segments and its polarity") {
  Bench bench(true);
  bench.write(1, 0, 1);
  bench.write(2, 1, 2);
  bench.write(3, 2, 4);
  bench.write(4, 3, 8);
  bench.around.run_to(slot);
  bench.enable(slot + 1);
  bench.around.run_to(3 * frame - 1);
  const auto slots = bench.events.of("m1.lcd", "slot");
  REQUIRE(slots.size() == 8);
  for (std::size_t k = 0; k < 8; ++k) {
    INFO(k);
    CHECK(bench.around.clock.at_or_after(slots[k].t) == frame + static_cast<Cycle>(k) * slot);
    CHECK(slots[k].number("com") == k % 4);
    CHECK(slots[k].number("segments") == 1u << k % 4);
    CHECK(slots[k].number("inverted") == (k < 4 ? 1 : 0));
  }
  CHECK(bench.bus.write(3 * frame - 1, lcd::control, 0));
  bench.around.run_to(4 * frame);
  CHECK(bench.events.of("m1.lcd", "slot").size() == 8);
}

TEST_CASE("lcd: restore takes up a change that waits for its frame") {
  Bench bench;
  const auto idle = bench.lcd.state();
  bench.enable(10);
  bench.write(11, 0, 1);
  const auto saved = bench.lcd.state();
  bench.lcd.restore(idle, 12);
  bench.lcd.restore(saved, 12);
  bench.around.run_to(frame);
  CHECK(bench.glass.shown == Shown{{frame, {1, 0, 0, 0}}});
}

TEST_CASE("lcd: what its table does not list is a bus error") {
  Bench bench;
  CHECK(!bench.bus.write(1, lcd::control, 2));
  CHECK(!bench.bus.write(2, lcd::segment_0, 1u << 20));
  CHECK(!bench.bus.read(3, lcd::segment_0 + 16));
  CHECK(!bench.bus.read(4, 0x04));
  CHECK(!bench.bus.read(5, lcd::segment_0, 2));
}

TEST_CASE("lcd: put back it reports slots as its own trace asks for") {
  Bench traced(true);
  traced.enable(10);
  traced.around.run_to(frame + slot / 2);
  auto saved = traced.lcd.state();
  CHECK(saved.slot_due == frame + slot);
  // Of one without a trace there is no next slot: it is the first of the next frame.
  saved.slot_due = peripherals::cycle_never;
  traced.lcd.restore(saved, frame + slot / 2);
  CHECK(traced.lcd.state().slot_due == 2 * frame);
}
