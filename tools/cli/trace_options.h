// What a run is to show of its waveforms beside the waveform file: its unit of time, a save file
// for GTKWave, the ADC's samples.
#pragma once

#include <boost/program_options.hpp>

#include "tools/cli/options.h"
#include "tools/engine/run.h"

namespace tools {

/// --vcd-step, --gtkw, --samples, --samples-meter, --samples-from, --samples-to.
boost::program_options::options_description trace_options();

/// Throws UsageError.
void read_trace_options(const CommandOptions& options, const Scenario& scenario, RunOptions& run);

}  // namespace tools
