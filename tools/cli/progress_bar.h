// One line of the terminal that says how far the work is, drawn over and over.
#pragma once

#include <string>

namespace tools {

/// "[############..................]  40 % what": draws the line anew on standard error. `done`: 0
/// … 1.
void draw_progress(double done, const std::string& what);

}  // namespace tools
