// Accuracy end to end: grid → sensors → ADC → DMA → firmware → raw values, against the exact truth
// at the terminals. The limits are the product's promise: energy, P, U and I within 0.01 %, Q
// within 0.05 % of itself for |sin φ| ≥ 0.25 and 0.02 % of S below, f within 0.0005 Hz.
//
// A case is one simulation that visits load points one after the other: 1.2 s to settle, then 2.4 s
// between two readings of the energy. Together they are the full product
//   4 currents × PF 1, 0.5 ind, 0.8 cap, 0.25 ind × 45, 50, 51.2, 52.37, 60 Hz × 184, 230, 276 V
//   × both directions × both versions × (balanced, L1, L2, L3, Aron).
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

constexpr Ps settling = 1'200 * ps_per_ms;
constexpr Ps measuring = 2'400 * ps_per_ms;
constexpr Ps point_length = 4 * ps_per_s;

struct PowerFactor {
  double cos_phi;
  double lag_deg;
};
const double deg_per_rad = 180 / std::acos(-1.0);
const PowerFactor power_factors[] = {
    {1, 0}, {0.5, 60}, {0.8, -std::acos(0.8) * deg_per_rad}, {0.25, std::acos(0.25) * deg_per_rad}};
constexpr double frequencies_Hz[] = {45, 50, 51.2, 52.37, 60};
constexpr double voltages_V[] = {184, 230, 276};
constexpr double direct_currents_A[] = {0.25, 0.5, 5, 100};
constexpr double ct_currents_A[] = {0.015, 0.075, 1.5, 6};

/// Worst error seen of each quantity, in units of its limit.
struct Worst {
  double share = 0;
  std::string where;

  void note(double error, double limit, const std::string& what) {
    if (std::abs(error) <= share * limit) return;
    share = std::abs(error) / limit;
    where = fmt::format("{}: error {:.3g}, limit {:.3g}", what, error, limit);
  }
};

struct Rows {
  std::uint32_t energy_forward, energy_reverse, reactive_forward, reactive_reverse;
  std::uint32_t p, q, u, i;
};
constexpr std::uint32_t part(int phase) {
  return phase < 0 ? 0u : 8u + 4u * static_cast<unsigned>(phase);
}
/// Rows of the total (phase −1) or of a phase.
constexpr Rows rows_of(int phase) {
  const std::uint32_t n = part(phase);
  const auto p = static_cast<std::uint32_t>(phase < 0 ? 0 : phase);
  return {0x3020 + n, 0x3040 + n, 0x3080 + n,     0x30A0 + n,
          0x2080 + n, 0x20A0 + n, 0x2008 + 4 * p, 0x2068 + 4 * p};
}

struct Readings {
  BookedEnergy active[2], reactive[2];
};

Readings read_energies(Workbench& bench, const Rows& rows) {
  return {{bench.raw_energy(rows.energy_forward), bench.raw_energy(rows.energy_reverse)},
          {bench.raw_energy(rows.reactive_forward), bench.raw_energy(rows.reactive_reverse)}};
}

double pick(const models::truth::Energy& energy, int direction) {
  return (direction == 0 ? energy.forward : energy.reverse) / 3600;
}

/// Visits one load point of which `phase` (−1: the total) is measured.
void measure_point(Workbench& bench, int phase, bool export_, double frequency_Hz,
                   const std::string& name, Worst& worst) {
  const Ps begin = bench.now();
  const Rows rows = rows_of(phase);
  bench.run_until(begin + settling);
  const Readings first = read_energies(bench, rows);
  bench.run_until(begin + settling + measuring);
  const Readings second = read_energies(bench, rows);

  const auto& truth = phase < 0 ? bench.total_truth() : bench.truth(phase);
  const int direction = export_ ? 1 : 0;
  const double active = second.active[direction].Wh - first.active[direction].Wh;
  const double active_truth =
      pick(truth.active(first.active[direction].until, second.active[direction].until), direction);
  worst.note((active - active_truth) / active_truth, 1e-4, name + " active energy");
  CHECK(second.active[1 - direction].Wh == first.active[1 - direction].Wh);

  double p_truth = 0;
  double q_truth = 0;
  const Ps middle = begin + settling;
  for (int n = 0; n < 3; ++n) {
    if (phase >= 0 && n != phase) continue;
    const auto truths = bench.quantities(n, middle);
    p_truth += truths.p_W;
    q_truth += truths.q_var;
  }
  const double s_truth = std::hypot(p_truth, q_truth);
  worst.note((bench.raw(rows.p) * 1000 - p_truth) / p_truth, 1e-4, name + " P");
  const double q_limit = std::max(
      std::abs(q_truth) >= 0.25 * s_truth * 0.9999 ? 5e-4 * std::abs(q_truth) : 2e-4 * s_truth,
      0.0);
  worst.note(bench.raw(rows.q) * 1000 - q_truth, q_limit, name + " Q");
  if (std::abs(q_truth) >= 0.25 * s_truth) {
    const int q_direction = q_truth > 0 ? 0 : 1;
    const double reactive = second.reactive[q_direction].Wh - first.reactive[q_direction].Wh;
    const double reactive_truth =
        pick(truth.reactive(first.reactive[q_direction].until, second.reactive[q_direction].until),
             q_direction);
    worst.note((reactive - reactive_truth) / reactive_truth, 5e-4, name + " reactive energy");
  }
  for (int n = 0; n < 3; ++n) {
    if (phase >= 0 && n != phase) continue;
    const auto truths = bench.quantities(n, middle);
    if (truths.u_rms_V == 0) continue;  // the middle channel of Aron
    const Rows r = rows_of(n);
    worst.note(bench.raw(r.u) / truths.u_rms_V - 1, 1e-4, name + " U");
    worst.note(std::abs(bench.raw(r.i)) / truths.i_rms_A - 1, 1e-4, name + " I");
  }
  worst.note(bench.raw(0x2020) - frequency_Hz, 5e-4, name + " f");
}

/// Every point of one version and load shape at one frequency. `phase` −1 is balanced.
void measure_all(MeterVariant variant, Connection connection, int phase) {
  Setup setup;
  setup.variant = variant;
  setup.connection = connection;
  Workbench bench(setup);
  Worst worst;
  struct Point {
    double f, u, i;
    PowerFactor pf;
    bool export_;
  };
  std::vector<Point> points;
  const bool ct = metrology::hal::is_ct(variant);
  for (const double f : frequencies_Hz) {
    for (const double u : voltages_V) {
      for (const double i : ct ? ct_currents_A : direct_currents_A) {
        for (const PowerFactor& pf : power_factors) {
          for (const bool export_ : {false, true}) points.push_back({f, u, i, pf, export_});
        }
      }
    }
  }
  // The whole script is known before the run, as a scenario's is.
  Ps at = 0;
  for (const Point& point : points) {
    bench.grid().schedule_frequency(at, std::llround(point.f * 1e9));
    Workbench::Load load{point.u, point.i, point.pf.lag_deg + (point.export_ ? 180 : 0)};
    if (phase >= 0) load.phases = {phase == 0, phase == 1, phase == 2};
    bench.schedule(at, load);
    at += point_length;
  }
  at = 0;
  for (const Point& point : points) {
    bench.run_until(at);
    measure_point(bench, connection == Connection::aron ? -1 : phase, point.export_, point.f,
                  fmt::format("{} V {} A cos φ {} {} {} Hz", point.u, point.i, point.pf.cos_phi,
                              point.export_ ? "export" : "import", point.f),
                  worst);
    at += point_length;
  }
  UNSCOPED_INFO(points.size() << " points, worst: " << worst.where);
  fmt::print("{} points, worst: {}\n", points.size(), worst.where);
  CHECK(worst.share <= 1.0);
}

/// One load on all phases from 0.1 s on; checks what a waveform recipe promises.
struct Recipe {
  models::grid::VoltageSpec voltage;
  models::grid::CurrentSpec current;
  double p_W;      ///< per phase, from the standard's arithmetic
  double i_limit;  ///< of the rms
};

void measure_recipe(MeterVariant variant, const Recipe& recipe) {
  Setup setup;
  setup.variant = variant;
  Workbench bench(setup);
  for (int phase = 0; phase < 3; ++phase) {
    models::grid::VoltageSpec voltage = recipe.voltage;
    voltage.angle_deg = -120.0 * phase;
    bench.grid().schedule_voltage(phase, 0, voltage);
    bench.grid().schedule_current(phase, 0, recipe.current);
  }
  bench.run_until(settling);
  const BookedEnergy first = bench.raw_energy(0x3020);
  bench.run_until(5 * ps_per_s);
  const BookedEnergy second = bench.raw_energy(0x3020);
  const double truth = bench.total_truth().active(first.until, second.until).forward / 3600;
  CHECK((second.Wh - first.Wh) / truth == Approx(1).margin(1e-4));
  CHECK(bench.raw(0x2088) * 1000 == Approx(recipe.p_W).epsilon(1e-4));
  const auto truths = bench.quantities(0, ps_per_s);
  CHECK(truths.p_W == Approx(recipe.p_W).epsilon(1e-9));
  CHECK(bench.raw(0x2008) == Approx(truths.u_rms_V).epsilon(1e-4));
  CHECK(bench.raw(0x2068) == Approx(truths.i_rms_A).epsilon(recipe.i_limit));
  const double s_VA = std::hypot(truths.p_W, truths.q_var);
  CHECK(bench.raw(0x20A8) * 1000 ==
        Approx(truths.q_var).margin(std::max(5e-4 * std::abs(truths.q_var), 2e-4 * s_VA)));
}

models::grid::Harmonic harmonic(int order, double percent, double angle_deg) {
  models::grid::Harmonic result;
  result.order_milli = order * 1000;
  result.percent = percent;
  result.angle_deg = angle_deg;
  return result;
}

models::grid::CurrentSpec current(double rms_A) {
  models::grid::CurrentSpec result;
  result.rms_A = rms_A;
  return result;
}

/// EN 50470-3's fifth harmonic, 10 % and 40 %, in phase at the rising crossing: 1.04·Un·Imax/2.
Recipe fifth_harmonic(double imax_A) {
  Recipe recipe{{230, 0, {harmonic(5, 10, 0)}}, current(imax_A / 2), 1.04 * 230 * imax_A / 2, 1e-4};
  recipe.current.harmonics = {harmonic(5, 40, 0)};
  return recipe;
}

/// A fifth harmonic with reactive power of its own, 4 % of the fundamental's S, and P none.
Recipe harmonic_reactive(double rms_A) {
  Recipe recipe{{230, 0, {harmonic(5, 10, 0)}}, current(rms_A), 230 * rms_A / 2, 1e-4};
  recipe.current.lag_deg = 60;
  // A harmonic's angle is its own at its fundamental's crossing, which lies 5·60° later for the
  // voltage's fifth: 300° brings them in phase, 90° less makes it lag.
  recipe.current.harmonics = {harmonic(5, 40, 300 - 90)};
  return recipe;
}

/// Half-wave rectified Imax: P is Un·Imax/2, and only the a.c. part of it is rms.
Recipe half_wave(models::grid::HalfWave half) {
  Recipe recipe{{230, 0, {}}, current(100), 230 * 100 / 2.0, 1e-4};
  recipe.current.switching = half;
  return recipe;
}

/// Fired at 90°: P is √2·Un·Ipk/4, Ipk = √2·rms before switching.
Recipe phase_fired(double rms_A) {
  Recipe recipe{{230, 0, {}}, current(rms_A), 230 * rms_A / 2, 1e-2};
  recipe.current.switching = models::grid::PhaseFired{90};
  return recipe;
}

}  // namespace

TEST_CASE("accuracy: fifth harmonic, direct") {
  measure_recipe(MeterVariant::mod, fifth_harmonic(100));
}
TEST_CASE("accuracy: fifth harmonic, CT") {
  measure_recipe(MeterVariant::mod_ct, fifth_harmonic(6));
}
TEST_CASE("accuracy: Q is not moved by a harmonic's Q, direct") {
  measure_recipe(MeterVariant::mod, harmonic_reactive(5));
}
TEST_CASE("accuracy: Q is not moved by a harmonic's Q, CT") {
  measure_recipe(MeterVariant::mod_ct, harmonic_reactive(1.5));
}
TEST_CASE("accuracy: positive half-waves of Imax") {
  measure_recipe(MeterVariant::mod, half_wave(models::grid::HalfWave::positive));
}
TEST_CASE("accuracy: negative half-waves of Imax") {
  measure_recipe(MeterVariant::mod, half_wave(models::grid::HalfWave::negative));
}
TEST_CASE("accuracy: phase-fired load, direct") {
  measure_recipe(MeterVariant::mod, phase_fired(2.5));
}
TEST_CASE("accuracy: phase-fired load, CT") {
  measure_recipe(MeterVariant::mod_ct, phase_fired(0.75));
}

TEST_CASE("accuracy: direct, balanced", "[accuracy]") {
  measure_all(MeterVariant::mod, Connection::three_phase_four_wire, -1);
}
TEST_CASE("accuracy: direct, L1 alone", "[accuracy]") {
  measure_all(MeterVariant::mod, Connection::three_phase_four_wire, 0);
}
TEST_CASE("accuracy: direct, L2 alone", "[accuracy]") {
  measure_all(MeterVariant::mod, Connection::three_phase_four_wire, 1);
}
TEST_CASE("accuracy: direct, L3 alone", "[accuracy]") {
  measure_all(MeterVariant::mod, Connection::three_phase_four_wire, 2);
}
TEST_CASE("accuracy: direct, Aron", "[accuracy]") {
  measure_all(MeterVariant::mod, Connection::aron, -1);
}
TEST_CASE("accuracy: CT, balanced", "[accuracy]") {
  measure_all(MeterVariant::mod_ct, Connection::three_phase_four_wire, -1);
}
TEST_CASE("accuracy: CT, L1 alone", "[accuracy]") {
  measure_all(MeterVariant::mod_ct, Connection::three_phase_four_wire, 0);
}
TEST_CASE("accuracy: CT, L2 alone", "[accuracy]") {
  measure_all(MeterVariant::mod_ct, Connection::three_phase_four_wire, 1);
}
TEST_CASE("accuracy: CT, L3 alone", "[accuracy]") {
  measure_all(MeterVariant::mod_ct, Connection::three_phase_four_wire, 2);
}
TEST_CASE("accuracy: CT, Aron", "[accuracy]") {
  measure_all(MeterVariant::mod_ct, Connection::aron, -1);
}
