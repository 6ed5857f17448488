// The tests that are procedures: something happens to the meter, and what it does then is timed,
// counted or compared. One file each in procedures/.
#pragma once

#include <memory>
#include <vector>

#include "tools/typetest/test.h"

namespace tools::typetest {

/// All of them, in the order of the report.
std::vector<std::unique_ptr<Test>> procedure_tests();

}  // namespace tools::typetest
