// Intrinsic error: all phases loaded alike, reference conditions, over current and power factor, in
// both directions.
#include <fmt/format.h>

#include "tools/typetest/points/loads.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

constexpr Factor factors[] = {Factor::one, Factor::inductive_05, Factor::capacitive_08,
                              Factor::inductive_025, Factor::capacitive_05};

class Intrinsic final : public CaseTest {
 public:
  std::string id() const override { return "intrinsic"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    std::vector<Case> all;
    for (const Factor factor : factors) {
      for (const bool exports : {false, true}) {
        for (const Condition& condition : loads(subject, parameters, factor, exports)) {
          all.push_back(error_of(Quantity::balanced, condition));
        }
      }
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Intrinsic error";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.1";
    chapter.method =
        "All three phases carry the same current at the same angle, at Un, 50 Hz and 23 °C, as "
        "import and as export. Of the limits that the two standards set for a load, the stricter "
        "one is applied.";
    return chapter;
  }

  void draw(const Subject& subject, const Parameters& parameters, const Results& results,
            Chapter& chapter) const override {
    chapter.curves.push_back(overview(subject, parameters, results));
    for (const Factor factor : factors) {
      CurvePlot plot = axes(fmt::format("Intrinsic error, {}", angle_at(factor).text));
      for (const bool exports : {false, true}) {
        plot.curves.push_back(error_curve(results, exports ? "export" : "import", Kind::active,
                                          loads(subject, parameters, factor, exports)));
      }
      plot.limits = limit_bands(subject, parameters, Kind::active, Quantity::balanced, factor);
      chapter.curves.push_back(std::move(plot));
    }
  }

 private:
  /// The rated power factors in one picture, with the limits of PF 1.
  static CurvePlot overview(const Subject& subject, const Parameters& parameters,
                            const Results& results) {
    CurvePlot plot = axes("Intrinsic error, import, against the limits of PF 1");
    for (const Factor factor : {Factor::one, Factor::inductive_05, Factor::capacitive_08}) {
      plot.curves.push_back(error_curve(results, std::string(angle_at(factor).text), Kind::active,
                                        loads(subject, parameters, factor, false)));
    }
    plot.limits = limit_bands(subject, parameters, Kind::active, Quantity::balanced, Factor::one);
    return plot;
  }

  static CurvePlot axes(std::string title) {
    CurvePlot plot;
    plot.title = std::move(title);
    plot.x_label = "current [A]";
    plot.y_label = "error [%]";
    plot.logarithmic_x = true;
    return plot;
  }

  static std::vector<Condition> loads(const Subject& subject, const Parameters& parameters,
                                      Factor factor, bool exports) {
    std::vector<Condition> conditions;
    for (const double current_A :
         limited_currents_A(subject, parameters, Kind::active, Quantity::balanced, factor)) {
      const Condition condition = load(current_A, factor);
      conditions.push_back(exports ? exporting(condition) : condition);
    }
    return conditions;
  }
};

}  // namespace

std::unique_ptr<Test> intrinsic_test() { return std::make_unique<Intrinsic>(); }

}  // namespace tools::typetest
