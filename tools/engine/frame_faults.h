// What a scenario wants wrong with a frame, put into its characters.
#pragma once

#include <vector>

#include "models/masters/serial_end.h"
#include "tools/scenario/bus_spec.h"

namespace tools {

/// A gap after the last byte has no meaning.
inline void put_faults(const FrameFaults& faults,
                       std::vector<models::masters::OutgoingCharacter>& characters) {
  const auto character = [&](int number) -> models::masters::OutgoingCharacter* {
    const auto index = static_cast<std::size_t>(number);
    return index < characters.size() ? &characters[index] : nullptr;
  };
  if (faults.gap) {
    if (auto* next = character(faults.gap->after)) next->silence = faults.gap->duration;
  }
  if (faults.parity_error) character(*faults.parity_error - 1)->wrong_parity = true;
  if (faults.no_stop) character(*faults.no_stop - 1)->no_stop = true;
}

}  // namespace tools
