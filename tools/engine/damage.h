// The faults that a scenario can inject into a meter.
#pragma once

#include "models/eeprom/eeprom.h"
#include "platform/meter.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// What happens inside the meter:
///
///   eeprom_dead, eeprom_stuck   it answers nothing, or pulls SDA low; eeprom_works mends both
///   settings_damaged …          a bit of the newest record turns over; the copy before is whole
///   storage_erased              all cells are as an EEPROM leaves its factory
///   storage_lost                a bit of every record turns over
///   program_damaged             a bit of the program's constants in flash turns over
///
/// The meter notices what is stored wrong when it next reads it, at power-up.
void damage(Fault fault, models::eeprom::Eeprom& eeprom, platform::Meter& meter);

}  // namespace tools
