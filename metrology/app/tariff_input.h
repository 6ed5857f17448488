// The tariff input of terminals 24/25: how long its opto-coupler conducted is read at each block's
// interrupt and judged before the block's samples are, so that nothing delays it.
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// Takes the reading that the first block is measured from. For the boot, when the ADC starts.
void start_tariff_input(State& state, hal::Bus& bus);

/// Takes the reading at a block's end. For the block's interrupt handler.
void read_tariff_input(State& state, hal::Bus& bus);

/// Judges the newest reading and makes an edge's tariff hold. For the metering task, once a block.
void judge_tariff_input(State& state, hal::Bus& bus);

}  // namespace metrology::app
