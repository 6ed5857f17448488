// What a scenario wants wrong with a frame, put into its characters.
#pragma once

#include <vector>

#include "models/masters/serial_end.h"

namespace tools {

/// `entry`: of any protocol that has gap, parity_error and no_stop. Byte numbers count from 1; a
/// gap after the last byte has no meaning.
template <typename Entry>
void put_faults(const Entry& entry, std::vector<models::masters::OutgoingCharacter>& characters) {
  const auto character = [&](int number) -> models::masters::OutgoingCharacter* {
    const auto index = static_cast<std::size_t>(number);
    return index < characters.size() ? &characters[index] : nullptr;
  };
  if (entry.gap) {
    if (auto* next = character(entry.gap->after)) next->silence = entry.gap->duration;
  }
  if (entry.parity_error) character(*entry.parity_error - 1)->wrong_parity = true;
  if (entry.no_stop) character(*entry.no_stop - 1)->no_stop = true;
}

}  // namespace tools
