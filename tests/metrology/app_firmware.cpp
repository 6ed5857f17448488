// The whole firmware on a stand-in for its microcontroller: from samples to pulses and registers.
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <vector>

#include "metrology/app/time_axis.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using hal::MailboxOperation;
using hal::MailboxReply;
using hal::PulseChannel;
using tests::core_hz;
using tests::cycles;
using tests::FakeMcu;
using tests::load;
using tests::page_of;
using tests::Reply;
using tests::steady;

namespace {

/// Accuracy demanded of unrounded values (0.01 %).
Approx accurate(double value) { return Approx(value).epsilon(1e-4); }

}  // namespace

TEST_CASE("Samples of a constant load become even S0 and LED pulses") {
  // 3 × 230 V · 10 A · cos 60° = 3 450 W: at 1000 imp/kWh one in 1.0435 s, LED ten times as many.
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({10, 10, 10}, 60.0)));
  const app::State state = mcu.run(cycles(8.0));

  const auto check = [&](PulseChannel channel, double per_kWh, double power, std::int64_t width) {
    const auto& pulses = mcu.pulses(channel);
    const double interval = 3.6e6 / (per_kWh * power);
    CAPTURE(static_cast<int>(channel), interval);
    REQUIRE(pulses.size() >= static_cast<std::size_t>(7.0 / interval) - 1);
    for (std::size_t n = 0; n < pulses.size(); ++n) {
      REQUIRE_FALSE(pulses[n].late);
      REQUIRE(pulses[n].width == width);
      if (n < 3) continue;  // the first windows after a start carry the filter's settling
      const double between = static_cast<double>(pulses[n].start - pulses[n - 1].start) / core_hz;
      // 0.1 ADC sample of jitter.
      REQUIRE(between == Approx(interval).margin(0.1 / 4096));
    }
  };
  check(PulseChannel::s0_forward, 1000, 3450, 503'316);  // 2.5 … 10 kW: 20 ms
  check(PulseChannel::led_active, 10000, 3450, 50'332);
  check(PulseChannel::led_reactive, 10000, 3450 * std::sqrt(3.0), 50'332);
  CHECK(mcu.pulses(PulseChannel::s0_reverse).empty());
  CHECK(state.diagnostics.late_pulses == 0);
  CHECK(state.diagnostics.lost_blocks == 0);
}

TEST_CASE("Registers show the load, rounded as the display, and the unrounded values behind") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({10, 5, 5}, 60.0)));
  struct Expected {
    std::uint32_t row;
    double raw;
    double shown;
  };
  const double q1 = 2300 * std::sin(tests::pi / 3) / 1000;
  const Expected expected[] = {
      {0x2008, 230.0, 230.0}, {0x2020, 50.0, 50.0}, {0x2068, 10.0, 10.0},    {0x206C, 5.0, 5.0},
      {0x2080, 2.3, 2.3},     {0x2088, 1.15, 1.15}, {0x20A0, 2 * q1, 3.984}, {0x20A8, q1, 1.992},
      {0x20C0, 4.6, 4.6},     {0x20C8, 2.3, 2.3},   {0x20E0, 0.5, 0.5},      {0x20E8, 0.5, 0.5},
  };
  std::int64_t at = cycles(3.3);
  for (const Expected& e : expected) {
    mcu.request({at, MailboxOperation::read_raw, e.row, 0});
    mcu.request({at + 50'000, MailboxOperation::read_row, e.row, 0});
    at += 100'000;
  }
  mcu.run(cycles(4.0));
  REQUIRE(mcu.replies().size() == 2 * std::size(expected));
  for (std::size_t n = 0; n < std::size(expected); ++n) {
    CAPTURE(expected[n].row);
    const Reply& raw = mcu.replies()[2 * n];
    CHECK(raw.status == MailboxReply::ok);
    CHECK(raw.words[0] == 1);
    CHECK(raw.value() == accurate(expected[n].raw));
    CHECK(mcu.replies()[2 * n + 1].row_float() == static_cast<float>(expected[n].shown));
  }
}

TEST_CASE("A raw energy names the instant it is booked to") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({20, 20, 20}, 30.0)));
  for (const double at : {2.0, 5.0}) {
    mcu.request({cycles(at), MailboxOperation::read_raw, 0x3020, 0});
    mcu.request({cycles(at), MailboxOperation::read_raw, 0x3080, 0});
  }
  const app::State state = mcu.run(cycles(6.0));
  const auto& replies = mcu.replies();
  REQUIRE(replies.size() == 4);
  const auto rate_W = [&](const Reply& a, const Reply& b) {
    return (b.energy_Wh() - a.energy_Wh()) * 3600.0 / (b.until_s() - a.until_s());
  };
  const double apparent = 3 * 230.0 * 20.0;
  CHECK(rate_W(replies[0], replies[2]) == accurate(apparent * std::cos(tests::pi / 6)));
  CHECK(rate_W(replies[1], replies[3]) == accurate(apparent * 0.5));
  // The reactive path is 196 samples later.
  CHECK(replies[0].until_s() - replies[1].until_s() == Approx(196.0 / 4096.0).margin(1e-9));
  // No older than the longest window, a block, the filters and the time to compute.
  CHECK(replies[0].until_s() < 2.0);
  CHECK(replies[0].until_s() > 2.0 - 320.0 / 4096.0);
  // Nothing is lost from the fifth sample set on, whose content is 21 468 clocks older.
  const double start_s = static_cast<double>(state.adc_start_cycle + 4 * 6144 - 21'468) / core_hz;
  CHECK(replies[0].energy_Wh() * 3600.0 / (apparent * std::cos(tests::pi / 6)) ==
        accurate(replies[0].until_s() - start_s));
}

TEST_CASE("Before the first window nothing is booked, up to where it will begin") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({20, 20, 20}, 30.0)));
  mcu.request({cycles(0.02), MailboxOperation::read_raw, 0x3020, 0});
  const app::State state = mcu.run(cycles(0.03));
  REQUIRE(mcu.replies().size() == 1);
  CHECK(mcu.replies()[0].energy_Wh() == 0.0);
  CHECK(mcu.replies()[0].until_s() * core_hz ==
        Approx(static_cast<double>(state.adc_start_cycle + 4 * 6144 - 21'468)).margin(0.01));
}

TEST_CASE("The play-out follows the world's energy by 320 samples") {
  // Steady load: pulse k of the LED is due when the world has used k · 0.1 Wh since booking began.
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({30, 30, 30}, 0.0)));
  mcu.request({cycles(4.0), MailboxOperation::read_raw, 0x3020, 0});
  mcu.run(cycles(5.0));
  const Reply& reply = mcu.replies().at(0);
  const double power = 3 * 230.0 * 30.0;
  const auto& pulses = mcu.pulses(PulseChannel::led_active);
  REQUIRE(pulses.size() > 150);
  for (std::size_t k = 100; k < pulses.size(); ++k) {
    const double due = reply.until_s() +
                       ((static_cast<double>(k) + 1) * 0.1 - reply.energy_Wh()) * 3600.0 / power +
                       320.0 / 4096.0;
    REQUIRE(static_cast<double>(pulses[k].start) / core_hz == Approx(due).margin(0.1 / 4096));
  }
}

TEST_CASE(
    "The S0 rate is written through the register table and holds from a frame after 31.25 ms on") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod, 1'000'000), steady(load({20, 20, 20}, 0.0)));
  const std::uint32_t rate_100 = 0x42C80000;   // 100.0f
  const std::uint32_t rate_5000 = 0x459C4000;  // 5000.0f
  mcu.request({cycles(2.0), MailboxOperation::write_row, 0x1066, rate_5000});
  mcu.request({cycles(2.1), MailboxOperation::write_row, 0x2008, rate_100});
  mcu.request({cycles(2.2), MailboxOperation::write_row, 0x1067, rate_100});
  mcu.request({cycles(2.3), MailboxOperation::read_row, 0x1066, 0});
  mcu.request({cycles(2.4), MailboxOperation::read_raw, 0x1066, 0});
  mcu.request({cycles(2.5), MailboxOperation::write_row, 0x1066, rate_100});
  mcu.request({cycles(2.6), MailboxOperation::read_row, 0x1066, 0});
  const app::State state = mcu.run(cycles(8.0));
  const auto& replies = mcu.replies();
  REQUIRE(replies.size() == 7);
  CHECK(replies[0].status == MailboxReply::bad_value);
  CHECK(replies[1].status == MailboxReply::read_only);
  CHECK(replies[2].status == MailboxReply::no_such_row);
  CHECK(replies[3].row_float() == 10000.0F);
  CHECK(replies[4].status == MailboxReply::no_raw);
  CHECK(replies[5].status == MailboxReply::ok);
  CHECK(replies[6].row_float() == 100.0F);

  constexpr std::int64_t frame = 393'216;
  const std::int64_t changed = (cycles(2.5) + 2 * frame + frame - 1) / frame * frame;
  // 13.8 kW: 38.3 pulses a second before; then one in 2.61 s, the first within that time.
  std::vector<std::int64_t> after;
  std::size_t before = 0;
  for (const tests::Pulse& pulse : mcu.pulses(PulseChannel::s0_forward)) {
    if (pulse.start < changed) {
      ++before;
    } else {
      after.push_back(pulse.start);
      CHECK(pulse.width == 1'006'633);
    }
    CHECK_FALSE(pulse.late);
  }
  CHECK(before > 80);
  REQUIRE(after.size() == 2);
  CHECK(static_cast<double>(after[1] - after[0]) / core_hz ==
        Approx(3.6e6 / 100 / 13800).margin(0.1 / 4096));
  CHECK(state.settings.s0_rate_centi == 10'000);
}

TEST_CASE("Without load the meter stands still and its rows read zero") {
  FakeMcu mcu(page_of(hal::MeterVariant::s), steady(load({0.009, 0, 0}, 0.0)));  // 2.07 W < 2.3 W
  for (const std::uint32_t row : {0x2068U, 0x2088U, 0x20C8U, 0x3020U}) {
    mcu.request({cycles(3.0), MailboxOperation::read_row, row, 0});
  }
  mcu.request({cycles(3.1), MailboxOperation::read_row, 0x20E8, 0});
  mcu.request({cycles(3.2), MailboxOperation::read_row, 0x2008, 0});
  mcu.run(cycles(4.0));
  REQUIRE(mcu.replies().size() == 6);
  for (std::size_t n = 0; n < 4; ++n) CHECK(mcu.replies()[n].row_float() == 0.0F);
  CHECK(mcu.replies()[4].row_float() == 1.0F);
  CHECK(mcu.replies()[5].row_float() == 230.0F);
  CHECK(mcu.pulses(PulseChannel::led_active).empty());
}

TEST_CASE("Clipped samples are counted per channel") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({1, 1, 1}, 0.0)));
  mcu.clip(4, 17);
  CHECK(mcu.run(cycles(0.2)).diagnostics.clipped_samples[4] == 17);
}

TEST_CASE("A diagnostic count stays at its end") {
  std::uint32_t counted = 0xFFFF'FFF0;
  registers::count(counted, 15);
  CHECK(counted == 0xFFFF'FFFF);
  registers::count(counted, 1);
  CHECK(counted == 0xFFFF'FFFF);
  registers::count(counted, 0xFFFF'FFFF);
  CHECK(counted == 0xFFFF'FFFF);
}

TEST_CASE("An overloaded CPU counts the blocks it lost and arms nothing in the past") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod, 1'000'000), steady(load({50, 50, 50}, 0.0)));
  mcu.slow_down(6);  // the signal path alone then takes 885 600 of a block's 786 432 clocks
  const app::State state = mcu.run(cycles(4.0));
  CHECK(state.diagnostics.lost_blocks > 0);
  CHECK(state.blocks_processed > 50);
  CHECK(state.diagnostics.late_pulses == 0);
}

TEST_CASE("A reset at any bus call leaves the firmware by exception and the next one boots") {
  struct Reset {};
  FakeMcu mcu(page_of(hal::MeterVariant::mod, 1'000'000), steady(load({50, 50, 50}, 0.0)));
  std::int64_t calls = 0;
  for (std::int64_t reset_at = 1; reset_at < 3000; reset_at += 37) {
    calls = 0;
    mcu.on_every_call([&](std::int64_t) {
      if (++calls == reset_at) throw Reset{};
    });
    REQUIRE_THROWS_AS(mcu.run(mcu.now() + cycles(3.0)), Reset);
  }
  mcu.on_every_call({});
  const std::size_t before = mcu.pulses(PulseChannel::s0_forward).size();
  const app::State state = mcu.run(mcu.now() + cycles(1.0));
  CHECK(mcu.pulses(PulseChannel::s0_forward).size() > before + 50);
  CHECK(state.diagnostics.late_pulses == 0);
}

TEST_CASE("Two runs end in the same state") {
  const tests::SampleSource samples = steady(load({3, 2, 1}, 20.0));
  FakeMcu first(page_of(hal::MeterVariant::mod), samples);
  FakeMcu second(page_of(hal::MeterVariant::mod), samples);
  const app::State a = first.run(cycles(2.0));
  const app::State b = second.run(cycles(2.0));
  CHECK(a.energy.accounts.total.of(energy::Kind::active, energy::Direction::forward).counter_uWh ==
        b.energy.accounts.total.of(energy::Kind::active, energy::Direction::forward).counter_uWh);
  CHECK(a.measurement.values.active_W[3] == b.measurement.values.active_W[3]);
  CHECK(a.pulses.output[0].fraction == b.pulses.output[0].fraction);
}

TEST_CASE("A load of part of a second shows as its mean over the second") {
  // 10 A up to 5.9 s of content, nothing after. The second in which it stopped shows its share; the
  // ones before and after show all and nothing.
  constexpr std::int64_t stop_set = 128 * 191;
  const tests::SixChannels on = load({10, 10, 10}, 0.0);
  const tests::SixChannels off = load({0, 0, 0}, 0.0);
  FakeMcu mcu(page_of(hal::MeterVariant::mod), [=](std::int64_t first_set) {
    return tests::synthesise(first_set < stop_set ? on : off, first_set);
  });
  for (double at = 4.0; at < 8.5; at += 0.1) {
    mcu.request({cycles(at), MailboxOperation::read_raw, 0x2088, 0});
    mcu.request({cycles(at) + 50'000, MailboxOperation::read_raw, 0x2068, 0});
  }
  mcu.run(cycles(9.0));
  // The values that follow one another, in kW.
  std::vector<double> active;
  std::vector<double> current;
  for (std::size_t n = 0; n < mcu.replies().size(); n += 2) {
    const double shown = mcu.replies()[n].value();
    if (!active.empty() && std::abs(active.back() - shown) < 1e-3) continue;
    active.push_back(shown);
    current.push_back(mcu.replies()[n + 1].value());
  }
  REQUIRE(active.size() == 3);
  CHECK(active[0] == accurate(2.3));
  CHECK(active[1] > 0.1);
  CHECK(active[1] < 2.29);
  // P is the mean, I the root of the mean square: the same share of the second.
  CHECK(current[1] == Approx(10 * std::sqrt(active[1] / 2.3)).epsilon(5e-3));
  CHECK(active[2] == 0.0);
  CHECK(current[2] == 0.0);
}

TEST_CASE("Sample time and core clocks convert without rounding") {
  // Set n arrives 6144 n clocks after the start; the content is 382.5 modulator clocks and 2
  // samples older: 382.5 · 24 + 2 · 6144 = 21 468.
  // A clock has 32 ticks: (1000 − 21 468) · 32; 320 · 6144 · 32.
  CHECK(app::world_ticks(0, 1000) == -654'976);
  CHECK(app::world_ticks(655'361, 0) - app::world_ticks(655'360, 0) == 3);
  CHECK(app::play_ticks(65536, 0) - app::world_ticks(65536, 0) == 62'914'560);
}

TEST_CASE("The watchdog is kicked once a block, and never left alone for half its time") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({10, 10, 10}, 0)));
  mcu.run(cycles(5.0));
  // 32 blocks a second, the first 31.25 ms after the start.
  REQUIRE(mcu.kicks().size() >= 158);
  CHECK(mcu.kicks().size() <= 160);
  std::int64_t before = 0;
  for (const std::int64_t kick : mcu.kicks()) {
    CHECK(kick - before < cycles(0.5));
    before = kick;
  }
}
