// Answers the scenario engine's requests from the register table (hal::mailbox).
//
//   operation   response words
//   read_row    the row's bytes, big endian, four a word
//   read_raw    w0 = 1: w1, w2 the double's bits, high word first, in the row's unit
//               w0 = 2: w1, w2 the counter in µWh or µvarh, high word first; w3 its residue in
//               pWh; w4, w5 the core counter up to which the world's energy is booked, high word
//               first; w6 the fraction of a clock beyond it in 1/2^32
//   write_row   none
#pragma once

#include "metrology/app/state.h"
#include "metrology/hal/bus.h"

namespace metrology::app {

/// Answers the waiting request and lets the mailbox interrupt again.
void answer_request(State& state, hal::Bus& bus);

}  // namespace metrology::app
