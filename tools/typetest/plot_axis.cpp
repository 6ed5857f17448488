#include "tools/typetest/plot_axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/typetest/report_numbers.h"

namespace tools::typetest {
namespace {

constexpr std::size_t tics_max = 30;
/// Of the axis' length, between two labels.
constexpr double label_room = 0.055;

}  // namespace

void Extent::include(double value) {
  if (!std::isfinite(value)) return;
  from = any ? std::min(from, value) : value;
  to = any ? std::max(to, value) : value;
  any = true;
}

Extent Extent::padded(double share) const {
  double room = (to - from) * share;
  if (room <= 0) room = from == 0 ? 1 : std::abs(from) * 0.1;
  return {from - room, to + room, any};
}

Extent Extent::padded_logarithmic(double share) const {
  const double factor = to > from ? std::pow(to / from, share) : 2;
  return {from / factor, to * factor, any};
}

std::string tics_at(std::vector<double> values, const Extent& axis, bool logarithmic) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.empty() || values.size() > tics_max) return "";
  const auto place = [&](double value) {
    return logarithmic ? std::log(value / axis.from) / std::log(axis.to / axis.from)
                       : (value - axis.from) / (axis.to - axis.from);
  };
  std::string tics;
  const double last = place(values.back());
  double labelled = -1;
  for (const double value : values) {
    // The last one keeps its label: it is the maximum current, more often than not.
    const double here = place(value);
    const bool crowded = here - labelled < label_room || (here != last && last - here < label_room);
    if (!crowded) labelled = here;
    tics += fmt::format("{}'{}' {:.10g}", tics.empty() ? "" : ", ",
                        crowded ? std::string() : plain_number(value), value);
  }
  return fmt::format("set xtics ({})\n", tics);
}

}  // namespace tools::typetest
