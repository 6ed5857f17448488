#include "tools/typetest/plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>

#include "tools/typetest/gnuplot.h"
#include "tools/typetest/plot_axis.h"
#include "tools/typetest/plot_drawing.h"
#include "tools/typetest/report_numbers.h"

namespace tools::typetest {
namespace {

constexpr int width = 720;
constexpr const char* limit_red = "#a03c38";
constexpr const char* bar_blue = "#5b7c99";

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

std::string canvas(int height) {
  return fmt::format(
      "set terminal svg size {},{} noenhanced font 'sans-serif,12' rounded\n"
      "set encoding utf8\n"
      "set minussign\n"
      "set border 3 linecolor rgb '#444444'\n"
      "set tics nomirror out scale 0.6\n"
      "set format '%h'\n"
      "set grid linecolor rgb '#dcdcdc' linewidth 0.7 dashtype solid\n"
      "set key off\n",
      width, height);
}

std::string range(const char* axis, const Extent& extent) {
  return fmt::format("set {}range [{:.10g}:{:.10g}]\n", axis, extent.from, extent.to);
}

// ---- curves

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
      if (limit.label != label || !drawable(limit.from, limit.*side, logarithmic)) continue;
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

std::size_t letters_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80;  // the first of a character
  }));
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

// ---- bars

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

// ---- histograms

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
  Bins bins{length > 0 ? round_width(length / wanted) : 0, {}};
  if (length <= 0) bins.width = extent.from == 0 ? 0.1 : round_width(std::abs(extent.from) / 100);
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

/// The limits belong to the axis unless they are so far that nothing would be seen of the spread.
constexpr double limits_reach = 12;

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
      canvas(320 + 18 * key.rows) +
      fmt::format(
          "set key below horizontal left Left reverse maxcols {} samplen 3.2 spacing 1.1 "
          "width 1\nset bmargin {}\n",
          key.columns, 4 + key.rows) +
      "set xtics offset 0,0.3\n"
      "set xzeroaxis linetype 1 linecolor rgb '#888888' linewidth 0.8\n" +
      fmt::format("set xlabel {} offset 0,0.6\nset ylabel {}\n", gnuplot_text(plot.x_label),
                  gnuplot_text(plot.y_label)) +
      (plot.logarithmic_x ? "set logscale x\n" : "") + range("x", x) +
      range("y", extents.y.padded(0.08)) + tics_at(extents.measured_at, x, plot.logarithmic_x) +
      drawn.data + drawn.plot + "\n";
  return made_fit(
      run_gnuplot(script),
      {name, plot.title, fmt::format("{} over {}. {}.", plot.y_label, plot.x_label, description)});
}

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
      canvas(70 + 22 * static_cast<int>(plot.bars.size())) + "set border 1\nset rmargin 22\n" +
      fmt::format("set lmargin {}\n", std::min<std::size_t>(widest + 2, 50)) +
      fmt::format("set xlabel {}\n", gnuplot_text(plot.y_label + ", share of its limit")) +
      fmt::format("set xrange [{0:.6g}:{1:.6g}]\n", -reach, reach) +
      fmt::format("set yrange [{}:-0.6]\n", static_cast<double>(plot.bars.size()) - 0.4) +
      fmt::format("set xtics {}\n", reach > 130 ? 100 : 50) +
      "set format x '%h %%'\nset grid noytics\nset tics scale 0.4\n" + "unset ytics\n" + texts +
      arrows + data + draw + "\n";
  return made_fit(run_gnuplot(script), {name, plot.title, description + "."});
}

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
  const double spread = axis.to - axis.from;
  std::string limits;
  for (const std::optional<double>& limit : {plot.at_least, plot.at_most}) {
    if (!limit || !std::isfinite(*limit)) continue;
    if (std::max(*limit - axis.to, axis.from - *limit) > limits_reach * spread) continue;
    limits += fmt::format(
        "set arrow from first {0:.10g}, graph 0 to first {0:.10g}, graph 1 nohead front "
        "linecolor rgb '{1}' linewidth 1.6\n",
        *limit, limit_red);
  }
  Extent shown = axis;
  for (const std::optional<double>& limit : {plot.at_least, plot.at_most}) {
    if (!limit) continue;
    if (std::max(*limit - axis.to, axis.from - *limit) <= limits_reach * spread) {
      shown.include(*limit);
    }
  }
  std::string data;
  int highest = 0;
  for (const auto& [middle, count] : bins.counts) {
    if (count > 0) data += fmt::format("{:.10g} {}\n", middle, count);
    highest = std::max(highest, count);
  }
  const std::string script =
      canvas(300) +
      fmt::format("set xlabel {}\nset ylabel 'how many'\n", gnuplot_text(plot.x_label)) +
      range("x", shown.padded(0.04)) + fmt::format("set yrange [0:{}]\n", highest * 1.1) +
      (highest <= 10 ? "set ytics 1\n" : "") + limits +
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
