#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "tools/typetest/point_tests.h"
#include "tools/typetest/procedure_tests.h"
#include "tools/typetest/test.h"

namespace tools::typetest {
namespace {

/// As the chapters follow each other in a laboratory's report: errors, influences, disturbances,
/// what sums them up, and then what happens to a meter. A test that is not named comes last.
constexpr std::array<std::string_view, 22> order = {
    "intrinsic",      "single_phase",      "manual_table",  "starting",    "no_load",
    "meter_constant", "power_up",          "repeatability", "reactive",    "voltage",
    "frequency",      "temperature",       "phases",        "waveforms",   "accessories",
    "conducted",      "composite",         "self_heating",  "overcurrent", "voltage_dips",
    "consumption",    "register_capacity",
};

std::ptrdiff_t place_of(const Test& test) {
  return std::find(order.begin(), order.end(), test.id()) - order.begin();
}

std::vector<std::unique_ptr<Test>> all_tests() {
  std::vector<std::unique_ptr<Test>> tests = point_tests();
  std::vector<std::unique_ptr<Test>> procedures = procedure_tests();
  std::move(procedures.begin(), procedures.end(), std::back_inserter(tests));
  std::stable_sort(tests.begin(), tests.end(),
                   [](const auto& a, const auto& b) { return place_of(*a) < place_of(*b); });
  return tests;
}

}  // namespace

const std::vector<std::unique_ptr<Test>>& catalogue() {
  static const std::vector<std::unique_ptr<Test>> tests = all_tests();
  return tests;
}

}  // namespace tools::typetest
