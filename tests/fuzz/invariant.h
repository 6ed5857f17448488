// What must hold whatever the input.
#pragma once

#include <cstdlib>

namespace tests {

/// Ends the run where it does not hold, so that the fuzzer keeps the input.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace tests
