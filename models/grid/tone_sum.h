// Sums of waveforms with as few tones and points as it takes.
#pragma once

#include <vector>

#include "models/pins/analog_source.h"

namespace models::grid {

/// Adds a tone, to one of the same frequency and origin if there is such.
void add_tone(const pins::Tone& tone, std::vector<pins::Tone>& tones);

/// Adds `weight` times the line `other` to `line`, on [start, end); either may be empty for none.
void add_line(const std::vector<pins::Point>& other, double weight, pins::Ps start, pins::Ps end,
              std::vector<pins::Point>& line);

}  // namespace models::grid
