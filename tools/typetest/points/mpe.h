// Maximum permissible errors of the measuring instruments directive (2014/32/EU, annex V, table 2):
// what the errors of a load may come to together, by the temperature.
#pragma once

#include <array>

#include "tools/typetest/subject.h"

namespace tools::typetest {

struct TemperatureBand {
  double from_C;
  double to_C;
  int column;  ///< of the table: 0 is the one of 5 … 30 °C
};

/// From the coldest that the meter is made for to the warmest.
inline constexpr std::array<TemperatureBand, 5> temperature_bands = {{
    {-25, -10, 2},
    {-10, 5, 1},
    {5, 30, 0},
    {30, 40, 1},
    {40, 55, 2},
}};

/// The band of an ambient temperature; of two that meet, the stricter. Null outside all.
const TemperatureBand* band_at(double temperature_C);

/// In percent, of a load of all phases or of one, at a current from Imin (one phase: Itr) to Imax.
double mpe_percent(AccuracyClass accuracy_class, const Ratings& ratings, bool one_phase,
                   double current_A, const TemperatureBand& band);

/// √(e² + δT² + δU² + δf²), in percent.
double composite_percent(double intrinsic, double by_temperature, double by_voltage,
                         double by_frequency);

}  // namespace tools::typetest
