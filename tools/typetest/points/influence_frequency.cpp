// Influence of the frequency: within ±2 %, and over the range that the manual names.
#include <fmt/format.h>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

class Frequency final : public CaseTest {
 public:
  std::string id() const override { return "frequency"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    std::vector<Case> all;
    for (const double frequency_Hz : {49., 51.}) {
      for (const Condition& reference : influence_loads(subject.ratings)) {
        Condition condition = reference;
        condition.frequency_Hz = frequency_Hz;
        const Case c =
            change(Quantity::frequency, condition, reference,
                   fmt::format("{:.4g} Hz, {}", frequency_Hz, angle_text(reference, Kind::active)));
        if (!limits_for(subject, parameters, c).empty()) all.push_back(c);
      }
    }
    for (const double frequency_Hz : {45., 60.}) {
      for (const Factor factor : {Factor::one, Factor::inductive_05, Factor::capacitive_08}) {
        Case c = error_of(Quantity::manual, load(subject.ratings.Iref, factor));
        c.condition.frequency_Hz = frequency_Hz;
        all.push_back(c);
      }
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Influence of the frequency";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.2";
    chapter.method =
        "The mains run 2 % slow and 2 % fast, and the error is compared with that of the same load "
        "at 50 Hz. At 45 Hz and 60 Hz, the ends of the manual's range, the error keeps within the "
        "manual's table.";
    return chapter;
  }

  void draw(const Subject& subject, const Parameters&, const Results& results,
            Chapter& chapter) const override {
    CurvePlot plot = influence_plot(subject, results, influence_loads(subject.ratings),
                                    &Condition::frequency_Hz, {45, 49, 50, 51, 60}, 1);
    plot.title = "Error over frequency";
    plot.x_label = "frequency [Hz]";
    chapter.curves.push_back(std::move(plot));
  }
};

}  // namespace

std::unique_ptr<Test> frequency_test() { return std::make_unique<Frequency>(); }

}  // namespace tools::typetest
