// Accuracy end to end with sine waves: grid → sensors → ADC → DMA → firmware → raw values, against
// the exact truth at the terminals. The full product
//   4 currents × PF 1, 0.5 ind, 0.8 cap, 0.25 ind × 45, 50, 51.2, 52.37, 60 Hz × 184, 230, 276 V
//   × both directions × both versions × (balanced, L1, L2, L3, Aron, one phase two wire),
// 5 760 load points; a case visits the points of one version and connection one after the other.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>

#include "tests/end_to_end/load_point.h"

using namespace end_to_end;

namespace {

struct PowerFactor {
  const char* name;
  double lag_deg;
};
const double deg_per_rad = 180 / std::acos(-1.0);
const PowerFactor power_factors[] = {{"1", 0},
                                     {"0.5 ind", 60},
                                     {"0.8 cap", -std::acos(0.8) * deg_per_rad},
                                     {"0.25 ind", std::acos(0.25) * deg_per_rad}};
constexpr double frequencies_Hz[] = {45, 50, 51.2, 52.37, 60};
constexpr double voltages_V[] = {184, 230, 276};
/// Imin, Itr, Iref, Imax.
constexpr double direct_currents_A[] = {0.25, 0.5, 5, 100};
constexpr double ct_currents_A[] = {0.015, 0.075, 1.5, 6};

struct Point {
  double f, u, i;
  PowerFactor pf;
  bool exports;
};

std::vector<Point> all_points(bool ct) {
  std::vector<Point> points;
  for (const double f : frequencies_Hz) {
    for (const double u : voltages_V) {
      for (const double i : ct ? ct_currents_A : direct_currents_A) {
        for (const PowerFactor& pf : power_factors) {
          for (const bool exports : {false, true}) points.push_back({f, u, i, pf, exports});
        }
      }
    }
  }
  return points;
}

void measure_all(MeterVariant variant, const Place& place) {
  Setup setup;
  setup.variant = variant;
  setup.connection = place.connection;
  Workbench bench(setup);
  const bool ct = metrology::hal::is_ct(variant);
  const std::vector<Point> points = all_points(ct);
  // The whole script is known before the run, as a scenario's is.
  Ps at = 0;
  for (const Point& point : points) {
    bench.grid().schedule_frequency(at, std::llround(point.f * 1e9));
    bench.schedule(at,
                   {point.u, point.i, point.pf.lag_deg + (point.exports ? 180 : 0), place.loaded});
    at += point_length;
  }
  ErrorTable table;
  at = 0;
  for (const Point& point : points) {
    bench.run_until(at);
    LoadPoint load;
    load.name = fmt::format("{} V {} A PF {} {} {} Hz", point.u, point.i, point.pf.name,
                            point.exports ? "export" : "import", point.f);
    load.exports = point.exports;
    load.frequency_Hz = point.f;
    measure_point(bench, place, load, table);
    at += point_length;
  }
  table.conclude(fmt::format("{}, {}, {} points", ct ? "CT" : "direct", place.name, points.size()));
}

}  // namespace

TEST_CASE("accuracy: direct, balanced", "[accuracy]") { measure_all(MeterVariant::mod, balanced); }
TEST_CASE("accuracy: direct, L1 alone", "[accuracy]") { measure_all(MeterVariant::mod, l1_alone); }
TEST_CASE("accuracy: direct, L2 alone", "[accuracy]") { measure_all(MeterVariant::mod, l2_alone); }
TEST_CASE("accuracy: direct, L3 alone", "[accuracy]") { measure_all(MeterVariant::mod, l3_alone); }
TEST_CASE("accuracy: direct, Aron", "[accuracy]") { measure_all(MeterVariant::mod, aron); }
TEST_CASE("accuracy: direct, one phase", "[accuracy]") {
  measure_all(MeterVariant::mod, one_phase);
}
TEST_CASE("accuracy: CT, balanced", "[accuracy]") { measure_all(MeterVariant::mod_ct, balanced); }
TEST_CASE("accuracy: CT, L1 alone", "[accuracy]") { measure_all(MeterVariant::mod_ct, l1_alone); }
TEST_CASE("accuracy: CT, L2 alone", "[accuracy]") { measure_all(MeterVariant::mod_ct, l2_alone); }
TEST_CASE("accuracy: CT, L3 alone", "[accuracy]") { measure_all(MeterVariant::mod_ct, l3_alone); }
TEST_CASE("accuracy: CT, Aron", "[accuracy]") { measure_all(MeterVariant::mod_ct, aron); }
TEST_CASE("accuracy: CT, one phase", "[accuracy]") { measure_all(MeterVariant::mod_ct, one_phase); }
