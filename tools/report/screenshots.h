// Pictures of the displays of a run.
#pragma once

#include <string>

#include "tools/checks/evidence.h"

namespace tools {

/// Draws the glass of each meter as it stood at the instant of every expectation on it, and at the
/// end of the run, into `folder`: "walk-the-pages-m1-5.5s.svg". Throws OutputRefused, OutputFailed.
void write_screenshots(const Scenario& scenario, const Evidence& evidence,
                       const std::string& folder);

}  // namespace tools
