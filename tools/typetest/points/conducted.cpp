// Conducted disturbance of 2 … 150 kHz beside the current, as inverters cause it. The levels are
// those that the report's public summary names.
#include <fmt/format.h>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

/// Up to here the level is twice that above.
constexpr double edge_Hz = 30e3;
/// Of a meter connected directly.
constexpr double direct_low_A = 2;
constexpr double direct_high_A = 1;
/// Of one with transformers, of Imax.
constexpr double transformer_low = 0.02;
constexpr double transformer_high = 0.01;

/// Both ends, the edge from both sides, some between; and 4 096 samples a second plus and minus
/// 50 Hz, which a poor filter would fold onto the mains [twin].
constexpr double tones_Hz[] = {2e3,  4.046e3, 4.146e3, 5e3,  10e3,  20e3,
                               30e3, 30.1e3,  50e3,    75e3, 100e3, 150e3};

double level_A(const Subject& subject, double tone_Hz) {
  const bool low = tone_Hz <= edge_Hz;
  if (subject.ct()) return (low ? transformer_low : transformer_high) * subject.ratings.Imax;
  return low ? direct_low_A : direct_high_A;
}

class Conducted final : public CaseTest {
 public:
  std::string id() const override { return "conducted"; }

  std::vector<Case> cases(const Subject& subject, const Parameters&) const override {
    const Condition quiet = load(subject.ratings.Iref);
    std::vector<Case> all;
    for (const double tone_Hz : tones_Hz) {
      Condition condition = quiet;
      condition.recipe = Recipe::conducted;
      condition.conducted_Hz = tone_Hz;
      condition.conducted_A = level_A(subject, tone_Hz);
      all.push_back(
          change(Quantity::conducted, condition, quiet, fmt::format("{:.5g} kHz", tone_Hz / 1000)));
    }
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Conducted disturbance, 2 kHz to 150 kHz";
    chapter.clause = "CLC/TR 50579";
    chapter.method =
        "At Iref and PF 1 a tone flows beside the current in every phase: 2 A up to 30 kHz and 1 A "
        "above, or 2 % and 1 % of Imax where transformers stand before the meter. The error is "
        "compared with that of the current alone. The limits of the report could not be checked.";
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> conducted_test() { return std::make_unique<Conducted>(); }

}  // namespace tools::typetest
