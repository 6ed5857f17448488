// What the tests made of points have in common: a list of cases, each a condition whose error, or
// its change against another condition, is held against the tables of limits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/typetest/points/limits.h"
#include "tools/typetest/test.h"

namespace tools::typetest {

struct Case {
  Quantity quantity = Quantity::balanced;
  Condition condition;
  Kind kind = Kind::active;
  /// The condition without the influence; none: the error itself is judged.
  std::optional<Condition> reference;
  /// The change of error is divided by so much: kelvins, of a temperature coefficient.
  double per = 1;
  /// Cases of one group share a bar of the chapter's plot: the worst is shown. Empty: no bar.
  std::string group;
  /// The current that the tables of limits are looked up with, where it is not `condition`'s.
  double limit_current_A = 0;
};

/// The error of a condition itself.
Case error_of(Quantity quantity, const Condition& condition, Kind kind = Kind::active);

/// The limits of a case, by its load.
std::vector<PercentLimit> limits_for(const Subject& subject, const Parameters& parameters,
                                     const Case& c);

/// A load, in all phases, at reference conditions.
Condition load(double current_A, Factor factor = Factor::one);
Condition load(double current_A, const Angle& angle);
/// The same of one phase.
Condition on_phase(Condition condition, int phase);
Condition exporting(Condition condition);

/// Appends.
void append(std::vector<Case>& cases, const std::vector<Case>& more);

class CaseTest : public Test {
 public:
  /// Everything that is measured and judged, in the order of the chapter.
  virtual std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const = 0;

  void plan(const Subject& subject, const Parameters& parameters, Plan& plan) const final;
  Chapter judge(const Subject& subject, const Parameters& parameters,
                const Results& results) const final;

 protected:
  /// Title, clause and method.
  virtual Chapter opening(const Subject& subject, const Parameters& parameters) const = 0;
  /// Adds plots to a chapter whose findings stand; else it has bars for the groups of its cases.
  virtual void draw(const Subject& subject, const Parameters& parameters, const Results& results,
                    Chapter& chapter) const;
};

/// Why a point has no error.
std::string fault_of(const Results& results, const std::string& id);
/// Holds a number, which may be missing, against a limit.
void hold(Finding& finding, std::optional<double> seen, const PercentLimit& limit);

/// The errors of conditions that were measured, over their currents.
Curve error_curve(const Results& results, const std::string& label, Kind kind,
                  const std::vector<Condition>& conditions);

}  // namespace tools::typetest
