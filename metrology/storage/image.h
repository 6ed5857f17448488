// A whole EEPROM image as production leaves it: for the simulator's tools and for tests. No part of
// the firmware.
#pragma once

#include <cstdint>

#include "metrology/storage/record.h"

namespace metrology::storage {

/// Fills `image`, of eeprom_bytes, with both copies of settings, calibration and compensation and
/// two records of `counters`, the rest blank: so whatever is damaged later, there is a previous
/// copy.
void make_image(const registers::Settings& settings, const Calibration& calibration,
                const Counters& counters, std::uint8_t* image);

}  // namespace metrology::storage
