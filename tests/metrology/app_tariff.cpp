// The tariff through the whole firmware: register 2200, the input of terminals 24/25, the LED, and
// what is booked when (pro380 §9).
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "metrology/app/tariff.h"
#include "metrology/app/time_axis.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using hal::GpioPin;
using hal::MailboxOperation;
using hal::MailboxReply;
using tests::core_hz;
using tests::cycles;
using tests::FakeMcu;
using tests::load;
using tests::page_of;
using tests::steady;

namespace {

constexpr std::int64_t block_cycles = std::int64_t{128} * 6144;
constexpr double power_W = 3 * 230.0 * 20.0;

std::uint32_t two_bytes(std::uint32_t value) { return value << 16U; }

/// Wh of a forward total, all tariffs or one.
double forward_Wh(const app::State& state, energy::Tariff tariff) {
  const energy::EnergyCounter& counter =
      state.energy.accounts.total.of(energy::Kind::active, energy::Direction::forward, tariff);
  return static_cast<double>(counter.counter_uWh) * 1e-6 + counter.residue_pWh * 1e-12;
}

/// Wh of `power_W` between two sample sets' contents.
double Wh_of_sets(double from_set, double to_set) {
  return power_W * (to_set - from_set) / 4096 / 3600;
}
constexpr double first_booked_set = 4;

/// High time of an input that conducts 76 % of each 10 ms (230 V, 50 Hz) between two instants.
std::uint32_t conducting(std::int64_t cycle, double from_s, double to_s) {
  const double until = std::min(static_cast<double>(cycle) / core_hz, to_s);
  if (until <= from_s) return 0;
  const double halves = std::floor((until - from_s) / 0.01);
  const double rest = std::min(until - from_s - halves * 0.01, 0.0076);
  return static_cast<std::uint32_t>(std::llround((halves * 0.0076 + rest) * core_hz));
}

}  // namespace

TEST_CASE(
    "A write of 2200 books to the other tariff from the first block boundary after 31.25 ms on") {
  for (const double at : {2.0, 2.001, 2.02}) {
    FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({20, 20, 20}, 0.0)));
    mcu.request({cycles(at), MailboxOperation::write_row, 0x2200, two_bytes(12)});
    mcu.request({cycles(at) + 50'000, MailboxOperation::read_row, 0x2200, 0});
    const app::State state = mcu.run(cycles(4.0));
    REQUIRE(mcu.replies().size() == 2);
    CHECK(mcu.replies()[0].status == MailboxReply::ok);
    CHECK(mcu.replies()[1].words[0] == two_bytes(2));
    CHECK(mcu.output(GpioPin::led_tariff));
    // 31.25 ms are a block.
    const std::int64_t since = cycles(at) + block_cycles - state.adc_start_cycle;
    const std::int64_t boundary = (since + block_cycles - 1) / block_cycles;
    const auto boundary_set = static_cast<double>(boundary * 128);
    const double booked_set = static_cast<double>(state.energy.booked_until) / 65536;
    CHECK(forward_Wh(state, energy::Tariff::t1) ==
          Approx(Wh_of_sets(first_booked_set, boundary_set)).epsilon(1e-4));
    CHECK(forward_Wh(state, energy::Tariff::t2) ==
          Approx(Wh_of_sets(boundary_set, booked_set)).epsilon(1e-4));
  }
}

TEST_CASE("A refused or equal value of 2200 leaves booking and LED alone") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({20, 20, 20}, 0.0)));
  mcu.request({cycles(1.0), MailboxOperation::write_row, 0x2200, two_bytes(3)});
  mcu.request({cycles(1.1), MailboxOperation::write_row, 0x2200, two_bytes(1)});
  const app::State state = mcu.run(cycles(2.0));
  REQUIRE(mcu.replies().size() == 2);
  CHECK(mcu.replies()[0].status == MailboxReply::bad_value);
  CHECK(mcu.replies()[1].status == MailboxReply::ok);
  CHECK_FALSE(mcu.output(GpioPin::led_tariff));
  CHECK(forward_Wh(state, energy::Tariff::t2) == 0);
}

TEST_CASE("230 V on the input light the LED within 100 ms, and none put it out within 100 ms") {
  for (int n = 0; n < 32; ++n) {
    const double on_s = 1.0 + n * 0.001;
    const double off_s = on_s + 0.5 + n * 0.0013;
    FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({20, 20, 20}, 0.0)));
    mcu.tariff_input([=](std::int64_t cycle) { return conducting(cycle, on_s, off_s); });
    std::vector<double> edges_s;
    mcu.on_every_call([&](std::int64_t cycle) {
      if (mcu.output(GpioPin::led_tariff) == (edges_s.size() % 2 == 1)) return;
      edges_s.push_back(static_cast<double>(cycle) / core_hz);
    });
    const app::State state = mcu.run(cycles(2.0));
    CAPTURE(on_s, off_s);
    REQUIRE(edges_s.size() == 2);
    CHECK(edges_s[0] > on_s);
    CHECK(edges_s[0] < on_s + 0.1);
    CHECK(edges_s[1] > off_s);
    CHECK(edges_s[1] < off_s + 0.1);
    // T2 has what was used between the block boundaries at which the edges were judged.
    const auto set_of = [&](double edge_s) {
      const double since = edge_s * core_hz - static_cast<double>(state.adc_start_cycle);
      return std::floor(since / static_cast<double>(block_cycles)) * 128;
    };
    CHECK(forward_Wh(state, energy::Tariff::t2) ==
          Approx(Wh_of_sets(set_of(edges_s[0]), set_of(edges_s[1]))).epsilon(1e-4));
  }
}

TEST_CASE("An input that is on at power-up is T2 within 100 ms") {
  FakeMcu mcu(page_of(hal::MeterVariant::mod), steady(load({20, 20, 20}, 0.0)));
  mcu.tariff_input([=](std::int64_t cycle) { return conducting(cycle, 0, 100); });
  const app::State state = mcu.run(cycles(0.1));
  CHECK(state.tariff.active == energy::Tariff::t2);
  CHECK(mcu.output(GpioPin::led_tariff));
}

TEST_CASE("1000 switchings by input and register: every counter as in a twin without any") {
  constexpr double seconds = 300;
  const tests::SampleSource samples = tests::remembered([](std::int64_t first_set) {
    // Another load every half second, one phase exporting now and then; ten of them in turn.
    const auto n = static_cast<double>(first_set / 2048 % 10);
    return tests::synthesise(load({10 + n, 30 - 2 * n, 20}, 36 * n), first_set % 20'480);
  });
  std::mt19937_64 random(71);
  const auto later = [&random](double s, double least_s, std::uint64_t most_more_ms) {
    return s + least_s + static_cast<double>(random() % most_more_ms) / 1000;
  };
  std::vector<double> edges_s{0.5};  // of the input, on first
  while (edges_s.back() < seconds) edges_s.push_back(later(edges_s.back(), 0.15, 200));
  std::vector<tests::Request> writes;
  double write_s = 0.3;
  while (write_s < seconds - 0.1) {
    constexpr std::uint32_t values[] = {1, 2, 11, 12};
    writes.push_back(
        {cycles(write_s), MailboxOperation::write_row, 0x2200, two_bytes(values[random() % 4])});
    write_s = later(write_s, 0.05, 300);
  }

  const auto run = [&](bool switching) {
    FakeMcu mcu(page_of(hal::MeterVariant::mod), samples);
    int switchings = 0;
    if (switching) {
      // The pin counts on while an edge's time has not come; edges come in turn, so the newest
      // only.
      std::size_t next = 0;
      double high_s = 0;
      mcu.tariff_input([&, next, high_s](std::int64_t cycle) mutable {
        const double now_s = static_cast<double>(cycle) / core_hz;
        while (next + 1 < edges_s.size() && edges_s[next + 1] <= now_s) {
          if (next % 2 == 0) high_s += edges_s[next + 1] - edges_s[next];
          ++next;
        }
        const bool on = next % 2 == 0 && now_s > edges_s[next];
        return static_cast<std::uint32_t>(
            std::llround(std::fmod((high_s + (on ? now_s - edges_s[next] : 0)) * core_hz, 0x1p32)));
      });
      for (const tests::Request& write : writes) mcu.request(write);
      mcu.on_every_call([&, lit = false](std::int64_t) mutable {
        if (mcu.output(GpioPin::led_tariff) == lit) return;
        lit = !lit;
        ++switchings;
      });
    }
    const app::State state = mcu.run(cycles(seconds));
    CHECK(state.diagnostics.lost_blocks == 0);
    if (switching) CHECK(switchings >= 1000);
    return state.energy.accounts;
  };
  const energy::Accounts switched = run(true);
  const energy::Accounts twin = run(false);
  for (const energy::Kind kind : {energy::Kind::active, energy::Kind::reactive}) {
    for (const energy::Direction direction :
         {energy::Direction::forward, energy::Direction::reverse}) {
      for (int phase = 0; phase < energy::phase_count; ++phase) {
        CHECK(switched.phase[phase].of(kind, direction) == twin.phase[phase].of(kind, direction));
      }
      CHECK(switched.total.of(kind, direction) == twin.total.of(kind, direction));
      for (const energy::Tariff tariff : {energy::Tariff::t1, energy::Tariff::t2}) {
        energy::EnergyCounter sum;
        for (const energy::Account& phase : switched.phase) {
          sum = sum + phase.of(kind, direction, tariff);
        }
        CHECK(sum == switched.total.of(kind, direction, tariff));
        CHECK(sum.counter_uWh > 0);
      }
    }
  }
}

TEST_CASE("The last of register and input wins, and pulses do not care for tariffs") {
  const auto run = [](bool switching) {
    FakeMcu mcu(page_of(hal::MeterVariant::mod, 1'000'000), steady(load({20, 20, 20}, 0.0)));
    if (switching) {
      mcu.tariff_input([](std::int64_t cycle) { return conducting(cycle, 0.5, 1.0); });
      mcu.request({cycles(0.8), MailboxOperation::write_row, 0x2200, two_bytes(11)});
      mcu.request({cycles(1.5), MailboxOperation::write_row, 0x2200, two_bytes(2)});
    }
    const app::State state = mcu.run(cycles(3.0));
    CHECK(state.tariff.active == (switching ? energy::Tariff::t2 : energy::Tariff::t1));
    CHECK(mcu.output(GpioPin::led_tariff) == switching);
    struct Result {
      energy::EnergyCounter total;
      energy::PulseState pulses;
      double t2_Wh;
    };
    return Result{state.energy.accounts.total.of(energy::Kind::active, energy::Direction::forward),
                  state.pulses, forward_Wh(state, energy::Tariff::t2)};
  };
  const auto plain = run(false);
  const auto switched = run(true);
  CHECK(plain.total == switched.total);
  for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
    CHECK(plain.pulses.output[channel].pulses == switched.pulses.output[channel].pulses);
    CHECK(plain.pulses.output[channel].fraction == switched.pulses.output[channel].fraction);
  }
  CHECK(plain.t2_Wh == 0);
  // About 0.3 s up to the write of 11, then the last 1.5 s less what is not booked yet.
  CHECK(switched.t2_Wh == Approx(power_W * (0.3 + 1.5 - 0.1) / 3600).epsilon(0.1));
}
