#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tools/typetest/gnuplot.h"
#include "tools/typetest/plot_axis.h"
#include "tools/typetest/plot_drawing.h"
#include "tools/typetest/plot_script.h"
#include "tools/typetest/plots.h"

namespace tools::typetest {
namespace {

/// Curves differ in three ways, so that a grey print and every eye can tell them apart: colours by
/// their lightness too, dashes, markers.
struct Pen {
  const char* colour;
  const char* dashes;
  int marker;
};
constexpr std::array<Pen, 8> pens{{{"#1a1a1a", "solid", 7},
                                   {"#1f6fb4", "'-'", 5},
                                   {"#2f8f5b", "'.'", 9},
                                   {"#b8860b", "'-.'", 13},
                                   {"#6a4c93", "'_'", 6},
                                   {"#3a9ebd", "'-..'", 4},
                                   {"#7a7a7a", "'--.'", 8},
                                   {"#8c5a3c", "'_.'", 12}}};
constexpr std::array<const char*, 4> limit_dashes{"solid", "'--'", "'.'", "'-.'"};

bool drawable(double x, double y, bool logarithmic) {
  return std::isfinite(x) && std::isfinite(y) && (!logarithmic || x > 0);
}

/// Both lines of one label's limits; bands that touch are joined by a step.
std::string limit_lines(const std::vector<LimitBand>& limits, const std::string& label,
                        bool logarithmic) {
  std::string lines;
  for (double LimitBand::*side : {&LimitBand::at_most, &LimitBand::at_least}) {
    double end = NAN;
    for (const LimitBand& limit : limits) {
      if (limit.label != label || !std::isfinite(limit.to)) continue;
      if (!drawable(limit.from, limit.*side, logarithmic)) continue;
      if (limit.from != end) lines += "\n";
      lines += fmt::format("{:.10g} {:.10g}\n{:.10g} {:.10g}\n", limit.from, limit.*side, limit.to,
                           limit.*side);
      end = limit.to;
    }
    lines += "\n";
  }
  return lines;
}

std::vector<std::string> limit_labels(const std::vector<LimitBand>& limits) {
  std::vector<std::string> labels;
  for (const LimitBand& limit : limits) {
    if (std::find(labels.begin(), labels.end(), limit.label) == labels.end()) {
      labels.push_back(limit.label);
    }
  }
  return labels;
}

/// Data blocks and the lines of the plot command that draw them.
struct Drawn {
  std::string data;
  std::string plot;

  void add(const std::string& block, const std::string& how) {
    const auto number = std::count(plot.begin(), plot.end(), '\n');
    data += fmt::format("$d{} << END\n{}END\n", number, block);
    plot += fmt::format("{}$d{} using 1:2 {}", number == 0 ? "plot " : ", ", number, how) + " \\\n";
  }
};

std::string keyed(const std::string& label) {
  return label.empty() ? "notitle" : "title " + gnuplot_text(label);
}

/// How many columns and rows the key has below the drawing: gnuplot gives every entry the room of
/// the widest, and must be told how much to leave for all.
struct KeyShape {
  int columns;
  int rows;
};

KeyShape key_shape(const std::vector<std::string>& labels) {
  constexpr std::size_t line = 620;   // px
  constexpr std::size_t sample = 60;  // px, with the gap behind the label
  constexpr std::size_t letter = 7;   // px
  std::size_t widest = 0;
  for (const std::string& label : labels) {
    widest = std::max(widest, letters_of(label));
  }
  const std::size_t columns = std::clamp<std::size_t>(line / (sample + letter * widest), 1, 3);
  return {static_cast<int>(columns), static_cast<int>((labels.size() + columns - 1) / columns)};
}

struct CurveExtents {
  Extent x;
  Extent y;
  std::vector<double> measured_at;
};

CurveExtents extents_of(const CurvePlot& plot) {
  CurveExtents out;
  for (const Curve& curve : plot.curves) {
    for (const auto& [x, y] : curve.points) {
      if (!drawable(x, y, plot.logarithmic_x)) continue;
      out.x.include(x);
      out.y.include(y);
      out.measured_at.push_back(x);
    }
  }
  for (const LimitBand& limit : plot.limits) {
    for (const double x : {limit.from, limit.to}) {
      if (drawable(x, 0, plot.logarithmic_x)) out.x.include(x);
    }
    out.y.include(limit.at_least);
    out.y.include(limit.at_most);
  }
  return out;
}

}  // namespace

std::string plot_svg(const CurvePlot& plot, const std::string& name) {
  const CurveExtents extents = extents_of(plot);
  if (extents.measured_at.empty()) return "";
  const Extent x = plot.logarithmic_x ? extents.x.padded_logarithmic(0.03) : extents.x.padded(0.03);
  Drawn drawn;
  std::vector<std::string> entries;
  for (const std::string& label : limit_labels(plot.limits)) {
    drawn.add(limit_lines(plot.limits, label, plot.logarithmic_x),
              fmt::format("with lines linecolor rgb '{}' linewidth 1.6 dashtype {} {}", limit_red,
                          limit_dashes[entries.size() % limit_dashes.size()], keyed(label)));
    entries.push_back(label);
  }
  for (std::size_t i = 0; i < plot.curves.size(); ++i) {
    const Curve& curve = plot.curves[i];
    const Pen& pen = pens[i % pens.size()];
    std::string points;
    for (const auto& [px, py] : curve.points) {
      if (drawable(px, py, plot.logarithmic_x)) points += fmt::format("{:.10g} {:.10g}\n", px, py);
    }
    if (points.empty()) continue;
    drawn.add(points, fmt::format("with linespoints linecolor rgb '{}' linewidth 1.3 dashtype {} "
                                  "pointtype {} pointsize 0.65 {}",
                                  pen.colour, pen.dashes, pen.marker, keyed(curve.label)));
    entries.push_back(curve.label);
  }
  std::string description;
  for (const Curve& curve : plot.curves) {
    description += fmt::format("{}{}", description.empty() ? "Curves: " : "; ", curve.label);
  }
  const KeyShape key = key_shape(entries);
  const std::string script =
      plot_canvas(320 + 18 * key.rows) +
      fmt::format(
          "set key below horizontal left Left reverse maxcols {} samplen 3.2 spacing 1.1 "
          "width 1\nset bmargin {}\n",
          key.columns, 4 + key.rows) +
      "set xtics offset 0,0.3\n"
      "set xzeroaxis linetype 1 linecolor rgb '#888888' linewidth 0.8\n" +
      fmt::format("set xlabel {} offset 0,0.6\nset ylabel {}\n", gnuplot_text(plot.x_label),
                  gnuplot_text(plot.y_label)) +
      (plot.logarithmic_x ? "set logscale x\n" : "") + plot_range("x", x) +
      plot_range("y", extents.y.padded(0.08)) +
      tics_at(extents.measured_at, x, plot.logarithmic_x) + drawn.data + drawn.plot + "\n";
  return made_fit(
      run_gnuplot(script),
      {name, plot.title, fmt::format("{} over {}. {}.", plot.y_label, plot.x_label, description)});
}

}  // namespace tools::typetest
