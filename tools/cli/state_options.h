// --until, --save-state and --load-state of a run.
#pragma once

#include <boost/program_options.hpp>
#include <vector>

#include "tools/cli/options.h"
#include "tools/engine/run.h"

namespace tools {

boost::program_options::options_description state_options();

/// Whether any of them was given.
bool has_state_options(const CommandOptions& options);

/// Refuses them for `scenarios` if there are several, or several at a time. Throws UsageError.
void refuse_impossible_states(const CommandOptions& options, std::size_t scenarios,
                              std::uint64_t jobs);

/// Puts them into `run`, the state that is loaded included. Throws UsageError.
void read_state_options(const CommandOptions& options, const Scenario& scenario, RunOptions& run);

}  // namespace tools
