// What the chapters of procedures share: numbers that a procedure brought home, and findings that
// hold them against a limit. A number that is not there is a finding that fails.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/typetest/campaign.h"
#include "tools/typetest/test.h"

namespace tools::typetest {

/// What one task returned: an object of numbers, of which null says that it could not be measured.
class Measured {
 public:
  Measured(const Results& results, const std::string& task);

  std::optional<double> number(const std::string& name) const;
  /// A list of pairs; empty if there is none.
  std::vector<std::pair<double, double>> curve(const std::string& name) const;
  /// Why there is nothing; empty if there is.
  const std::string& fault() const { return fault_; }

 private:
  nlohmann::json json_;
  std::string fault_;
};

struct Limit {
  std::optional<double> at_least;
  std::optional<double> at_most;
  std::string source;
  Certainty certainty = Certainty::standard;
};
Limit at_most(double most, std::string source, Certainty certainty = Certainty::standard);
Limit at_least(double least, std::string source, Certainty certainty = Certainty::standard);
/// ±most.
Limit within(double most, std::string source, Certainty certainty = Certainty::standard);

/// What was looked at, in the words of a Finding.
struct Looked {
  std::string id;
  std::string condition;
  std::string quantity;
  std::string unit;
};

/// Holds what was seen against the limit.
Finding judged(const Looked& looked, std::optional<double> seen, const Limit& limit,
               std::string remark = {});
/// The same of a number of a task's; the task's fault, or that the number is missing, becomes the
/// remark.
Finding judged(const Looked& looked, const Measured& measured, const std::string& name,
               const Limit& limit, std::string remark = {});

/// How the error at Iref, PF 1, changed by what was done to the meter: the numbers
/// "before_percent" and "after_percent" of a task. `when` follows the load in the condition.
Finding change_of_error(const std::string& task, const Ratings& ratings, const Measured& measured,
                        const std::string& when, const Limit& limit);

/// "L1", "L2", "L3".
std::string phase_name(int phase);

}  // namespace tools::typetest
