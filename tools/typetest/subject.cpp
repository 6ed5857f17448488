#include "tools/typetest/subject.h"

namespace tools::typetest {

Ratings ratings_of(bool ct) {
  // Ist active is 0.004 Iref for class B connected directly and 0.001 Iref for class C (IEC
  // 62053-21 and -22); reactive 0.005 Iref and 0.003 Iref (62053-23 class 2). Itr is Iref/10, or
  // Iref/20 through transformers.
  constexpr Ratings direct{230, 0.02, 0.025, 0.25, 0.5, 5, 100};
  constexpr Ratings transformer{230, 0.0015, 0.0045, 0.015, 0.075, 1.5, 6};
  return ct ? transformer : direct;
}

}  // namespace tools::typetest
