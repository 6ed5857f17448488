// Makes each of the tests in this folder.
#pragma once

#include <memory>

#include "tools/typetest/test.h"

namespace tools::typetest {

std::unique_ptr<Test> intrinsic_test();
std::unique_ptr<Test> single_phase_test();
std::unique_ptr<Test> manual_table_test();
std::unique_ptr<Test> reactive_test();
std::unique_ptr<Test> voltage_test();
std::unique_ptr<Test> frequency_test();
std::unique_ptr<Test> temperature_test();
std::unique_ptr<Test> phases_test();
std::unique_ptr<Test> waveforms_test();
std::unique_ptr<Test> accessories_test();
std::unique_ptr<Test> conducted_test();
std::unique_ptr<Test> composite_test();

}  // namespace tools::typetest
