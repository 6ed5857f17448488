// The measured values of a second, from window sums of known quantities.
#include <catch2/catch.hpp>
#include <cmath>

#include "metrology/energy/measurements.h"
#include "tests/metrology/metering_windows.h"

using namespace metrology;
using namespace metrology::energy;
using tests::one_cycle_50_Hz;
using tests::Powers;

namespace {

struct Quantities {
  std::array<double, 3> volts{};
  std::array<double, 3> amperes{};
  Powers powers;
};

class Second {
 public:
  explicit Second(hal::MeterVariant variant, hal::Connection connection,
                  std::uint32_t ct_primary_A = 0) {
    hal::ParameterPage page{};
    page.variant = variant;
    page.connection = connection;
    page.ct_primary_A = ct_primary_A;
    full_scale_A_ = hal::is_ct(variant) ? 10.2 : 170.0;
    setup_ = make_measurement_setup(page, reference_conditions);
    reset(state_);
  }

  /// Feeds windows until the second is complete and refreshes. Returns their number.
  int run(const Quantities& quantities, std::int64_t length = one_cycle_50_Hz,
          const bool (&still)[3] = {false, false, false}, bool regular = true) {
    for (int n = 1;; ++n) {
      signal::Window window =
          tests::window_of(now_, now_ + length, quantities.powers, full_scale_A_);
      window.regular = regular;
      const double samples = static_cast<double>(length) / 65536.0;
      for (std::size_t phase = 0; phase < 3; ++phase) {
        const auto square = [&](double value, double full_scale) {
          return std::llround(std::pow(value / full_scale, 2) * std::ldexp(samples, 54));
        };
        window.phase[phase].u2 = square(quantities.volts[phase], 800.0);
        window.phase[phase].i2 = square(quantities.amperes[phase], full_scale_A_);
      }
      now_ += length;
      if (!accumulate(state_, window)) continue;
      refresh(state_, setup_, still);
      return n;
    }
  }

  const Measurements& values() const { return state_.values; }

 private:
  double full_scale_A_ = 0;
  MeasurementSetup setup_{};
  MeasurementState state_{};
  std::int64_t now_ = 0;
};

/// Sums are rounded to whole LSB²: 10⁻⁷ at the currents used here.
Approx near(double value) { return Approx(value).epsilon(1e-7).margin(1e-6); }

const Quantities mixed{{230, 231, 229}, {10, 5, 20}, {{2000, -1000, 4000}, {1100, 500, -2000}}};

}  // namespace

TEST_CASE("A refresh comes with the first window's end after 4056 samples") {
  Second meter(hal::MeterVariant::mod, hal::Connection::three_phase_four_wire);
  CHECK(meter.run(mixed) == 50);                       // 49 cycles are 4014 samples
  CHECK(meter.run(mixed, 65536LL * 4096 / 60) == 60);  // 59 cycles of 60 Hz: 4028
  CHECK(meter.run(mixed, 65536LL * 4096 / 45) == 45);
  CHECK(meter.run(mixed, 65536LL * 128) == 32);
}

TEST_CASE("Phases and totals follow the definitions of the manual's quantities") {
  Second meter(hal::MeterVariant::mod, hal::Connection::three_phase_four_wire);
  meter.run(mixed);
  const Measurements& m = meter.values();
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const double p = mixed.powers.active_W[phase];
    const double q = mixed.powers.reactive_var[phase];
    CHECK(m.voltage_V[phase] == near(mixed.volts[phase]));
    // The current carries the sign of its phase's power.
    CHECK(m.current_A[phase] == near(std::copysign(mixed.amperes[phase], p)));
    CHECK(m.active_W[phase] == near(p));
    CHECK(m.reactive_var[phase] == near(q));
    CHECK(m.apparent_VA[phase] == near(std::hypot(p, q)));
    CHECK(m.power_factor[phase] == near(std::abs(p) / std::hypot(p, q)));
  }
  CHECK(m.active_W[3] == near(5000));
  CHECK(m.reactive_var[3] == near(-400));
  CHECK(m.apparent_VA[3] ==
        near(std::hypot(2000, 1100) + std::hypot(1000, 500) + std::hypot(4000, 2000)));
  CHECK(m.power_factor[3] == near(5000 / std::hypot(5000, 400)));
  CHECK(m.frequency_Hz == near(50.0));
}

TEST_CASE("A CT meter's values are primary, its voltage as connected") {
  Second meter(hal::MeterVariant::mod_ct, hal::Connection::three_phase_four_wire, 1000);
  meter.run({{230, 230, 230}, {5, 5, 5}, {{1150, 1150, 1150}, {}}});
  CHECK(meter.values().voltage_V[1] == near(230));
  CHECK(meter.values().current_A[1] == near(1000));
  CHECK(meter.values().active_W[1] == near(230'000));
  CHECK(meter.values().active_W[3] == near(690'000));
}

TEST_CASE("Aron shows its elements, no L2, and the vector sum as S") {
  Second meter(hal::MeterVariant::mod, hal::Connection::aron);
  meter.run({{400, 3, 400}, {10, 7, 10}, {{2000, 99, 4000}, {-1000, 99, 1000}}});
  const Measurements& m = meter.values();
  CHECK(m.voltage_V[0] == near(400));
  CHECK(m.voltage_V[1] == 0);
  CHECK(m.voltage_V[2] == near(400));
  CHECK(m.current_A[1] == 0);
  CHECK(m.active_W[1] == 0);
  CHECK(m.active_W[0] == near(2000));
  CHECK(m.active_W[3] == near(6000));
  CHECK(m.reactive_var[3] == near(0));
  CHECK(m.apparent_VA[3] == near(6000));
  CHECK(m.power_factor[3] == near(1));
}

TEST_CASE("A phase that stands still reads no current and no power, and 1 as power factor") {
  Second meter(hal::MeterVariant::mod, hal::Connection::three_phase_four_wire);
  meter.run(mixed, one_cycle_50_Hz, {true, false, false});
  const Measurements& m = meter.values();
  CHECK(m.voltage_V[0] == near(230));
  CHECK(m.current_A[0] == 0);
  CHECK(m.active_W[0] == 0);
  CHECK(m.reactive_var[0] == 0);
  CHECK(m.apparent_VA[0] == 0);
  CHECK(m.power_factor[0] == 1);
  CHECK(m.active_W[3] == near(3000));
}

TEST_CASE("Opposing phases that leave nothing have power factor 1, not a division by zero") {
  Second meter(hal::MeterVariant::mod, hal::Connection::three_phase_four_wire);
  meter.run({{230, 230, 230}, {10, 10, 0}, {{2300, -2300, 0}, {}}});
  CHECK(meter.values().active_W[3] == 0);
  CHECK(meter.values().apparent_VA[3] == near(4600));
  CHECK(meter.values().power_factor[3] == 1);
}

TEST_CASE("Frequency comes from whole cycles only") {
  Second meter(hal::MeterVariant::mod, hal::Connection::three_phase_four_wire);
  meter.run({}, 65536LL * 128, {true, true, true}, false);
  CHECK(meter.values().frequency_Hz == 0);
  meter.run(mixed, 5'368'709);  // 81.92 samples and a 65536th: 49.9999… Hz
  CHECK(meter.values().frequency_Hz == Approx(65536.0 * 4096 / 5'368'709).epsilon(1e-12));
}

TEST_CASE("Full scale for the longest second stays within the sums") {
  Second meter(hal::MeterVariant::mod, hal::Connection::three_phase_four_wire);
  // Square waves at full scale: r.m.s. = peak. A window holds 2^54 · 128 = 2^61.
  meter.run({{800, 800, 800}, {170, 170, 170}, {{136e3, -136e3, 136e3}, {}}}, 65536LL * 128);
  CHECK(meter.values().voltage_V[0] == near(800));
  CHECK(meter.values().current_A[1] == near(-170));
  CHECK(meter.values().active_W[3] == near(136e3));
}
