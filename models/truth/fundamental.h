// Reactive power of the fundamental alone.
#pragma once

#include "models/grid/stretch.h"

namespace models::truth {

/// ½·Û1·Î1·sin(φu − φi) of the waveforms' parts at the voltage's fundamental frequency, behind
/// their switches; positive when the current lags. 0 without a fundamental.
double fundamental_reactive_power(const grid::Stretch& voltage, const grid::Stretch& current);

}  // namespace models::truth
