// The plots of a campaign as drawings: SVG by gnuplot, without fonts, pictures or scripts from
// elsewhere, and readable without colours. Each is a whole document and may also stand inside a
// page; the same plot gives the same bytes.
#pragma once

#include <string>

#include "tools/typetest/campaign.h"

namespace tools::typetest {

/// `name` begins every identifier in the drawing: no other one in the same page may have it. Empty
/// when the plot holds no value to draw. Throws OutputFailed when gnuplot does not draw it.
std::string plot_svg(const CurvePlot& plot, const std::string& name);
std::string plot_svg(const BarPlot& plot, const std::string& name);
std::string plot_svg(const HistogramPlot& plot, const std::string& name);

}  // namespace tools::typetest
