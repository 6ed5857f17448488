#include "tools/typetest/procedure_tests.h"

#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {

std::vector<std::unique_ptr<Test>> procedure_tests() {
  using Maker = std::unique_ptr<Test> (*)();
  constexpr Maker makers[] = {starting_test,         no_load_test,       meter_constant_test,
                              power_up_test,         repeatability_test, self_heating_test,
                              overcurrent_test,      voltage_dips_test,  consumption_test,
                              register_capacity_test};
  std::vector<std::unique_ptr<Test>> tests;
  for (const Maker make : makers) tests.push_back(make());
  return tests;
}

}  // namespace tools::typetest
