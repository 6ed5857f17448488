#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "tools/typetest/gnuplot.h"
#include "tools/typetest/plot_axis.h"
#include "tools/typetest/plot_drawing.h"
#include "tools/typetest/plot_script.h"
#include "tools/typetest/plots.h"
#include "tools/typetest/report_numbers.h"

namespace tools::typetest {
namespace {

std::optional<double> signed_share(const Bar& bar) {
  const auto share = share_of_limit(bar.seen, bar.at_least, bar.at_most);
  if (!share) return std::nullopt;
  return bar.seen < 0 ? -*share : *share;
}

bool holds(const Bar& bar) { return bar.seen >= bar.at_least && bar.seen <= bar.at_most; }

std::string bar_text(const Bar& bar) {
  if (!std::isfinite(bar.seen)) return "not measured";
  return fmt::format("{} of {}{}", measured_number(bar.seen, bar.at_least, bar.at_most),
                     limits_text(bar.at_least, bar.at_most), holds(bar) ? "" : "  FAILS");
}

}  // namespace

std::string plot_svg(const BarPlot& plot, const std::string& name) {
  if (plot.bars.empty()) return "";
  constexpr double shown_max = 250;  // percent; what is longer is cut off, and written beside it
  double reach = 115;
  std::string bars[2];
  std::string texts;
  std::size_t widest = 0;
  std::string description;
  for (std::size_t i = 0; i < plot.bars.size(); ++i) {
    const Bar& bar = plot.bars[i];
    const auto row = static_cast<double>(i);
    // Names are labels, not tics: gnuplot cuts those after 64 bytes and takes % for a format.
    widest = std::max(widest, letters_of(bar.label));
    texts +=
        fmt::format("set label {} at graph -0.015, first {} right\n", gnuplot_text(bar.label), row);
    texts += fmt::format("set label {} at graph 1.015, first {} left font ',10.5'\n",
                         gnuplot_text(bar_text(bar)), row);
    description += fmt::format("{}{}: {}", i == 0 ? "" : "; ", bar.label, bar_text(bar));
    const double percent = std::clamp(signed_share(bar).value_or(0) * 100, -shown_max, shown_max);
    reach = std::max(reach, std::abs(percent) * 1.04);
    bars[holds(bar) ? 0 : 1] +=
        fmt::format("0 {} {:.6g} {:.6g} {:.2f} {:.2f}\n", row, std::min(percent, 0.0),
                    std::max(percent, 0.0), row - 0.32, row + 0.32);
  }
  std::string data;
  std::string draw;
  const std::array<const char*, 2> colours{bar_blue, limit_red};
  for (std::size_t i = 0; i < colours.size(); ++i) {
    if (bars[i].empty()) continue;
    data += fmt::format("$d{} << END\n{}END\n", i, bars[i]);
    draw += fmt::format(
        "{}$d{} using 1:2:3:4:5:6 with boxxyerror fillstyle solid border rgb '#333333' "
        "linecolor rgb '{}' linewidth 0.6 notitle",
        draw.empty() ? "plot " : ", ", i, colours[i]);
  }
  std::string arrows;
  for (const int percent : {-100, 0, 100}) {
    arrows += fmt::format(
        "set arrow from first {0}, graph 0 to first {0}, graph 1 nohead front "
        "linecolor rgb '{1}' linewidth {2}\n",
        percent, percent == 0 ? "#444444" : limit_red, percent == 0 ? 0.8 : 1.6);
  }
  const std::string script =
      plot_canvas(70 + 22 * static_cast<int>(plot.bars.size())) + "set border 1\nset rmargin 22\n" +
      fmt::format("set lmargin {}\n", std::min<std::size_t>(widest + 2, 50)) +
      fmt::format("set xlabel {}\n", gnuplot_text(plot.y_label + ", share of its limit")) +
      fmt::format("set xrange [{0:.6g}:{1:.6g}]\n", -reach, reach) +
      fmt::format("set yrange [{}:-0.6]\n", static_cast<double>(plot.bars.size()) - 0.4) +
      fmt::format("set xtics {}\n", reach > 130 ? 100 : 50) +
      "set format x '%h %%'\nset grid noytics\nset tics scale 0.4\n" + "unset ytics\n" + texts +
      arrows + data + draw + "\n";
  return made_fit(run_gnuplot(script), {name, plot.title, description + "."});
}

}  // namespace tools::typetest
