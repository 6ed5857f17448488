// Campaigns without a meter: what a plan asks for gets errors that a test invents.
#pragma once

#include <functional>
#include <string>

#include "tools/typetest/point_tests.h"
#include "tools/typetest/points/case_test.h"
#include "tools/typetest/points/mpe.h"
#include "tools/typetest/points/point_id.h"
#include "tools/typetest/points/points.h"

namespace tests {

using namespace tools::typetest;

/// A meter of its own class: direct B, through transformers C.
inline Subject subject_of(bool ct) {
  Subject subject;
  subject.meter.page.variant =
      ct ? metrology::hal::MeterVariant::mod_ct : metrology::hal::MeterVariant::mod;
  subject.accuracy_class = ct ? AccuracyClass::c : AccuracyClass::b;
  subject.ratings = ratings_of(ct);
  return subject;
}

/// Every point that a test plans, with the error that `error_percent` gives it.
inline Results invented(const Test& test, const Subject& subject,
                        const std::function<double(const Point&)>& error_percent,
                        const Parameters& parameters = {}) {
  Plan plan;
  test.plan(subject, parameters, plan);
  Results results;
  for (const Point& point : plan.points) {
    PointResult result;
    result.id = point.id;
    result.error_percent = error_percent(point);
    results.points[point.id] = result;
  }
  return results;
}

}  // namespace tests
