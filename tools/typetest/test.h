// A test of the type approval: what it wants measured, and how it judges what was. All of them
// stand in catalogue(); the campaign plans them all, measures everything in one pool, and lets each
// write its chapter of the report.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tools/typetest/campaign.h"
#include "tools/typetest/point.h"
#include "tools/typetest/subject.h"
#include "tools/typetest/task_pool.h"

namespace tools::typetest {

/// Numbers of the standards that could not be checked against their text, or that they leave open.
struct Parameters {
  /// Whether "0.5 Ib" of phase-fired and burst-fired loads is what flows after gating.
  bool rms_after_gating = true;
  /// Constant of the no-load test's duration of EN 50470-3, in min·W … (240·10³).
  double no_load_constant = 240e3;
  /// Other values for limits whose certainty is Certainty::uncertain, in percent, by the name of
  /// the quantity: "conducted". Where they stand, they replace the uncertain ones of that quantity.
  std::map<std::string, double> uncertain_percent;
};

struct Plan {
  std::vector<Point> points;
  std::vector<Task> procedures;

  /// Adds a point. One of its id that stands already is kept: of the two limits the tighter holds.
  void add(const Point& point);
};

/// What was measured, by id.
class Results {
 public:
  std::map<std::string, PointResult> points;
  std::map<std::string, nlohmann::json> procedures;
  std::map<std::string, std::string> faults;  ///< of procedures without a result

  /// The point's result, or null if it has none or a fault.
  const PointResult* point(const std::string& id) const;
};

class Test {
 public:
  Test() = default;
  Test(const Test&) = delete;
  Test& operator=(const Test&) = delete;
  virtual ~Test() = default;

  virtual std::string id() const = 0;
  virtual void plan(const Subject& subject, const Parameters& parameters, Plan& plan) const = 0;
  /// A missing result is a finding that fails, with the fault as its remark.
  virtual Chapter judge(const Subject& subject, const Parameters& parameters,
                        const Results& results) const = 0;
};

/// Every test, in the order of the report.
const std::vector<std::unique_ptr<Test>>& catalogue();

}  // namespace tools::typetest
