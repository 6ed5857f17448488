// What the debug port's answers say (metrology/registers, memory_map.h).
#pragma once

#include <string_view>

#include "tools/checks/evidence.h"

namespace tools {

/// The unrounded value in the row's own unit; of an energy the counter with its residue, in kWh.
double raw_value(const Reading& reading);

/// What was booked between two readings of one energy, in W·s: differences of integers, then one
/// rounding.
double booked_between(const Reading& first, const Reading& last);

/// Core counter (whole cycles) up to which an energy is booked, and the fraction of a cycle behind.
struct BookedUntil {
  std::int64_t cycle;
  double fraction;
};
BookedUntil booked_until(const Reading& reading);

/// Why a request was refused, in words.
std::string_view reason_of(metrology::hal::MailboxReply reply);

}  // namespace tools
