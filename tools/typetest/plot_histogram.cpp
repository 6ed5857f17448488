#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "tools/typetest/gnuplot.h"
#include "tools/typetest/plot_axis.h"
#include "tools/typetest/plot_drawing.h"
#include "tools/typetest/plot_script.h"
#include "tools/typetest/plots.h"
#include "tools/typetest/report_numbers.h"

namespace tools::typetest {
namespace {

/// 1, 2, 2.5 or 5 times a power of ten, not below `width`.
double round_width(double width) {
  const double decade = std::pow(10, std::floor(std::log10(width)));
  for (const double step : {1.0, 2.0, 2.5, 5.0}) {
    if (step * decade >= width) return step * decade;
  }
  return 10 * decade;
}

struct Bins {
  double width;
  std::vector<std::pair<double, int>> counts;  ///< middle and how many
};

Bins bins_of(const std::vector<double>& values, const Extent& extent) {
  const double wanted = std::clamp(std::sqrt(static_cast<double>(values.size())), 5.0, 40.0);
  const double length = extent.to - extent.from;
  const double magnitude = std::max(std::abs(extent.from), std::abs(extent.to));
  // Values that differ by less than a thousand-millionth are one value.
  const bool spread = length > magnitude * 1e-9;
  Bins bins{0.1, {}};
  if (spread) bins.width = round_width(length / wanted);
  if (!spread && magnitude > 0) bins.width = round_width(magnitude / 100);
  const double first = std::floor(extent.from / bins.width);
  const auto index = [&](double value) {
    return static_cast<std::size_t>(std::floor(value / bins.width) - first);
  };
  for (std::size_t i = 0; i <= index(extent.to); ++i) {
    bins.counts.emplace_back((first + static_cast<double>(i) + 0.5) * bins.width, 0);
  }
  for (const double value : values) ++bins.counts[index(value)].second;
  return bins;
}

/// Limits belong to the axis unless they are so far that nothing would be seen of the spread.
std::vector<double> limits_near(const HistogramPlot& plot, const Extent& axis) {
  constexpr double reach = 12;  // lengths of the axis
  std::vector<double> limits;
  for (const std::optional<double>& limit : {plot.at_least, plot.at_most}) {
    if (!limit || !std::isfinite(*limit)) continue;
    const double distance = std::max(*limit - axis.to, axis.from - *limit);
    if (distance <= reach * (axis.to - axis.from)) limits.push_back(*limit);
  }
  return limits;
}

}  // namespace

std::string plot_svg(const HistogramPlot& plot, const std::string& name) {
  std::vector<double> values;
  std::copy_if(plot.values.begin(), plot.values.end(), std::back_inserter(values),
               [](double value) { return std::isfinite(value); });
  if (values.empty()) return "";
  Extent extent;
  for (const double value : values) extent.include(value);
  const Bins bins = bins_of(values, extent);

  Extent axis;
  axis.include(bins.counts.front().first - bins.width / 2);
  axis.include(bins.counts.back().first + bins.width / 2);
  std::string arrows;
  for (const double limit : limits_near(plot, axis)) {
    arrows += fmt::format(
        "set arrow from first {0:.10g}, graph 0 to first {0:.10g}, graph 1 nohead front "
        "linecolor rgb '{1}' linewidth 1.6\n",
        limit, limit_red);
  }
  Extent shown = axis;
  for (const double limit : limits_near(plot, axis)) shown.include(limit);
  std::string data;
  int highest = 0;
  for (const auto& [middle, count] : bins.counts) {
    if (count > 0) data += fmt::format("{:.10g} {}\n", middle, count);
    highest = std::max(highest, count);
  }
  const std::string script =
      plot_canvas(300) +
      fmt::format("set xlabel {}\nset ylabel 'how many'\n", gnuplot_text(plot.x_label)) +
      plot_range("x", shown.padded(0.04)) + fmt::format("set yrange [0:{}]\n", highest * 1.1) +
      (highest <= 10 ? "set ytics 1\n" : "") + arrows +
      fmt::format("set boxwidth {:.10g}\n$d << END\n{}END\n", bins.width, data) +
      fmt::format(
          "plot $d using 1:2 with boxes fillstyle solid border rgb '#333333' linecolor rgb "
          "'{}' linewidth 0.6 notitle\n",
          bar_blue);
  return made_fit(
      run_gnuplot(script),
      {name, plot.title,
       fmt::format("{} values from {} to {}; limits {}.", values.size(), plain_number(extent.from),
                   plain_number(extent.to), limits_text(plot.at_least, plot.at_most))});
}

}  // namespace tools::typetest
