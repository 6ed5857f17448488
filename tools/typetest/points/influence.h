// What the tests of influence quantities share: a load, and the same load with one thing changed.
#pragma once

#include "tools/typetest/points/loads.h"

namespace tools::typetest {

/// The change of error from `reference` to `condition`.
Case change(Quantity quantity, const Condition& condition, const Condition& reference,
            std::string group, Kind kind = Kind::active);

/// "PF 1".
std::string angle_text(const Condition& condition, Kind kind);

/// A curve a load: its error over a quantity that takes several values.
CurvePlot influence_plot(const Subject& subject, const Results& results,
                         const std::vector<Condition>& loads, double Condition::*quantity,
                         const std::vector<double>& values, double unit);

}  // namespace tools::typetest
