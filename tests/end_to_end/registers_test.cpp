// Register rows end to end: each is its unrounded value rounded as pro380 §2 says, and has the sign
// that its phase's power gives it. Row and raw are read so that nothing is booked between, so no
// tolerance stands between them.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "tests/end_to_end/pulse_counts.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

constexpr std::uint32_t parts[] = {0, 8, 12, 16};  // total, L1, L2, L3

/// Active forward and reverse, reactive forward and reverse, each total and three phases.
const std::vector<std::uint32_t> energy_rows = {0x3020, 0x3028, 0x302C, 0x3030, 0x3040, 0x3048,
                                                0x304C, 0x3050, 0x3080, 0x3088, 0x308C, 0x3090,
                                                0x30A0, 0x30A8, 0x30AC, 0x30B0};

/// Whole hundredths of a kWh.
double hundredths_of(std::int64_t uWh) {
  const std::int64_t whole = uWh / 10'000'000;
  return static_cast<double>(whole);
}

/// A hundredth of a kWh, truncated, as the largest float that is no more: 24 bits times 100 is
/// exact in a double.
float energy_row(std::int64_t uWh) {
  const double hundredths = hundredths_of(uWh);
  float value = static_cast<float>(hundredths) / 100;
  while (static_cast<double>(value) * 100 > hundredths) value = std::nextafter(value, 0.0F);
  for (;;) {
    const float next = std::nextafter(value, std::numeric_limits<float>::max());
    if (static_cast<double>(next) * 100 > hundredths) return value;
    value = next;
  }
}

/// The float nearest to the value in whole steps.
float rounded_row(double raw, long double steps_per_unit) {
  return static_cast<float>(std::round(static_cast<long double>(raw) * steps_per_unit) /
                            steps_per_unit);
}

struct ValueRow {
  std::uint32_t address;
  double steps_per_unit;
};

std::vector<ValueRow> value_rows() {
  std::vector<ValueRow> rows = {{0x2020, 100}};
  for (const std::uint32_t n : {0u, 4u, 8u}) {
    rows.push_back({0x2008 + n, 10});
    rows.push_back({0x2068 + n, 100});
  }
  for (const std::uint32_t n : parts) {
    rows.push_back({0x2080 + n, 1000});
    rows.push_back({0x20A0 + n, 1000});
    rows.push_back({0x20C0 + n, 1000});
    rows.push_back({0x20E0 + n, 100});
  }
  return rows;
}

void check_value_rows(Workbench& bench) {
  for (const ValueRow& row : value_rows()) {
    const ShownValue seen = bench.shown_value(row.address);
    INFO(fmt::format("row {:04x}: raw {:.9g}, row {:.9g}", row.address, seen.raw, seen.shown));
    CHECK(seen.shown == rounded_row(seen.raw, row.steps_per_unit));
  }
}

/// Every energy row; `rounded_down` counts those whose nearest float would have been more.
void check_energy_rows(Workbench& bench, int& rounded_down) {
  for (const std::uint32_t row : energy_rows) {
    const ShownEnergy seen = bench.shown_energy(row);
    INFO(fmt::format("row {:04x}: {} uWh, row {:.9g}", row, seen.uWh, seen.shown));
    REQUIRE(seen.uWh >= 0);
    CHECK(seen.shown == energy_row(seen.uWh));
    if (static_cast<float>(hundredths_of(seen.uWh) / 100) != seen.shown) ++rounded_down;
  }
}

struct Tour {
  MeterVariant variant = MeterVariant::mod;
  Connection connection = Connection::three_phase_four_wire;
  double imax_A = 100;
  double lag_deg = 33;
  Ps pause = 0;  ///< between two looks, no multiple of a cycle or of a second
};
constexpr int looks = 40;

/// Looks at all rows now and again while energy runs; returns the energy of one row in whole
/// hundredths of a kWh, so that the case can say that its rows did move.
double check_rows(const Tour& tour, std::uint32_t moving_row) {
  Setup setup;
  setup.variant = tour.variant;
  setup.connection = tour.connection;
  setup.ct_primary_A = 1000;
  Workbench bench(setup);
  // Another load for each look, so that other digits are rounded every time: 184 … 276 V, and from
  // the whole current down to half of it.
  for (int n = 0; n < looks; ++n) {
    bench.schedule(static_cast<Ps>(n) * tour.pause,
                   {184 + 92.0 * n / looks, tour.imax_A * (1 - 0.5 * n / looks), tour.lag_deg});
  }
  int rounded_down = 0;
  for (int n = 0; n < looks; ++n) {
    bench.run_until(static_cast<Ps>(n + 1) * tour.pause - 50 * ps_per_ms);
    check_value_rows(bench);
    check_energy_rows(bench, rounded_down);
  }
  // About half of all decimals have a nearest float above them.
  CHECK(rounded_down > looks);
  return hundredths_of(bench.raw_energy(moving_row).uWh);
}

/// A direct meter books 0.01 kWh in half a second at most of its power, so minutes are run.
constexpr Ps direct_pause = 4'713 * ps_per_ms;
constexpr Ps ct_pause = 1'313 * ps_per_ms;

}  // namespace

TEST_CASE("every row is its raw value rounded: direct, import") {
  CHECK(check_rows({MeterVariant::mod, Connection::three_phase_four_wire, 100, 33, direct_pause},
                   0x3020) > 200);
}
TEST_CASE("every row is its raw value rounded: direct, export") {
  CHECK(check_rows({MeterVariant::mod, Connection::three_phase_four_wire, 100, 213, direct_pause},
                   0x3040) > 200);
}
TEST_CASE("every row is its raw value rounded: CT 1000/5, import") {
  CHECK(check_rows({MeterVariant::mod_ct, Connection::three_phase_four_wire, 6, -33, ct_pause},
                   0x3020) > 700);
}
TEST_CASE("every row is its raw value rounded: CT 1000/5, export") {
  CHECK(check_rows({MeterVariant::mod_ct, Connection::three_phase_four_wire, 6, 147, ct_pause},
                   0x3040) > 700);
}
TEST_CASE("every row is its raw value rounded: CT 1000/5, Aron") {
  CHECK(check_rows({MeterVariant::mod_ct, Connection::aron, 6, 20, ct_pause}, 0x3020) > 700);
}
TEST_CASE("every row is its raw value rounded: direct, one phase") {
  CHECK(check_rows({MeterVariant::mod, Connection::one_phase_two_wire, 100, 33, direct_pause},
                   0x3028) > 60);
}

namespace {

struct Quadrant {
  int number;
  double lag_deg;
};
constexpr double voltage_V = 230;
constexpr double current_A = 50;

/// All phases in one quadrant: every row's value and sign from U·I, which accounts run, and both
/// LEDs and the S0 output of the direction against the truth.
void check_quadrant(const Quadrant& quadrant) {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, {voltage_V, 0, quadrant.lag_deg});
  bench.schedule(500 * ps_per_ms, {voltage_V, current_A, quadrant.lag_deg});
  // The window in which the load came is part of a cycle only; its sign may be another one.
  bench.run_until(2 * ps_per_s);
  const auto before = bench.raw_energies(energy_rows);
  bench.run_until(10 * ps_per_s);
  const auto after = bench.raw_energies(energy_rows);

  const double phi = quadrant.lag_deg * std::acos(-1.0) / 180;
  const double p_kW = voltage_V * current_A * std::cos(phi) / 1000;
  const double q_kvar = voltage_V * current_A * std::sin(phi) / 1000;
  const bool imports = quadrant.number == 1 || quadrant.number == 4;
  const bool inductive = quadrant.number == 1 || quadrant.number == 2;
  REQUIRE((p_kW > 0) == imports);
  REQUIRE((q_kvar > 0) == inductive);
  for (const std::uint32_t n : parts) {
    const double phases = n == 0 ? 3 : 1;
    // Half a step of the row beside the promise.
    CHECK(std::abs(bench.shown_value(0x2080 + n).shown - phases * p_kW) <=
          0.0005 + 1e-4 * phases * std::abs(p_kW));
    CHECK(std::abs(bench.shown_value(0x20A0 + n).shown - phases * q_kvar) <=
          0.0005 + 5e-4 * phases * std::abs(q_kvar));
    CHECK(std::abs(bench.shown_value(0x20C0 + n).shown - phases * voltage_V * current_A / 1000) <=
          0.0005 + 5e-4 * phases * voltage_V * current_A / 1000);
    CHECK(std::abs(bench.shown_value(0x20E0 + n).shown - std::abs(std::cos(phi))) <= 0.0052);
  }
  for (const std::uint32_t n : {0u, 4u, 8u}) {
    CHECK(std::abs(bench.shown_value(0x2068 + n).shown - (imports ? current_A : -current_A)) <=
          0.005 + 1e-4 * current_A);
  }

  // Only the accounts of the quadrant's directions run.
  const bool runs[] = {imports, !imports, inductive, !inductive};
  for (std::size_t row = 0; row < energy_rows.size(); ++row) {
    INFO(fmt::format("row {:04x}", energy_rows[row]));
    CHECK((after[row].Wh > before[row].Wh) == runs[row / 4]);
  }

  const Ps end = bench.now();
  const auto count = [&](const char* output) {
    return static_cast<double>(bench.edges().pulses(output).size());
  };
  const auto& truth = bench.total_truth();
  const auto active = truth.active(0, end - active_latency);
  const auto reactive = truth.reactive(0, end - reactive_latency);
  // One pulse is the count's own fraction; the rest is what P and Q promise.
  const double p_pulses = pulses_of(imports ? active.forward : active.reverse, 10'000);
  const double q_pulses = pulses_of(inductive ? reactive.forward : reactive.reverse, 10'000);
  REQUIRE(p_pulses > 100);
  REQUIRE(q_pulses > 100);
  CHECK(std::abs(count("m1.led_active") - p_pulses) <= 1 + 1e-4 * p_pulses);
  CHECK(std::abs(count("m1.led_reactive") - q_pulses) <= 1 + 5e-4 * q_pulses);
  const char* active_output = imports ? "m1.s0_forward" : "m1.s0_reverse";
  const char* idle_output = imports ? "m1.s0_reverse" : "m1.s0_forward";
  CHECK(std::abs(count(active_output) - p_pulses) <= 1 + 1e-4 * p_pulses);
  const auto& idle = bench.edges().pulses(idle_output);
  CHECK((idle.empty() || idle.back().start < ps_per_s));
}

}  // namespace

TEST_CASE("quadrant 1: import, inductive") { check_quadrant({1, 50}); }
TEST_CASE("quadrant 2: export, Q forward") { check_quadrant({2, 130}); }
TEST_CASE("quadrant 3: export, Q reverse") { check_quadrant({3, 230}); }
TEST_CASE("quadrant 4: import, capacitive") { check_quadrant({4, -50}); }

TEST_CASE("totals of unlike phases: P and Q are sums, S the sum of S, PF |P| of the sums") {
  // Import at 30° of lag, export at 20°, and a capacitor's 70° of lead, of different currents.
  struct Phase {
    double current_A, lag_deg;
  };
  constexpr Phase loads[] = {{40, 30}, {25, 200}, {60, -70}};
  Workbench bench(Setup{});
  bench.schedule(0, {voltage_V, 0, 0});
  double p_kW = 0;
  double q_kvar = 0;
  double s_kVA = 0;
  for (int phase = 0; phase < 3; ++phase) {
    const Phase& load = loads[phase];
    models::grid::CurrentSpec current;
    current.rms_A = load.current_A;
    current.lag_deg = load.lag_deg;
    bench.grid().schedule_current(phase, 0, current);
    const double phi = load.lag_deg * std::acos(-1.0) / 180;
    p_kW += voltage_V * load.current_A * std::cos(phi) / 1000;
    q_kvar += voltage_V * load.current_A * std::sin(phi) / 1000;
    s_kVA += voltage_V * load.current_A / 1000;
  }
  bench.run_until(4 * ps_per_s);
  // Errors of phases of opposite sign do not cancel: the promises' shares are of the sum of S.
  CHECK(std::abs(bench.raw(0x2080) - p_kW) <= 1e-4 * s_kVA);
  CHECK(std::abs(bench.raw(0x20A0) - q_kvar) <= 5e-4 * s_kVA);
  CHECK(std::abs(bench.raw(0x20C0) - s_kVA) <= 5e-4 * s_kVA);
  const double factor = std::abs(p_kW) / std::hypot(p_kW, q_kvar);
  REQUIRE(std::abs(factor - std::abs(p_kW) / s_kVA) > 0.05);  // the two readings of PF differ
  CHECK(std::abs(bench.raw(0x20E0) - factor) <= 6e-4 * s_kVA / std::hypot(p_kW, q_kvar));
  check_value_rows(bench);
}
