// Sums of tones with as few tones as it takes.
#pragma once

#include <vector>

#include "models/pins/analog_source.h"

namespace models::grid {

/// Adds a tone, to one of the same frequency and origin if there is such.
void add_tone(const pins::Tone& tone, std::vector<pins::Tone>& tones);

}  // namespace models::grid
