// Every test that is a procedure, one file each. Each file opens with what is done to the meter.
#pragma once

#include <memory>

#include "tools/typetest/test.h"

namespace tools::typetest {

std::unique_ptr<Test> starting_test();
std::unique_ptr<Test> no_load_test();
std::unique_ptr<Test> meter_constant_test();
std::unique_ptr<Test> power_up_test();
std::unique_ptr<Test> repeatability_test();
std::unique_ptr<Test> self_heating_test();
std::unique_ptr<Test> overcurrent_test();
std::unique_ptr<Test> voltage_dips_test();
std::unique_ptr<Test> consumption_test();
std::unique_ptr<Test> register_capacity_test();

}  // namespace tools::typetest
