// The loads at which a meter is tested, from the currents of its nameplate.
#pragma once

#include <vector>

#include "tools/typetest/points/case_test.h"

namespace tools::typetest {

/// From Imin to Imax, in rising order: every current at which a limit changes, and some between.
std::vector<double> test_currents_A(const Ratings& ratings);
/// Those for which the tables have a limit.
std::vector<double> limited_currents_A(const Subject& subject, const Parameters& parameters,
                                       Kind kind, Quantity quantity, Factor factor);

/// Itr, 2 Itr, Iref, half of Imax, Imax: for tests with many conditions a load.
std::vector<double> few_currents_A(const Ratings& ratings);

/// The loads under which influence quantities are varied: Imin, Itr, Iref and Imax at PF 1, 2 Itr,
/// Iref and Imax at PF 0.5 ind.
std::vector<Condition> influence_loads(const Ratings& ratings);

/// "Iref", "2 Itr", …, or the current itself.
std::string current_name(const Ratings& ratings, double current_A);

}  // namespace tools::typetest
