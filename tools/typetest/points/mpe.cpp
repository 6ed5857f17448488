#include "tools/typetest/points/mpe.h"

#include <cmath>

namespace tools::typetest {
namespace {

/// Percent in the columns 5 … 30 °C, −10 … 5 or 30 … 40 °C, −25 … −10 or 40 … 55 °C.
using Row = std::array<double, 3>;
struct ClassTable {
  Row below_Itr;
  Row from_Itr;
  Row one_phase;
};
constexpr ClassTable class_b{{2, 2.5, 3.5}, {2, 2.5, 3.5}, {2.5, 3, 4}};
constexpr ClassTable class_c{{1, 1.3, 1.7}, {0.7, 1, 1.3}, {1, 1.3, 1.7}};

}  // namespace

const TemperatureBand* band_at(double temperature_C) {
  const TemperatureBand* strictest = nullptr;
  for (const TemperatureBand& band : temperature_bands) {
    if (temperature_C < band.from_C || temperature_C > band.to_C) continue;
    if (strictest == nullptr || band.column < strictest->column) strictest = &band;
  }
  return strictest;
}

double mpe_percent(AccuracyClass accuracy_class, const Ratings& ratings, bool one_phase,
                   double current_A, const TemperatureBand& band) {
  const ClassTable& table = accuracy_class == AccuracyClass::b ? class_b : class_c;
  const bool low = current_A < ratings.Itr * (1 - 1e-9);
  const Row& row = one_phase ? table.one_phase : low ? table.below_Itr : table.from_Itr;
  return row.at(static_cast<std::size_t>(band.column));
}

double composite_percent(double intrinsic, double by_temperature, double by_voltage,
                         double by_frequency) {
  return std::sqrt(intrinsic * intrinsic + by_temperature * by_temperature +
                   by_voltage * by_voltage + by_frequency * by_frequency);
}

}  // namespace tools::typetest
