#include "tools/typetest/procedures/class_limits.h"

namespace tools::typetest {

ClassLimits class_limits(AccuracyClass accuracy_class) {
  constexpr ClassLimits class_b{1.0, 1.5, 0.7, 1.0, 1.5};
  constexpr ClassLimits class_c{0.5, 1.0, 0.2, 0.2, 0.05};
  return accuracy_class == AccuracyClass::b ? class_b : class_c;
}

std::string iec_clause(AccuracyClass accuracy_class, const std::string& clause) {
  return (accuracy_class == AccuracyClass::b ? "IEC 62053-21 " : "IEC 62053-22 ") + clause;
}

}  // namespace tools::typetest
