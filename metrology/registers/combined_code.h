// The combined code: what "total" means, active and reactive alike (pro380 §2, manual 6.10).
// Computed from the counters with their residues, so that another code shows at once and changes
// no counter.
#pragma once

#include <cstdint>

#include "metrology/energy/counter.h"

namespace metrology::registers {

/// The numbers are the manual's.
enum class CombinedCode : std::uint8_t {
  forward = 1,
  reverse = 4,
  forward_plus_reverse = 5,
  reverse_minus_forward = 6,
  forward_minus_reverse = 9,
  forward_minus_reverse_for_ever = 10,  ///< as 09, but no write ever changes it again
};

inline constexpr CombinedCode combined_codes[] = {
    CombinedCode::forward,
    CombinedCode::reverse,
    CombinedCode::forward_plus_reverse,
    CombinedCode::reverse_minus_forward,
    CombinedCode::forward_minus_reverse,
    CombinedCode::forward_minus_reverse_for_ever,
};

/// The total that `code` makes of forward and reverse energy; codes 06, 09 and 10 may give a
/// negative one. Exact. A number that is no code counts as 05.
constexpr energy::EnergyCounter combine(CombinedCode code, const energy::EnergyCounter& forward,
                                        const energy::EnergyCounter& reverse) {
  switch (code) {
    case CombinedCode::forward:
      return forward;
    case CombinedCode::reverse:
      return reverse;
    case CombinedCode::reverse_minus_forward:
      return reverse - forward;
    case CombinedCode::forward_minus_reverse:
    case CombinedCode::forward_minus_reverse_for_ever:
      return forward - reverse;
    case CombinedCode::forward_plus_reverse:
      break;
  }
  return forward + reverse;
}

}  // namespace metrology::registers
