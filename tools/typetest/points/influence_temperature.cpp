// Influence of the ambient temperature: the mean coefficient over spans of 20 K that cover the
// meter's whole range.
#include <fmt/format.h>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

constexpr double span_K = 20;
constexpr double lowest_C = -25;
constexpr int spans = 4;  // up to 55 °C

class Temperature final : public CaseTest {
 public:
  std::string id() const override { return "temperature"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    std::vector<Case> all;
    for (int n = 0; n < spans; ++n) {
      const double from_C = lowest_C + n * span_K;
      for (const Condition& at : influence_loads(subject.ratings)) {
        Condition cold = at;
        cold.temperature_C = from_C;
        Condition warm = at;
        warm.temperature_C = from_C + span_K;
        Case c = change(Quantity::temperature, warm, cold,
                        fmt::format("{:.4g} … {:.4g} °C, {}", from_C, from_C + span_K,
                                    angle_text(at, Kind::active)));
        c.per = span_K;
        if (!limits_for(subject, parameters, c).empty()) all.push_back(c);
      }
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Influence of the temperature";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.2";
    chapter.method =
        "The meter is measured in a chamber from -25 °C to 55 °C. Between points 20 K apart the "
        "change of error is divided by those 20 K.";
    return chapter;
  }

  void draw(const Subject& subject, const Parameters&, const Results& results,
            Chapter& chapter) const override {
    CurvePlot plot =
        influence_plot(subject, results, influence_loads(subject.ratings),
                       &Condition::temperature_C, {-25, -10, -5, 5, 15, 23, 30, 35, 40, 55}, 1);
    plot.title = "Error over temperature";
    plot.x_label = "ambient temperature [°C]";
    chapter.curves.push_back(std::move(plot));
  }
};

}  // namespace

std::unique_ptr<Test> temperature_test() { return std::make_unique<Temperature>(); }

}  // namespace tools::typetest
