// Booking: directions, no-load and starting limits, connections, CT ratio, nothing lost.
#include <catch2/catch.hpp>
#include <cstdint>
#include <random>

#include "metrology/energy/booking.h"
#include "tests/metrology/metering_windows.h"

using namespace metrology;
using namespace metrology::energy;
using hal::PulseChannel;
using tests::one_cycle_50_Hz;
using tests::Powers;

namespace {

class Meter {
 public:
  explicit Meter(hal::MeterVariant variant = hal::MeterVariant::mod,
                 hal::Connection connection = hal::Connection::three_phase_four_wire,
                 std::uint32_t ct_primary_A = 0)
      : full_scale_A_(hal::is_ct(variant) ? 10.2 : 170.0) {
    page_.variant = variant;
    page_.connection = connection;
    page_.ct_primary_A = ct_primary_A;
    setup_ = make_booking_setup(page_, reference_conditions);
  }

  PulseEnergies book(const Powers& powers, std::int64_t duration = one_cycle_50_Hz) {
    last_ = tests::window_of(now_, now_ + duration, powers, full_scale_A_);
    now_ += duration;
    return energy::book(state_, setup_, last_);
  }

  /// What a counter has, in pWh.
  static double pWh(const EnergyCounter& counter) {
    return static_cast<double>(counter.counter_uWh) * 1e6 + counter.residue_pWh;
  }
  double pWh(int phase, Kind kind, Direction direction) const {
    return pWh(state_.accounts.phase[phase].of(kind, direction));
  }
  double total_pWh(Kind kind, Direction direction) const {
    return pWh(state_.accounts.total.of(kind, direction));
  }
  double window_pWh(double power) const { return tests::energy_pWh(last_, power); }
  const EnergyState& state() const { return state_; }
  const BookingSetup& setup() const { return setup_; }

 private:
  hal::ParameterPage page_{};
  double full_scale_A_;
  BookingSetup setup_{};
  EnergyState state_{};
  std::int64_t now_ = 0;
  signal::Window last_{};
};

/// A window's energy is rounded to the nearest pWh, the sum in the test to half a unit of 5·10⁻⁷
/// pWh, the scale to 2^-32.
Approx near(double pWh) { return Approx(pWh).epsilon(3e-10).margin(1.0); }

std::uint64_t at(const PulseEnergies& energies, PulseChannel channel) {
  return energies.output_pWh[static_cast<int>(channel)];
}

}  // namespace

TEST_CASE("Each phase is booked by its own sign and never netted") {
  Meter meter;
  const PulseEnergies pulses = meter.book({{23000, -23000, 500}, {100, 200, -300}});
  CHECK(meter.pWh(0, Kind::active, Direction::forward) == near(meter.window_pWh(23000)));
  CHECK(meter.pWh(0, Kind::active, Direction::reverse) == 0);
  CHECK(meter.pWh(1, Kind::active, Direction::forward) == 0);
  CHECK(meter.pWh(1, Kind::active, Direction::reverse) == near(meter.window_pWh(23000)));
  CHECK(meter.pWh(2, Kind::active, Direction::forward) == near(meter.window_pWh(500)));
  CHECK(meter.total_pWh(Kind::active, Direction::forward) == near(meter.window_pWh(23500)));
  CHECK(meter.total_pWh(Kind::active, Direction::reverse) == near(meter.window_pWh(23000)));
  CHECK(meter.total_pWh(Kind::reactive, Direction::forward) == near(meter.window_pWh(300)));
  CHECK(meter.total_pWh(Kind::reactive, Direction::reverse) == near(meter.window_pWh(300)));

  const auto output = [&](PulseChannel channel) {
    return static_cast<double>(at(pulses, channel));
  };
  CHECK(output(PulseChannel::s0_forward) == near(meter.window_pWh(23500)));
  CHECK(output(PulseChannel::s0_reverse) == near(meter.window_pWh(23000)));
  CHECK(output(PulseChannel::led_active) == near(meter.window_pWh(46500)));
  CHECK(output(PulseChannel::led_reactive) == near(meter.window_pWh(600)));
}

TEST_CASE("Counters hold exactly what the pulse outputs were given, under random loads") {
  // On a direct meter both are primary, so no energy may be lost between them, to the pWh.
  std::mt19937_64 random(7);
  for (const hal::Connection connection :
       {hal::Connection::three_phase_four_wire, hal::Connection::aron,
        hal::Connection::one_phase_two_wire}) {
    Meter meter(hal::MeterVariant::mod, connection);
    std::uint64_t outputs[4] = {};
    for (int n = 0; n < 20'000; ++n) {
      Powers powers;
      for (std::size_t phase = 0; phase < 3; ++phase) {
        const auto any = [&] {
          const double size = std::pow(10.0, static_cast<double>(random() % 5000) / 1000.0);
          return random() % 2 == 0 ? size : -size;
        };
        powers.active_W[phase] = any();
        powers.reactive_var[phase] = any();
      }
      const PulseEnergies pulses = meter.book(
          powers, one_cycle_50_Hz - 200'000 + static_cast<std::int64_t>(random() % 400'000));
      for (int channel = 0; channel < 4; ++channel) outputs[channel] += pulses.output_pWh[channel];
    }
    const auto exact = [](const EnergyCounter& counter) {
      return static_cast<std::uint64_t>(counter.counter_uWh) * 1'000'000 + counter.residue_pWh;
    };
    const Account& total = meter.state().accounts.total;
    const std::uint64_t forward = exact(total.of(Kind::active, Direction::forward));
    const std::uint64_t reverse = exact(total.of(Kind::active, Direction::reverse));
    CHECK(forward == outputs[static_cast<int>(PulseChannel::s0_forward)]);
    CHECK(reverse == outputs[static_cast<int>(PulseChannel::s0_reverse)]);
    CHECK(forward + reverse == outputs[static_cast<int>(PulseChannel::led_active)]);
    CHECK(exact(total.of(Kind::reactive, Direction::forward)) +
              exact(total.of(Kind::reactive, Direction::reverse)) ==
          outputs[static_cast<int>(PulseChannel::led_reactive)]);
    if (connection == hal::Connection::aron) continue;
    for (const Kind kind : {Kind::active, Kind::reactive}) {
      for (const Direction direction : {Direction::forward, Direction::reverse}) {
        std::uint64_t phases = 0;
        for (const Account& phase : meter.state().accounts.phase)
          phases += exact(phase.of(kind, direction));
        CHECK(phases == exact(total.of(kind, direction)));
      }
    }
  }
}

TEST_CASE("Aron sums its elements before the sign decides") {
  Meter meter(hal::MeterVariant::mod, hal::Connection::aron);
  meter.book({{-1000, 7777, 3000}, {50, 0, 40}});
  CHECK(meter.total_pWh(Kind::active, Direction::forward) == near(meter.window_pWh(2000)));
  CHECK(meter.total_pWh(Kind::active, Direction::reverse) == 0);
  CHECK(meter.pWh(0, Kind::active, Direction::reverse) == near(meter.window_pWh(1000)));
  CHECK(meter.pWh(2, Kind::active, Direction::forward) == near(meter.window_pWh(3000)));
  CHECK(meter.pWh(1, Kind::active, Direction::forward) == 0);
  CHECK(meter.total_pWh(Kind::reactive, Direction::forward) == near(meter.window_pWh(90)));

  const PulseEnergies pulses = meter.book({{1000, 0, -3000}, {}});
  CHECK(at(pulses, PulseChannel::s0_forward) == 0);
  CHECK(static_cast<double>(at(pulses, PulseChannel::s0_reverse)) == near(meter.window_pWh(2000)));
}

TEST_CASE("A one-phase meter counts L1 only") {
  Meter meter(hal::MeterVariant::mod, hal::Connection::one_phase_two_wire);
  meter.book({{100, 200, 300}, {100, 200, 300}});
  CHECK(meter.total_pWh(Kind::active, Direction::forward) == near(meter.window_pWh(100)));
  CHECK(meter.pWh(1, Kind::active, Direction::forward) == 0);
  CHECK(meter.pWh(2, Kind::reactive, Direction::forward) == 0);
}

TEST_CASE("A CT meter books primary energy and blinks secondary") {
  Meter meter(hal::MeterVariant::mod_ct, hal::Connection::three_phase_four_wire, 7500);
  const PulseEnergies pulses = meter.book({{1000, 0, 0}, {}});
  CHECK(meter.total_pWh(Kind::active, Direction::forward) == near(meter.window_pWh(1000.0 * 1500)));
  CHECK(static_cast<double>(at(pulses, PulseChannel::s0_forward)) ==
        near(meter.window_pWh(1000.0 * 1500)));
  CHECK(static_cast<double>(at(pulses, PulseChannel::led_active)) == near(meter.window_pWh(1000)));

  Meter never_set(hal::MeterVariant::mod_ct);
  never_set.book({{1000, 0, 0}, {}});
  CHECK(never_set.total_pWh(Kind::active, Direction::forward) == near(never_set.window_pWh(1000)));
}

TEST_CASE("Booking stops below 0.5 Un·Ist, resumes above 0.6, and keeps its state between") {
  struct Case {
    hal::MeterVariant variant;
    hal::Connection connection;
    Kind kind;
    double un_ist;  ///< watts or vars
  };
  // 230 V · 20 mA, 25 mA; CT 230 V · 1.5 mA, 4.5 mA; Aron three times (on the sum).
  const auto connection = hal::Connection::three_phase_four_wire;
  const auto aron = hal::Connection::aron;
  const Case cases[] = {
      {hal::MeterVariant::mod, connection, Kind::active, 4.6},
      {hal::MeterVariant::mod, connection, Kind::reactive, 5.75},
      {hal::MeterVariant::mod_ct, connection, Kind::active, 0.345},
      {hal::MeterVariant::mod_ct, connection, Kind::reactive, 1.035},
      {hal::MeterVariant::mod, aron, Kind::active, 13.8},
      {hal::MeterVariant::mod_ct, aron, Kind::reactive, 3.105},
  };
  for (const Case& c : cases) {
    for (const double sign : {1.0, -1.0}) {
      // The ratio must not matter: limits are secondary.
      Meter meter(c.variant, c.connection, hal::is_ct(c.variant) ? 1000 : 0);
      const auto books = [&](double power) {
        Powers powers;
        (c.kind == Kind::active ? powers.active_W : powers.reactive_var)[0] = sign * power;
        const double before = meter.total_pWh(c.kind, Direction::forward) +
                              meter.total_pWh(c.kind, Direction::reverse);
        meter.book(powers);
        return meter.total_pWh(c.kind, Direction::forward) +
                   meter.total_pWh(c.kind, Direction::reverse) >
               before;
      };
      // A window of 20 ms at 0.17 W has 10⁶ pWh: one part in 10⁵ is above its rounding.
      const double just = 1e-5;
      CHECK_FALSE(books(0.0));
      CHECK(no_load(meter.state(), meter.setup(), 0));
      CHECK_FALSE(books(0.6 * c.un_ist * (1 - just)));
      CHECK(books(0.6 * c.un_ist * (1 + just)));
      CHECK_FALSE(no_load(meter.state(), meter.setup(), 0));
      CHECK(books(0.5 * c.un_ist * (1 + just)));
      CHECK_FALSE(books(0.5 * c.un_ist * (1 - just)));
      CHECK_FALSE(books(0.55 * c.un_ist));
      CHECK(books(c.un_ist));
    }
  }
}

TEST_CASE("The starting limits hold to the picowatt hour and the 65536th of a sample") {
  const StartingLimits limits =
      starting_limits(Kind::active, false, hal::Connection::three_phase_four_wire);
  // The limit in pWh is limit_µW · duration · 625 / (9 · 2^26); this duration makes it whole.
  const std::int64_t duration = std::int64_t{9} << 21;
  const std::uint64_t stop = 2'300'000ULL * 625 / 32;
  const std::uint64_t resume = 2'760'000ULL * 625 / 32;
  static_assert(2'300'000ULL * 625 % 32 == 0 && 2'760'000ULL * 625 % 32 == 0);
  CHECK(books(true, limits, stop, duration));
  CHECK_FALSE(books(true, limits, stop - 1, duration));
  CHECK_FALSE(books(true, limits, stop, duration + 1));
  CHECK_FALSE(books(false, limits, resume, duration));
  CHECK(books(false, limits, resume + 1, duration));
  CHECK(books(false, limits, resume, duration - 1));
}

TEST_CASE("Active no-load alone leaves the phase alive") {
  Meter meter;
  meter.book({{0, 100, 0}, {50, 0, 0}});
  CHECK_FALSE(no_load(meter.state(), meter.setup(), 0));
  CHECK_FALSE(no_load(meter.state(), meter.setup(), 1));
  CHECK(no_load(meter.state(), meter.setup(), 2));
  CHECK(meter.pWh(0, Kind::active, Direction::forward) == 0);
  CHECK(meter.pWh(0, Kind::reactive, Direction::forward) == near(meter.window_pWh(50)));
}
