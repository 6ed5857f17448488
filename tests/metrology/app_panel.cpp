// The panel bound to buttons, display, backlight and clock, in the whole firmware on the stand-in
// for its microcontroller.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "metrology/app/panel_task.h"
#include "models/display/glass.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using hal::GpioPin;
using tests::cycles;
using tests::FakeMcu;
using tests::GlassChange;
using tests::load;
using tests::page_of;
using tests::PinChange;
using tests::steady;

namespace {

constexpr std::int64_t tick = 768;
constexpr std::int64_t frame = 512 * tick;
/// 16 frames.
constexpr std::int64_t quarter_second = 16 * frame;

std::string text(const GlassChange& change) {
  const std::string all = models::display::text(change.common);
  const std::size_t first = all.find_first_not_of(' ');
  return first == std::string::npos ? "" : all.substr(first);
}

std::string symbols(const GlassChange& change) {
  return models::display::symbol_text(models::display::symbols(change.common));
}

/// What the glass shows at `cycle`.
const GlassChange& at(const std::vector<GlassChange>& glass, std::int64_t cycle) {
  const GlassChange* seen = &glass.at(0);
  for (const GlassChange& change : glass) {
    if (change.at_cycle <= cycle) seen = &change;
  }
  return *seen;
}

/// Down at `from`, up after `duration`, both bouncing for 3 ms in seven edges.
void press(FakeMcu& mcu, std::int64_t from, std::int64_t duration, GpioPin pin) {
  for (const bool down : {true, false}) {
    const std::int64_t begin = down ? from : from + duration;
    for (int n = 0; n < 7; ++n) {
      mcu.front().button(begin + n * cycles(0.0005), pin, (n % 2 == 0) == down);
    }
  }
}

hal::ParameterPage quick_page(hal::MeterVariant variant) {
  hal::ParameterPage page = page_of(variant);
  page.ui_time_permille = 100;
  return page;
}

/// Whether an instant of the backlight is that of a frame's middle, plus the handler's way there
/// (pulses may be served first): less than 0.5 ms.
bool in_the_middle_of_a_frame(std::int64_t cycle) {
  const std::int64_t late = cycle % frame - frame / 2;
  return late >= 0 && late < cycles(0.0005);
}

}  // namespace

TEST_CASE("The test pattern is seen from the first frame on, P01 two seconds later") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({10, 10, 10}, 0.0)));
  mcu.run(cycles(13.0));
  const auto& glass = mcu.front().glass(cycles(13.0));
  REQUIRE(glass.size() > 2);
  CHECK(glass[0].at_cycle == frame);  // boot ends within the first frame
  CHECK(glass[0].common == models::display::all_segments());
  // 2 s after the boot's first look at the clock, in frame 128: written in the middle of frame 130,
  // seen from frame 131 on.
  CHECK(glass[1].at_cycle == 131 * frame);
  CHECK(text(glass[1]) == "1F 2F 3F");
  CHECK(symbols(glass[1]) == "FW T1");
  // 10 s are 640 frames.
  CHECK(glass[2].at_cycle == (131 + 640) * frame);
  CHECK(symbols(glass[2]) == "kWh FW T1");
}

TEST_CASE("Every page that scrolls comes 640 frames after the one before") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({0, 0, 0}, 0.0)));
  mcu.back().eeprom.emplace();
  mcu.run(cycles(75.0));
  const auto& glass = mcu.front().glass(cycles(75.0));
  // Without load nothing else changes: P01, P02, P05, P08, P57, P65, P01.
  REQUIRE(glass.size() >= 7);
  const char* const shown[] = {"1F 2F 3F", "0.00", "0.00", "5 11 111", "1F 2F 3F"};
  std::vector<std::int64_t> frames;
  std::vector<std::string> texts;
  for (std::size_t n = 1; n < glass.size(); ++n) {
    frames.push_back(glass[n].at_cycle / frame);
    texts.push_back(text(glass[n]));
    CHECK(glass[n].at_cycle % frame == 0);
  }
  // P05 looks as P02 does and is no change of the glass; P57 differs from P08 by FW and RV.
  CHECK(frames == std::vector<std::int64_t>{131, 771, 131 + 3 * 640, 131 + 4 * 640, 131 + 5 * 640,
                                            131 + 6 * 640, 131 + 7 * 640});
  CHECK(texts[0] == shown[0]);
  CHECK(texts[1] == shown[1]);
  CHECK(texts[3] == shown[2]);
  CHECK(texts[4] == shown[3]);
  CHECK(texts[5] == shown[4]);
}

TEST_CASE("A press lights the backlight and shows P01, then pages follow each press") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({10, 10, 10}, 0.0)));
  // P05 scrolls by; four presses, 0.5 s apart, of 0.2 s.
  for (int n = 0; n < 4; ++n) {
    press(mcu, cycles(25.0 + 0.5 * n), cycles(0.2),
          n < 3 ? GpioPin::button_right : GpioPin::button_left);
  }
  mcu.run(cycles(58.0));
  const auto& glass = mcu.front().glass(cycles(58.0));
  CHECK(symbols(at(glass, cycles(25.0))) == "kWh FW T1");
  // A press acts when it ends, 3 ms of bounce and 20 ms later, and is seen within 47 ms more.
  CHECK(text(at(glass, cycles(25.15))) != "1F 2F 3F");
  CHECK(text(at(glass, cycles(25.28))) == "1F 2F 3F");
  CHECK(symbols(at(glass, cycles(25.78))) == "kWh FW T1");
  const auto& light = mcu.front().backlight();
  REQUIRE(light.size() == 2);
  CHECK(light[0].level);
  CHECK(light[0].at_cycle > cycles(25.023 + 0.0234));
  CHECK(light[0].at_cycle < cycles(25.024 + 0.0391));
  CHECK(in_the_middle_of_a_frame(light[0].at_cycle));
  // Lit for 30 s after the last press began: 1920 frames, so the light goes out as late as it came.
  CHECK_FALSE(light[1].level);
  CHECK(light[1].at_cycle > cycles(26.523 + 30.0234));
  CHECK(light[1].at_cycle < cycles(26.524 + 30.0391));
  CHECK(in_the_middle_of_a_frame(light[1].at_cycle));
}

TEST_CASE("Values on the glass change with the rows, once a second") {
  // 40 A on three phases: 27.6 kW, 0.0077 kWh a second.
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({40, 40, 40}, 0.0)));
  mcu.run(cycles(22.0));
  const auto& glass = mcu.front().glass(cycles(22.0));
  std::vector<std::int64_t> changes;
  for (const GlassChange& change : glass) {
    if (change.at_cycle > cycles(12.2) && change.at_cycle < cycles(22.0)) {
      changes.push_back(change.at_cycle / frame);
    }
  }
  // In 9.8 s: 0.075 kWh, seven or eight steps of 0.01.
  CHECK(changes.size() >= 7);
  CHECK(changes.size() <= 8);
  for (std::size_t n = 1; n < changes.size(); ++n) {
    // One or two refreshes apart; they come at a block's end, every 2 frames, when the second of
    // whole cycles is complete.
    const std::int64_t frames = changes[n] - changes[n - 1];
    CHECK((std::abs(frames - 64) <= 3 || std::abs(frames - 128) <= 3));
  }
}

TEST_CASE("The scroll time is programmed at the buttons, with two blinks") {
  FakeMcu mcu(quick_page(hal::MeterVariant::mod), steady(load({0, 0, 0}, 0.0)));
  // Scale 0.1: hold 0.5 s, stored after 1 s, by hand for 3 s. P01, then left to P67, 66, 65,
  // 64, 63.
  double at_s = 1.0;
  for (int n = 0; n < 6; ++n, at_s += 0.3) {
    press(mcu, cycles(at_s), cycles(0.1), GpioPin::button_left);
  }
  press(mcu, cycles(at_s), cycles(0.6), GpioPin::button_left);
  const double opened_s = at_s + 0.6;
  press(mcu, cycles(opened_s + 0.3), cycles(0.1), GpioPin::button_right);
  press(mcu, cycles(opened_s + 0.6), cycles(0.1), GpioPin::button_right);
  const app::State state = mcu.run(cycles(opened_s + 3.0));
  CHECK(state.settings.lcd_cycle_s == 12);
  const auto& glass = mcu.front().glass(cycles(opened_s + 3.0));
  CHECK(text(at(glass, cycles(opened_s + 0.2))) == "rt 10");
  CHECK(text(at(glass, cycles(opened_s + 0.55))) == "rt 11");
  CHECK(text(at(glass, cycles(opened_s + 0.9))) == "rt 12");
  // Lit by the presses: on, then off on off on, 25 ms each (820 ticks), shown frame by frame.
  const auto& light = mcu.front().backlight();
  std::vector<bool> levels;
  for (const PinChange& change : light) {
    levels.push_back(change.level);
    CAPTURE(change.at_cycle / tick, change.at_cycle % frame / tick, change.level);
    CHECK(in_the_middle_of_a_frame(change.at_cycle));
  }
  REQUIRE(levels.size() >= 5);
  CHECK(std::vector<bool>(levels.begin(), levels.begin() + 5) ==
        std::vector<bool>{true, false, true, false, true});
}

TEST_CASE("The two blinks are four quarters of a second, to the frame") {
  hal::ParameterPage page = page_of(hal::MeterVariant::mod);
  FakeMcu mcu(page, steady(load({0, 0, 0}, 0.0)));
  // P57 scrolls by from 42 s to 52 s; held for 5.5 s it is reset.
  press(mcu, cycles(43.0), cycles(5.5), GpioPin::button_right);
  mcu.run(cycles(50.0));
  const auto& light = mcu.front().backlight();
  REQUIRE(light.size() == 5);
  for (std::size_t n = 0; n < light.size(); ++n) CHECK(light[n].level == (n % 2 == 0));
  for (std::size_t n = 2; n < light.size(); ++n) {
    CHECK(std::abs(light[n].at_cycle - light[n - 1].at_cycle - quarter_second) < cycles(0.0005));
  }
}

TEST_CASE("P57 counts forward energy and is reset at its buttons") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({90, 90, 90}, 0.0)));
  // 62.1 kW: 0.01725 kWh a second.
  press(mcu, cycles(43.0), cycles(5.5), GpioPin::button_right);
  const app::State state = mcu.run(cycles(60.0));
  const auto& glass = mcu.front().glass(cycles(60.0));
  CHECK(text(at(glass, cycles(42.9))) == "0.72");
  CHECK(text(at(glass, cycles(48.6))) == "0.00");
  // 11.4 s at 17.25 Wh a second.
  const std::int64_t day_uWh = energy::day_energy(state.energy.accounts).counter_uWh;
  CHECK(static_cast<double>(day_uWh) * 1e-6 == Approx(11.4 * 17.25).margin(2.5));
}

TEST_CASE("A CT meter whose ratio was never set takes it from its buttons and scales with it") {
  FakeMcu mcu(quick_page(hal::MeterVariant::mod_ct), steady(load({1, 1, 1}, 0.0)));
  press(mcu, cycles(1.0), cycles(0.1), GpioPin::button_right);
  press(mcu, cycles(1.3), cycles(0.1), GpioPin::button_right);
  press(mcu, cycles(2.0), cycles(4.0), GpioPin::button_left);
  press(mcu, cycles(2.1), cycles(4.1), GpioPin::button_right);
  const app::State state = mcu.run(cycles(9.0));
  const auto& glass = mcu.front().glass(cycles(9.0));
  CHECK(text(at(glass, cycles(0.8))) == "Ct   5/5");
  CHECK(text(at(glass, cycles(1.25))) == "Ct  40/5");
  CHECK(text(at(glass, cycles(1.6))) == "Ct  50/5");
  CHECK(text(at(glass, cycles(6.0))) == "1F 2F 3F");
  CHECK(state.settings.ct_primary_A == 50);
  CHECK(state.page.ct_primary_A == 50);
  // Codes of 1 A of 170 A full scale are 0.06 A of 10.2 A: 0.6 A primary.
  CHECK(state.measurement.values.current_A[0] == Approx(0.6).epsilon(1e-3));
}

TEST_CASE("Bounce that goes on while the signal path computes is still one press") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({10, 10, 10}, 0.0)));
  // 200 edges in 10 ms, more than any queue holds while a block is processed (5.8 ms), then down.
  for (int n = 0; n <= 200; ++n) {
    mcu.front().button(cycles(25.0) + n * cycles(0.00005), GpioPin::button_right, n % 2 == 0);
  }
  mcu.front().button(cycles(25.2), GpioPin::button_right, false);
  mcu.run(cycles(26.0));
  const auto& glass = mcu.front().glass(cycles(26.0));
  CHECK(text(at(glass, cycles(25.9))) == "1F 2F 3F");
  CHECK(mcu.front().backlight().size() == 1);
}

TEST_CASE("One button's bounce takes no press of the other one") {
  // The right button bounces for 10 ms, in more edges than any queue holds while a block is
  // processed; the left one goes down meanwhile, both stay down.
  const tests::SampleSource samples = tests::remembered(steady(load({10, 10, 10}, 0.0)));
  for (int n = 0; n < 40; ++n) {
    CAPTURE(n);
    FakeMcu mcu(page_of(hal::MeterVariant::mod), samples);
    for (int edge = 0; edge <= 200; ++edge) {
      mcu.front().button(cycles(2.5) + edge * cycles(0.00005), GpioPin::button_right,
                         edge % 2 == 0);
      if (edge != 5 * n) continue;
      mcu.front().button(cycles(2.5) + edge * cycles(0.00005) + 100, GpioPin::button_left, true);
    }
    const app::State state = mcu.run(cycles(2.55));
    REQUIRE(state.panel.panel.buttons.contact[0].down);
    REQUIRE(state.panel.panel.buttons.contact[1].down);
  }
}

TEST_CASE("In a brown-out glass and backlight are dark, and come back as they would be by then") {
  // The power task calls these; here nothing but the front is there.
  struct Rig {
    tests::FakeFront front;
    std::int64_t now = 0;
    hal::BusOperations operations{
        [](void* rig, std::uint32_t address) {
          auto& self = *static_cast<Rig*>(rig);
          self.pass();
          return self.front.read(address & ~0xFFFU, address & 0xFFFU, self.now);
        },
        [](void* rig, std::uint32_t address, std::uint32_t value) {
          auto& self = *static_cast<Rig*>(rig);
          self.pass();
          if ((address & ~0xFFFU) == hal::mailbox::base) return;  // notes of the view
          self.front.write(address & ~0xFFFU, address & 0xFFFU, value, self.now);
        },
        [](void*, hal::Charge) {},
        [](void*) {},
        [](void*, bool) {},
        [](void*, std::uint32_t) -> const std::int32_t* { return nullptr; }};
    hal::Bus bus{this, operations};
    app::State state{};

    void pass() { front.fire(++now); }
    void run_to(std::int64_t cycle) {
      while (now < cycle) {
        now = std::max(now + 1, std::min(cycle, front.next_event()));
        front.fire(now);
        if (front.rtc_pending()) {
          app::note_alarm(state.timers, bus);
          app::present_panel(state, bus);
        }
        if (front.gpio_pending()) app::note_button_edges(state, bus);
        app::serve_timers(state.timers, bus);
        app::run_panel(state, bus);
      }
    }
  };
  Rig rig;
  rig.state.page = page_of(hal::MeterVariant::mod);
  rig.state.settings = registers::factory_settings(rig.state.page);
  rig.state.settings.backlight = registers::BacklightMode::on;
  app::start_panel(rig.state, rig.bus);
  rig.run_to(cycles(5.0));
  CHECK(text(rig.front.glass(rig.now).back()) == "1F 2F 3F");
  CHECK(rig.front.output(GpioPin::backlight));

  const std::int64_t cut = rig.now;
  app::darken_panel(rig.state, rig.bus);
  CHECK(rig.front.glass(rig.now).back().common == models::display::GlassSegments{});
  CHECK(rig.front.glass(rig.now).back().at_cycle <= cut + 100);
  CHECK_FALSE(rig.front.output(GpioPin::backlight));
  rig.run_to(cycles(13.0));  // P02 is due meanwhile
  CHECK(rig.front.glass(rig.now).back().common == models::display::GlassSegments{});
  CHECK_FALSE(rig.front.output(GpioPin::backlight));
  app::light_panel(rig.state, rig.bus);
  CHECK(rig.front.output(GpioPin::backlight));
  rig.run_to(cycles(13.1));
  CHECK(text(rig.front.glass(rig.now).back()) == "0.00");
  CHECK(symbols(rig.front.glass(rig.now).back()) == "kWh FW T1");
}

TEST_CASE("A frame's presentation is half way through the second frame after it") {
  CHECK(app::presentation_tick(0) == 1280);
  CHECK(app::presentation_tick(511) == 1280);
  CHECK(app::presentation_tick(512) == 1792);
  CHECK(app::presentation_tick(0xFFFF'FFFF) == 768);  // wraps with the clock
}
