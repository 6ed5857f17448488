// --cpu and --firmware: what runs the meters' firmware.
#pragma once

#include <boost/program_options.hpp>
#include <vector>

#include "tools/cli/options.h"
#include "tools/scenario/scenario.h"

namespace tools {

boost::program_options::options_description cpu_options();

/// Gives the flashed image to every meter that names iss as its CPU, or names none under --cpu iss.
/// Throws UsageError, also for an image that is missing, damaged or no image of a meter, and for
/// --firmware where no meter runs it.
void choose_cpus(const CommandOptions& options, const std::vector<MeterSpec*>& meters);
/// The same for all meters of all these.
void choose_cpus(const CommandOptions& options, std::vector<Scenario>& scenarios);

/// Whether one of them names iss as its CPU, or names none under --cpu iss. Throws UsageError.
bool wants_image(const CommandOptions& options, const std::vector<MeterSpec*>& meters);

/// The image's file, as --firmware names it, or where the build puts it.
std::string firmware_path(const CommandOptions& options);

/// Whether choose_cpus() has given one of its meters the image.
bool runs_image(const Scenario& scenario);

std::vector<MeterSpec*> meters_of(Scenario& scenario);

}  // namespace tools
