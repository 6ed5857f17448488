// What a point is called, by programs and by people.
#pragma once

#include <string>

#include "tools/typetest/condition.h"

namespace tools::typetest {

/// Path of words that says all of the condition: equal conditions have equal ids, different ones
/// different ids (numbers to nine digits). First which energy, its direction, the loaded phases,
/// the angle and the current, and then only what is not as at reference:
///
///   active/import/L123/pf0.5ind/5A
///   active/import/L2/pf1/5A/U0.9/T-25
std::string point_id(const Condition& condition, Kind kind);

/// "5 A, PF 0.5 ind, L2 alone, 0.9 Un".
std::string describe(const Condition& condition, Kind kind);

}  // namespace tools::typetest
