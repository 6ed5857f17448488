#include "tools/typetest/point_tests.h"

#include "tools/typetest/points/points.h"

namespace tools::typetest {

std::vector<std::unique_ptr<Test>> point_tests() {
  using Maker = std::unique_ptr<Test> (*)();
  constexpr Maker makers[] = {intrinsic_test, single_phase_test, manual_table_test, reactive_test,
                              voltage_test,   frequency_test,    temperature_test,  phases_test,
                              waveforms_test, accessories_test,  conducted_test,    composite_test};
  std::vector<std::unique_ptr<Test>> tests;
  for (const Maker make : makers) tests.push_back(make());
  return tests;
}

}  // namespace tools::typetest
