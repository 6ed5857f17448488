// The tariff's arbiter, and what booking makes of its changes (pro380 §2, §9).
#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <vector>

#include "metrology/energy/booking.h"
#include "tests/metrology/metering_windows.h"

using namespace metrology;
using namespace metrology::energy;
using tests::one_cycle_50_Hz;
using tests::Powers;

namespace {

/// Powered up with nothing stored and the input judged off.
TariffState running(const StoredTariff& stored = {}, bool on = false) {
  TariffState state{};
  restored(state, stored);
  input_judged(state, on);
  return state;
}

constexpr double full_scale_A = 170.0;

Powers random_powers(std::mt19937_64& random) {
  Powers powers;
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const auto any = [&] {
      const double size = std::pow(10.0, static_cast<double>(random() % 4300) / 1000.0);
      return random() % 2 == 0 ? size : -size;
    };
    powers.active_W[phase] = any();
    powers.reactive_var[phase] = any();
  }
  return powers;
}

BookingSetup setup_of(hal::Connection connection) {
  hal::ParameterPage page{};
  page.variant = hal::MeterVariant::mod;
  page.connection = connection;
  return make_booking_setup(page, reference_conditions);
}

/// A phase that takes `watts` in windows of 20 ms.
struct OnePhase {
  BookingSetup setup = setup_of(hal::Connection::three_phase_four_wire);
  EnergyState state{};
  std::int64_t now = 0;

  std::uint64_t book(double watts, std::int64_t length = one_cycle_50_Hz) {
    const signal::Window window =
        tests::window_of(now, now + length, {{watts, 0, 0}, {}}, full_scale_A);
    now += length;
    return energy::book(state, setup, window)
        .output_pWh[static_cast<int>(hal::PulseChannel::s0_forward)];
  }
  std::uint64_t pWh(Tariff tariff) const {
    const EnergyCounter& counter =
        state.accounts.phase[0].of(Kind::active, Direction::forward, tariff);
    return static_cast<std::uint64_t>(counter.counter_uWh) * 1'000'000 + counter.residue_pWh;
  }
};

bool same(const Account& a, const Account& b) {
  for (const Kind kind : {Kind::active, Kind::reactive}) {
    for (const Direction direction : {Direction::forward, Direction::reverse}) {
      if (a.of(kind, direction) != b.of(kind, direction)) return false;
    }
  }
  return true;
}

/// Whether any counter of `now` is below what it was in `before`.
bool any_fell(const Accounts& before, const Accounts& now) {
  const auto fell = [](const Account& was, const Account& is) {
    for (int tariff = 0; tariff < tariff_count; ++tariff) {
      for (int kind = 0; kind < kind_count; ++kind) {
        for (int direction = 0; direction < direction_count; ++direction) {
          const EnergyCounter grown =
              is.counter[tariff][kind][direction] - was.counter[tariff][kind][direction];
          if (grown.counter_uWh < 0) return true;
        }
      }
    }
    return false;
  };
  for (int phase = 0; phase < phase_count; ++phase) {
    if (fell(before.phase[phase], now.phase[phase])) return true;
  }
  return fell(before.total, now.total);
}

}  // namespace

TEST_CASE("The last event wins: an edge of the input or a write of register 2200") {
  TariffState state = running();
  CHECK(state.active == Tariff::t1);
  input_judged(state, true);
  CHECK(state.active == Tariff::t2);
  CHECK(written(state, 11));
  CHECK(state.active == Tariff::t1);
  input_judged(state, true);  // no edge
  CHECK(state.active == Tariff::t1);
  input_judged(state, false);
  CHECK(state.active == Tariff::t1);
  CHECK(written(state, 12));
  input_judged(state, false);  // no edge
  CHECK(state.active == Tariff::t2);
  input_judged(state, true);
  input_judged(state, false);
  CHECK(state.active == Tariff::t1);
  CHECK(state.saved == Tariff::t1);
}

TEST_CASE("Writes of 1 and 2 are saved, of 11 and 12 not, others refused") {
  TariffState state = running();
  CHECK(written(state, 2));
  CHECK(state.active == Tariff::t2);
  CHECK(state.saved == Tariff::t2);
  CHECK(written(state, 11));
  CHECK(state.active == Tariff::t1);
  CHECK(state.saved == Tariff::t2);
  CHECK(written(state, 1));
  CHECK(state.saved == Tariff::t1);
  CHECK(written(state, 12));
  CHECK(state.active == Tariff::t2);
  CHECK(state.saved == Tariff::t1);
  for (std::uint32_t value = 0; value <= 0xFFFF; ++value) {
    if (value == 1 || value == 2 || value == 11 || value == 12) continue;
    REQUIRE_FALSE(written(state, value));
  }
  CHECK(state.active == Tariff::t2);
  CHECK(state.saved == Tariff::t1);
}

TEST_CASE("Power-up: every combination of saved value, input at the cut and input now") {
  struct Case {
    Tariff saved;
    bool was_on, on;
    Tariff active, saved_after;
  };
  constexpr Tariff t1 = Tariff::t1;
  constexpr Tariff t2 = Tariff::t2;
  const Case cases[] = {
      {t1, false, false, t1, t1}, {t1, false, true, t2, t1},  {t1, true, false, t1, t1},
      {t1, true, true, t2, t1},   {t2, false, false, t2, t2}, {t2, false, true, t2, t2},
      {t2, true, false, t1, t1},  {t2, true, true, t2, t2},
  };
  for (const Case& c : cases) {
    CAPTURE(static_cast<int>(c.saved), c.was_on, c.on);
    TariffState input_last = running({c.saved, c.was_on}, c.on);
    CHECK(input_last.active == c.active);
    CHECK(input_last.saved == c.saved_after);

    TariffState stored_last{};
    input_judged(stored_last, c.on);
    CHECK(stored_last.active == t1);  // until the stored values are known
    restored(stored_last, {c.saved, c.was_on});
    CHECK(stored_last.active == c.active);
    CHECK(stored_last.saved == c.saved_after);

    // From then on edges count as ever.
    for (TariffState* state : {&input_last, &stored_last}) {
      CHECK(stored(*state).input_on == c.on);
      input_judged(*state, !c.on);
      CHECK(state->active == (c.on ? t1 : t2));
    }
  }
}

TEST_CASE("Before the input is judged a cut stores it as it was, and a write is the later event") {
  TariffState state{};
  restored(state, {Tariff::t2, true});
  CHECK(state.active == Tariff::t2);
  CHECK(stored(state).input_on);
  CHECK(stored(state).saved == Tariff::t2);
  CHECK(written(state, 12));
  input_judged(state, false);
  CHECK(state.active == Tariff::t2);
  CHECK(state.saved == Tariff::t2);
  CHECK_FALSE(stored(state).input_on);
}

TEST_CASE("A window in which the tariff changed is shared by its samples, the rest to the later") {
  OnePhase meter;
  // A whole number of pWh that three does not divide: the shares are cut, the last has the rest.
  change_tariff(meter.state, one_cycle_50_Hz / 3, Tariff::t2);
  const std::uint64_t booked = meter.book(1000.0);
  REQUIRE(booked > 5'000'000'000);
  const std::uint64_t t1 = booked * static_cast<std::uint64_t>(one_cycle_50_Hz / 3) /
                           static_cast<std::uint64_t>(one_cycle_50_Hz);
  CHECK(meter.pWh(Tariff::t1) == t1);
  CHECK(meter.pWh(Tariff::t2) == booked - t1);
  CHECK(meter.state.tariff == Tariff::t2);
  CHECK(meter.state.change_count == 0);
}

TEST_CASE("A change at a window's edge gives it no share of the other side") {
  OnePhase meter;
  change_tariff(meter.state, one_cycle_50_Hz, Tariff::t2);
  const std::uint64_t first = meter.book(1000.0);
  CHECK(meter.pWh(Tariff::t1) == first);
  CHECK(meter.pWh(Tariff::t2) == 0);
  const std::uint64_t second = meter.book(1000.0);
  CHECK(meter.pWh(Tariff::t1) == first);
  CHECK(meter.pWh(Tariff::t2) == second);
  // One unit of time before the edge: that unit's share, cut to whole pWh.
  change_tariff(meter.state, meter.now + one_cycle_50_Hz - 1, Tariff::t1);
  const std::uint64_t third = meter.book(1000.0);
  const auto length = static_cast<std::uint64_t>(one_cycle_50_Hz);
  CHECK(meter.pWh(Tariff::t2) == second + third * (length - 1) / length);
}

TEST_CASE(
    "Several changes in one window, several at one instant, and one too late for its window") {
  OnePhase meter;
  const std::int64_t tenth = one_cycle_50_Hz / 10;
  for (int n = 1; n <= 7; ++n) {
    change_tariff(meter.state, n * tenth, n % 2 == 1 ? Tariff::t2 : Tariff::t1);
  }
  change_tariff(meter.state, 7 * tenth, Tariff::t1);  // of two at one instant the last one counts
  const std::uint64_t booked = meter.book(1000.0);
  // T2 from tenth 1 to 2, 3 to 4, 5 to 6: differences of what is cut at each change.
  const auto up_to = [&](std::int64_t tenths) {
    return booked * static_cast<std::uint64_t>(tenths * tenth) /
           static_cast<std::uint64_t>(one_cycle_50_Hz);
  };
  CHECK(meter.pWh(Tariff::t2) == up_to(2) - up_to(1) + up_to(4) - up_to(3) + up_to(6) - up_to(5));
  CHECK(meter.pWh(Tariff::t1) + meter.pWh(Tariff::t2) == booked);
  // What is booked stays: a change before the end of it holds from that end on.
  const std::uint64_t t1 = meter.pWh(Tariff::t1);
  change_tariff(meter.state, tenth, Tariff::t2);
  meter.book(1000.0);
  CHECK(meter.pWh(Tariff::t1) == t1);
}

TEST_CASE("A change beyond the next window waits for its own") {
  OnePhase meter;
  change_tariff(meter.state, 2 * one_cycle_50_Hz + one_cycle_50_Hz / 2, Tariff::t2);
  CHECK(newest_tariff(meter.state) == Tariff::t2);
  meter.book(1000.0);
  meter.book(1000.0);
  CHECK(meter.state.tariff == Tariff::t1);
  CHECK(meter.pWh(Tariff::t2) == 0);
  const std::uint64_t third = meter.book(1000.0);
  const auto length = static_cast<std::uint64_t>(one_cycle_50_Hz);
  CHECK(meter.pWh(Tariff::t2) == third - third * (length / 2) / length);
}

TEST_CASE("1000 random tariff switchings leave T1 + T2 = total exactly, as in a twin without any") {
  std::mt19937_64 random(29);
  for (const hal::Connection connection :
       {hal::Connection::three_phase_four_wire, hal::Connection::aron,
        hal::Connection::one_phase_two_wire}) {
    const BookingSetup setup = setup_of(connection);
    EnergyState switched{};
    EnergyState twin{};
    std::int64_t now = 0;
    std::int64_t next_change = 1;
    int switchings = 0;
    while (switchings < 1000) {
      const std::int64_t length =
          one_cycle_50_Hz - 200'000 + static_cast<std::int64_t>(random() % 400'000);
      while (next_change < now + 2 * length && switched.change_count < max_tariff_changes) {
        change_tariff(switched, next_change,
                      newest_tariff(switched) == Tariff::t1 ? Tariff::t2 : Tariff::t1);
        next_change +=
            1 + static_cast<std::int64_t>(random() % (random() % 4 == 0 ? 20'000'000 : 2'000'000));
        ++switchings;
      }
      const Accounts before = switched.accounts;
      const signal::Window window =
          tests::window_of(now, now + length, random_powers(random), full_scale_A);
      now += length;
      const PulseEnergies pulses = book(switched, setup, window);
      const PulseEnergies twins = book(twin, setup, window);
      for (int channel = 0; channel < hal::pulse::channel_count; ++channel) {
        REQUIRE(pulses.output_pWh[channel] == twins.output_pWh[channel]);
      }
      REQUIRE_FALSE(any_fell(before, switched.accounts));
      for (int phase = 0; phase < phase_count; ++phase) {
        REQUIRE(same(switched.accounts.phase[phase], twin.accounts.phase[phase]));
      }
      REQUIRE(same(switched.accounts.total, twin.accounts.total));
    }
    for (const Kind kind : {Kind::active, Kind::reactive}) {
      for (const Direction direction : {Direction::forward, Direction::reverse}) {
        const EnergyCounter t1 = switched.accounts.total.of(kind, direction, Tariff::t1);
        const EnergyCounter t2 = switched.accounts.total.of(kind, direction, Tariff::t2);
        CHECK(t1.counter_uWh > 0);
        CHECK(t2.counter_uWh > 0);
        CHECK(twin.accounts.total.of(kind, direction, Tariff::t2) == EnergyCounter{});
        if (connection != hal::Connection::aron) {
          // The tariffs' totals are their phases' sums, too.
          for (const Tariff tariff : {Tariff::t1, Tariff::t2}) {
            EnergyCounter sum;
            for (const Account& phase : switched.accounts.phase) {
              sum = sum + phase.of(kind, direction, tariff);
            }
            CHECK(sum == switched.accounts.total.of(kind, direction, tariff));
          }
        }
      }
    }
  }
}

TEST_CASE("Sums and differences of counters carry their residues") {
  const EnergyCounter a{5, 999'999};
  const EnergyCounter b{2, 1};
  CHECK((a + b) == EnergyCounter{8, 0});
  CHECK((a - b) == EnergyCounter{3, 999'998});
  CHECK((b - a) == EnergyCounter{-4, 2});  // −3.999 998 µWh
  CHECK(((b - a) + a) == b);
}

TEST_CASE("Stored counters are added to what was booked since power-up, the day counter as well") {
  Accounts booked{};
  booked.phase[2].of(Kind::reactive, Direction::reverse, Tariff::t1) = {7, 600'000};
  booked.total.of(Kind::active, Direction::forward, Tariff::t1) = {30, 0};
  Accounts kept{};
  kept.phase[2].of(Kind::reactive, Direction::reverse, Tariff::t1) = {1, 500'000};
  kept.phase[2].of(Kind::reactive, Direction::reverse, Tariff::t2) = {9, 0};
  kept.total.of(Kind::active, Direction::forward, Tariff::t1) = {100, 999'999};
  kept.total.of(Kind::active, Direction::forward, Tariff::t2) = {200, 2};
  kept.day_start = {290, 1};
  // The tariff that has held since power-up turns out to be T2.
  move_to_t2(booked);
  add(booked, kept);
  const Account& phase = booked.phase[2];
  CHECK(phase.of(Kind::reactive, Direction::reverse, Tariff::t1) == EnergyCounter{1, 500'000});
  CHECK(phase.of(Kind::reactive, Direction::reverse, Tariff::t2) == EnergyCounter{16, 600'000});
  CHECK(booked.total.of(Kind::active, Direction::forward) == EnergyCounter{331, 1});
  CHECK(day_energy(booked) == EnergyCounter{41, 0});
  reset_day(booked);
  CHECK(day_energy(booked) == EnergyCounter{});
  add(booked.total.of(Kind::active, Direction::forward, Tariff::t2), 3'000'001);
  CHECK(day_energy(booked) == EnergyCounter{3, 1});
}
