// The tests that are made of points only: an error is measured under each of many conditions, and
// held, or its change is, against limits. One file each in points/.
#pragma once

#include <memory>
#include <vector>

#include "tools/typetest/test.h"

namespace tools::typetest {

/// All of them, in the order of the report.
std::vector<std::unique_ptr<Test>> point_tests();

}  // namespace tools::typetest
