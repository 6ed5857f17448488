// One phase loaded after the other while all voltages are there, and how far that is from the
// balanced load.
#include <fmt/format.h>

#include <algorithm>

#include "tools/typetest/points/loads.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

constexpr Factor factors[] = {Factor::one, Factor::inductive_05};

class SinglePhase final : public CaseTest {
 public:
  std::string id() const override { return "single_phase"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    std::vector<Case> all;
    for (const Factor factor : factors) {
      for (int phase = 0; phase < phase_count; ++phase) {
        for (const bool exports : {false, true}) {
          for (const Condition& condition : loads(subject, parameters, factor, phase, exports)) {
            all.push_back(error_of(Quantity::single_phase, condition));
          }
        }
      }
    }
    for (const bool exports : {false, true}) {
      const Condition balanced = directed(load(subject.ratings.Iref), exports);
      for (int phase = 0; phase < phase_count; ++phase) {
        Case c = error_of(Quantity::difference, on_phase(balanced, phase));
        c.reference = balanced;
        c.group = fmt::format("L{} less balanced", phase + 1);
        all.push_back(c);
      }
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Single-phase loads";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.1";
    chapter.method =
        "One phase at a time carries the current, the voltages of all three stay on. At Iref and "
        "PF 1 the error of each phase may also differ no more than so much from that of the "
        "balanced load.";
    return chapter;
  }

  void draw(const Subject& subject, const Parameters& parameters, const Results& results,
            Chapter& chapter) const override {
    for (const Factor factor : factors) {
      CurvePlot plot;
      plot.title = fmt::format("Single-phase loads, {}", angle_at(factor).text);
      plot.x_label = "current [A]";
      plot.y_label = "error [%]";
      plot.logarithmic_x = true;
      for (int phase = 0; phase < phase_count; ++phase) {
        for (const bool exports : {false, true}) {
          plot.curves.push_back(
              error_curve(results, fmt::format("L{} {}", phase + 1, exports ? "export" : "import"),
                          Kind::active, loads(subject, parameters, factor, phase, exports)));
        }
      }
      plot.limits = limit_bands(subject, parameters, Kind::active, Quantity::single_phase, factor);
      chapter.curves.push_back(std::move(plot));
    }
  }

 private:
  static Condition directed(const Condition& condition, bool exports) {
    return exports ? exporting(condition) : condition;
  }

  static std::vector<Condition> loads(const Subject& subject, const Parameters& parameters,
                                      Factor factor, int phase, bool exports) {
    std::vector<Condition> conditions;
    for (const double current_A : few_currents_A(subject.ratings)) {
      if (limits_for(subject, parameters, Kind::active, Quantity::single_phase, factor, current_A)
              .empty()) {
        continue;
      }
      conditions.push_back(directed(on_phase(load(current_A, factor), phase), exports));
    }
    return conditions;
  }
};

}  // namespace

std::unique_ptr<Test> single_phase_test() { return std::make_unique<SinglePhase>(); }

}  // namespace tools::typetest
