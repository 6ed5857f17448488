// What the procedures hold a meter of each class against, in percent. EN 50470-3 class B with IEC
// 62053-21 class 1, class C with IEC 62053-22 class 0.5 S.
#pragma once

#include <string>

#include "tools/typetest/subject.h"

namespace tools::typetest {

struct ClassLimits {
  double error;                   ///< Itr … Imax, PF 1
  double error_at_Imin;           ///< Imin … Itr, PF 1
  double self_heating;            ///< change of error at Imax, PF 1
  double self_heating_inductive;  ///< … PF 0.5
  double overcurrent;             ///< change of error at Iref, PF 1
};
ClassLimits class_limits(AccuracyClass accuracy_class);

/// A clause of the IEC standard that goes with the class: 62053-21 and -22 number alike.
std::string iec_clause(AccuracyClass accuracy_class, const std::string& clause);

/// What a test may differ by that compares the meter with itself: a tenth of the error's limit.
inline constexpr double tenth_of_limit = 0.1;

}  // namespace tools::typetest
