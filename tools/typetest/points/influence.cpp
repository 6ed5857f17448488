#include "tools/typetest/points/influence.h"

#include <fmt/format.h>

#include "tools/typetest/points/point_id.h"

namespace tools::typetest {

Case change(Quantity quantity, const Condition& condition, const Condition& reference,
            std::string group, Kind kind) {
  Case c = error_of(quantity, condition, kind);
  c.reference = reference;
  c.group = std::move(group);
  return c;
}

std::string angle_text(const Condition& condition, Kind kind) {
  const Angle* angle = angle_of(kind, condition.lag_deg);
  return angle == nullptr ? "" : std::string(angle->text);
}

CurvePlot influence_plot(const Subject& subject, const Results& results,
                         const std::vector<Condition>& loads, double Condition::*quantity,
                         const std::vector<double>& values, double unit) {
  CurvePlot plot;
  plot.y_label = "error [%]";
  for (const Condition& at : loads) {
    Curve curve;
    curve.label = current_name(subject.ratings, at.current_A) + ", " + angle_text(at, Kind::active);
    for (const double value : values) {
      Condition condition = at;
      condition.*quantity = value;
      const PointResult* point = results.point(point_id(condition, Kind::active));
      if (point != nullptr) curve.points.emplace_back(value * unit, point->error_percent);
    }
    // A load may have been measured at the reference alone.
    if (curve.points.size() > 1) plot.curves.push_back(std::move(curve));
  }
  return plot;
}

}  // namespace tools::typetest
