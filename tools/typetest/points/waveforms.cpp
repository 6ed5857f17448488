// Waveforms that are no sine: a fifth harmonic, half-waves, phase-fired and burst-fired loads.
#include <cmath>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

Condition shaped(double current_A, Recipe recipe) {
  Condition condition = load(current_A);
  condition.recipe = recipe;
  return condition;
}

class Waveforms final : public CaseTest {
 public:
  std::string id() const override { return "waveforms"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    const Ratings& r = subject.ratings;
    std::vector<Case> all;
    all.push_back(change(Quantity::fifth_harmonic, shaped(0.5 * r.Imax, Recipe::fifth_harmonic),
                         load(0.5 * r.Imax), "5th harmonic"));
    // A current transformer on the line passes no d.c. to its meter: IEC 62053-22 has no such test.
    if (!subject.ct()) {
      // Half of a sine of Imax has an r.m.s. value of Imax/√2.
      const Condition sine = load(r.Imax / std::sqrt(2.));
      all.push_back(change(Quantity::half_wave, shaped(r.Imax, Recipe::half_wave_positive), sine,
                           "positive half-waves"));
      all.push_back(change(Quantity::half_wave, shaped(r.Imax, Recipe::half_wave_negative), sine,
                           "negative half-waves"));
    }
    const double fired_A = 0.5 * r.Iref;
    Condition phase_fired = shaped(fired_A, Recipe::phase_fired);
    phase_fired.rms_after_gating = parameters.rms_after_gating;
    all.push_back(change(Quantity::phase_fired, phase_fired, load(fired_A), "phase-fired"));
    Condition burst_fired = shaped(fired_A, Recipe::burst_fired);
    burst_fired.rms_after_gating = parameters.rms_after_gating;
    all.push_back(change(Quantity::burst_fired, burst_fired, load(fired_A), "burst-fired"));
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters& parameters) const override {
    Chapter chapter;
    chapter.title = "Harmonics and switched loads";
    chapter.clause = "EN 50470-3 §8, IEC 62053-21 and -22 §8.2";
    chapter.method =
        "10 % of fifth harmonic in the voltage and 40 % in the current at half of Imax; half-waves "
        "of both polarities at Imax/√2 where the meter is connected directly; a current that "
        "begins at 90°, and one of two cycles on and two off, at half of Iref. ";
    chapter.method += parameters.rms_after_gating
                          ? "Half of Iref is what flows of the switched loads. "
                          : "Half of Iref is what the switched loads would draw unswitched. ";
    chapter.method += "The error is compared with that of a sine.";
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> waveforms_test() { return std::make_unique<Waveforms>(); }

}  // namespace tools::typetest
