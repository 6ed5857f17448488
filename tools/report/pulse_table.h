// The pulses of a run as comma-separated values, one line a pulse, for spreadsheets and plots:
//
//   output,start_s,width_ms,interval_ms
//
// Output is "m1.s0_forward"; the interval is that to the same output's pulse before, empty at the
// first; the width is empty while a pulse lasts at the end.
#pragma once

#include "tools/checks/evidence.h"
#include "tools/report/output_file.h"

namespace tools {

/// `from`: where a run that goes on from a saved state began; earlier pulses are in the table of
/// the run before. Those that start at the evidence's end or later are in that of the next.
void write_pulse_table(const Scenario& scenario, const Evidence& evidence, OutputFile& file,
                       Ps from = 0);

}  // namespace tools
