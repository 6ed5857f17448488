// gnuplot as a child process: a script in, a drawing out. No files, no shell, no settings of the
// user's: the same script gives the same bytes.
#pragma once

#include <string>
#include <string_view>

namespace tools::typetest {

/// Throws OutputRefused, with the package to install, when gnuplot cannot be run.
void require_gnuplot();

/// What the script writes to its standard output. Throws OutputFailed with gnuplot's own words.
std::string run_gnuplot(std::string_view script);

/// A text as a script writes it: nothing in it has a meaning for gnuplot.
std::string gnuplot_text(std::string_view text);

}  // namespace tools::typetest
