#include "tools/engine/dry_build.h"

#include <map>
#include <stdexcept>

#include "models/sensors/front_end.h"
#include "models/wiring/wiring.h"
#include "tools/engine/bus_world.h"
#include "tools/engine/grid_script.h"
#include "tools/engine/ir_world.h"
#include "tools/engine/mbus_world.h"
#include "tools/engine/surroundings.h"
#include "tools/report/output_file.h"

namespace tools {
namespace {

/// Also where two paths lead to one file.
void refuse_shared_eeproms(const Scenario& scenario) {
  std::map<std::string, const MeterSpec*> taken;
  for (const MeterSpec& meter : scenario.meters) {
    if (meter.eeprom_file.empty()) continue;
    const auto [other, is_new] = taken.emplace(output_identity(meter.eeprom_file), &meter);
    if (is_new) continue;
    throw InputError(meter.position, "eeprom: found " + in_quotes(meter.eeprom_file) +
                                         ", the file of meter " + in_quotes(other->second->id) +
                                         ", expected a file of its own");
  }
}

}  // namespace

void dry_build(const Scenario& scenario) {
  refuse_shared_eeproms(scenario);
  if (scenario.bus) {
    try {
      make_segment(scenario, scenario.seed, false);
    } catch (const std::invalid_argument& error) {
      throw InputError(scenario.bus->position,
                       std::string("found a bus that cannot be: ") + error.what());
    }
  }
  if (scenario.mbus) {
    try {
      make_mbus(scenario, scenario.seed, false);
    } catch (const std::invalid_argument& error) {
      throw InputError(scenario.mbus->position,
                       std::string("found an M-Bus that cannot be: ") + error.what());
    }
  }
  if (scenario.ir) {
    try {
      models::lines::make_optical_segment(scenario.ir->optics);
    } catch (const std::invalid_argument& error) {
      throw InputError(scenario.ir->position,
                       std::string("found a head that cannot be: ") + error.what());
    }
  }
  for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
    const MeterSpec& meter = scenario.meters[i];
    eeprom_image(meter);
    try {
      GridScript grid(scenario.meters[i]);
      grid.apply_all(scenario, static_cast<int>(i));
      const models::wiring::Terminals terminals(grid.grid(), meter.wiring);
      const models::sensors::FrontEnd front_end(terminals, grid.air(), meter.sensors);
    } catch (const std::invalid_argument& error) {
      throw InputError(meter.position, "found a world around " + in_quotes(meter.id) +
                                           " that cannot be: " + error.what());
    }
  }
}

}  // namespace tools
