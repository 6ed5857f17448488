// Reactive energy, class 2: error over current and sin φ, one phase alone, all four quadrants, and
// the influence of voltage, frequency, temperature and direct current.
#include <fmt/format.h>

#include <cmath>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

constexpr Kind kind = Kind::reactive;

/// The loads of a curve.
std::vector<Condition> loads(const Subject& subject, const Parameters& parameters,
                             const Angle& angle) {
  std::vector<Condition> conditions;
  for (const double current_A :
       limited_currents_A(subject, parameters, kind, Quantity::balanced, angle.factor)) {
    conditions.push_back(load(current_A, angle));
  }
  return conditions;
}

std::vector<Case> balanced(const Subject& subject, const Parameters& parameters) {
  std::vector<Case> all;
  for (const Angle& angle : angles) {
    if (angle.kind != kind) continue;
    for (const Condition& condition : loads(subject, parameters, angle)) {
      all.push_back(error_of(Quantity::balanced, condition, kind));
    }
    // With the active energy turned round these are the other two quadrants.
    all.push_back(error_of(Quantity::balanced, exporting(load(subject.ratings.Iref, angle)), kind));
  }
  return all;
}

std::vector<Case> single_phase(const Subject& subject, const Parameters& parameters) {
  std::vector<Case> all;
  const Condition reference = load(subject.ratings.Iref, Factor::sine_1);
  for (int phase = 0; phase < phase_count; ++phase) {
    for (const Factor factor : {Factor::sine_1, Factor::sine_05}) {
      for (const double current_A : few_currents_A(subject.ratings)) {
        const Case c =
            error_of(Quantity::single_phase, on_phase(load(current_A, factor), phase), kind);
        if (!limits_for(subject, parameters, c).empty()) all.push_back(c);
      }
    }
  }
  for (int phase = 0; phase < phase_count; ++phase) {
    all.push_back(change(Quantity::difference, on_phase(reference, phase), reference,
                         fmt::format("L{} less balanced", phase + 1), kind));
  }
  return all;
}

std::vector<Case> influences(const Subject& subject) {
  std::vector<Case> all;
  for (const Factor factor : {Factor::sine_1, Factor::sine_05}) {
    const Condition reference = load(subject.ratings.Iref, factor);
    const std::string at = ", " + std::string(angle_at(factor).text);
    for (const double voltage : {0.9, 1.1}) {
      Condition condition = reference;
      condition.voltage = voltage;
      all.push_back(change(Quantity::voltage, condition, reference,
                           fmt::format("{:.4g} Un", voltage) + at, kind));
    }
    for (const double frequency_Hz : {49., 51.}) {
      Condition condition = reference;
      condition.frequency_Hz = frequency_Hz;
      all.push_back(change(Quantity::frequency, condition, reference,
                           fmt::format("{:.4g} Hz", frequency_Hz) + at, kind));
    }
    for (const double from_C : {-25., -5., 15., 35.}) {
      Condition cold = reference;
      cold.temperature_C = from_C;
      Condition warm = reference;
      warm.temperature_C = from_C + 20;
      Case c = change(Quantity::temperature, warm, cold,
                      fmt::format("{:.4g} … {:.4g} °C", from_C, from_C + 20) + at, kind);
      c.per = 20;
      all.push_back(c);
    }
  }
  return all;
}

/// Half-waves carry half the reactive energy of the whole ones.
std::vector<Case> direct_current(const Subject& subject) {
  if (subject.ct()) return {};
  std::vector<Case> all;
  const Condition sine = load(subject.ratings.Imax / std::sqrt(2.), Factor::sine_1);
  for (const Recipe recipe : {Recipe::half_wave_positive, Recipe::half_wave_negative}) {
    Condition condition = load(subject.ratings.Imax, Factor::sine_1);
    condition.recipe = recipe;
    all.push_back(change(Quantity::half_wave, condition, sine, "half-waves", kind));
  }
  return all;
}

class Reactive final : public CaseTest {
 public:
  std::string id() const override { return "reactive"; }

  std::vector<Case> cases(const Subject& subject, const Parameters& parameters) const override {
    std::vector<Case> all = balanced(subject, parameters);
    append(all, single_phase(subject, parameters));
    append(all, influences(subject));
    append(all, direct_current(subject));
    return all;
  }

 protected:
  Chapter opening(const Subject&, const Parameters&) const override {
    Chapter chapter;
    chapter.title = "Reactive energy";
    chapter.clause = "IEC 62053-23 §8";
    chapter.method =
        "The reactive LED is timed against the reactive energy of the fundamental, with the "
        "current "
        "behind and ahead of the voltage, and at Iref in all four quadrants. Then one phase alone, "
        "and at Iref the influence of voltage, frequency and temperature.";
    return chapter;
  }

  void draw(const Subject& subject, const Parameters& parameters, const Results& results,
            Chapter& chapter) const override {
    for (const Factor factor : {Factor::sine_1, Factor::sine_05, Factor::sine_025}) {
      CurvePlot plot;
      plot.title = "Reactive energy, " + std::string(angle_at(factor).text) + " and cap";
      plot.x_label = "current [A]";
      plot.y_label = "error [%]";
      plot.logarithmic_x = true;
      for (const Angle& angle : angles) {
        if (angle.factor != factor) continue;
        plot.curves.push_back(error_curve(results, angle.lag_deg > 0 ? "inductive" : "capacitive",
                                          kind, loads(subject, parameters, angle)));
      }
      plot.limits = limit_bands(subject, parameters, kind, Quantity::balanced, factor);
      chapter.curves.push_back(std::move(plot));
    }
  }
};

}  // namespace

std::unique_ptr<Test> reactive_test() { return std::make_unique<Reactive>(); }

}  // namespace tools::typetest
