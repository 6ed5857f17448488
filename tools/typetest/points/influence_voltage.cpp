// Influence of the voltage: within ±10 %, in the extended range, below it, and as far as the manual
// goes.
#include <fmt/format.h>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

class Voltage final : public CaseTest {
 public:
  std::string id() const override { return "voltage"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    std::vector<Case> all;
    for (const double voltage : {0.9, 1.1}) {
      append(all, at(subject, parameters, Quantity::voltage, voltage));
    }
    for (const double voltage : {0.8, 1.15}) {
      append(all, at(subject, parameters, Quantity::voltage_extended, voltage));
    }
    for (const double voltage : {0.7, 0.5}) {
      Case c = error_of(Quantity::voltage_low, load(subject.ratings.Iref));
      c.condition.voltage = voltage;
      all.push_back(c);
    }
    for (const double voltage : {0.8, 1.2}) {
      for (const Factor factor : {Factor::one, Factor::inductive_05, Factor::capacitive_08}) {
        Case c = error_of(Quantity::manual, load(subject.ratings.Iref, factor));
        c.condition.voltage = voltage;
        all.push_back(c);
      }
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Influence of the voltage";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.2";
    chapter.method =
        "All three voltages are raised or lowered together, and the error is compared with that "
        "of the same current at Un. From 0.8 to 0.9 and from 1.1 to 1.15 Un three times as much is "
        "allowed; below 0.8 Un a meter may register less, but not more than 10 % too much. At the "
        "manual's ±20 % the error keeps within its own table.";
    return chapter;
  }

  void draw(const Subject& subject, const Parameters&, const Results& results,
            Chapter& chapter) const override {
    CurvePlot plot =
        influence_plot(subject, results, influence_loads(subject.ratings), &Condition::voltage,
                       {0.5, 0.7, 0.8, 0.9, 1, 1.1, 1.15, 1.2}, subject.ratings.Un);
    plot.title = "Error over voltage";
    plot.x_label = "voltage [V]";
    chapter.curves.push_back(std::move(plot));
  }

 private:
  static std::vector<Case> at(const Subject& subject, const Parameters& parameters,
                              Quantity quantity, double voltage) {
    std::vector<Case> all;
    for (const Condition& reference : influence_loads(subject.ratings)) {
      Condition condition = reference;
      condition.voltage = voltage;
      const Case c =
          change(quantity, condition, reference,
                 fmt::format("{:.4g} Un, {}", voltage, angle_text(reference, Kind::active)));
      if (!limits_for(subject, parameters, c).empty()) all.push_back(c);
    }
    return all;
  }
};

}  // namespace

std::unique_ptr<Test> voltage_test() { return std::make_unique<Voltage>(); }

}  // namespace tools::typetest
