// Chapters of procedures, judged from what a test says was brought home, or from real runs.
#pragma once

#include <stdexcept>
#include <string>

#include "tests/tools/typetest_device.h"
#include "tools/typetest/procedure_tests.h"

namespace tests {

/// The procedure of this id.
inline std::unique_ptr<tools::typetest::Test> procedure(const std::string& id) {
  for (std::unique_ptr<tools::typetest::Test>& test : tools::typetest::procedure_tests()) {
    if (test->id() == id) return std::move(test);
  }
  throw std::out_of_range("no procedure " + id);
}

inline tools::typetest::Plan plan_of(const std::string& id,
                                     const tools::typetest::Subject& subject) {
  tools::typetest::Plan plan;
  procedure(id)->plan(subject, {}, plan);
  return plan;
}

inline tools::typetest::Chapter chapter_of(const std::string& id,
                                           const tools::typetest::Subject& subject,
                                           const tools::typetest::Results& results) {
  return procedure(id)->judge(subject, {}, results);
}

/// The findings that do not hold, as "condition: quantity".
inline std::vector<std::string> failures_of(const tools::typetest::Chapter& chapter) {
  std::vector<std::string> failures;
  for (const tools::typetest::Finding& finding : chapter.findings) {
    if (!finding.pass) failures.push_back(finding.condition + ": " + finding.quantity);
  }
  return failures;
}

}  // namespace tests
