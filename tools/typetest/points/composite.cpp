// Composite error: what the intrinsic error and the influences of temperature, voltage and
// frequency come to together, load by load and band by band, against the maximum permissible
// errors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/typetest/points/influence.h"
#include "tools/typetest/points/mpe.h"
#include "tools/typetest/points/point_id.h"
#include "tools/typetest/points/points.h"

namespace tools::typetest {
namespace {

/// The rated operating conditions.
constexpr double voltages[] = {0.9, 1.1};
constexpr double frequencies_Hz[] = {49, 51};

/// So fine is every constituent measured, as a share of the smallest of the errors permitted.
constexpr double fine = 0.1;

bool one_phase(const Condition& condition) {
  return std::count(condition.loaded.begin(), condition.loaded.end(), true) == 1;
}

std::vector<Condition> composite_loads(const Ratings& r) {
  std::vector<Condition> loads = {load(r.Imin)};
  for (const Factor factor : {Factor::one, Factor::inductive_05, Factor::capacitive_08}) {
    for (const double current_A : {r.Itr, r.Iref, r.Imax}) loads.push_back(load(current_A, factor));
  }
  for (int phase = 0; phase < phase_count; ++phase) {
    for (const double current_A : {r.Itr, r.Iref, r.Imax}) {
      loads.push_back(on_phase(load(current_A), phase));
    }
  }
  return loads;
}

Condition at_temperature(Condition condition, double temperature_C) {
  condition.temperature_C = temperature_C;
  return condition;
}
Condition at_voltage(Condition condition, double voltage) {
  condition.voltage = voltage;
  return condition;
}
Condition at_frequency(Condition condition, double frequency_Hz) {
  condition.frequency_Hz = frequency_Hz;
  return condition;
}

std::string band_name(const TemperatureBand& band) {
  return fmt::format("{:.4g} … {:.4g} °C", band.from_C, band.to_C);
}

/// The errors of one load; the first that is missing is the fault.
class Errors {
 public:
  Errors(const Results& results, const Condition& reference) : results_(results) {
    intrinsic_ = error(reference);
  }

  double intrinsic() const { return intrinsic_; }
  /// The larger of two changes of error.
  double change(const Condition& one, const Condition& other) {
    return std::max(std::abs(error(one) - intrinsic_), std::abs(error(other) - intrinsic_));
  }
  const std::string& fault() const { return fault_; }

 private:
  double error(const Condition& condition) {
    const std::string id = point_id(condition, Kind::active);
    if (const PointResult* point = results_.point(id)) return point->error_percent;
    if (fault_.empty()) fault_ = id + ": " + fault_of(results_, id);
    return 0;
  }

  const Results& results_;
  double intrinsic_ = 0;
  std::string fault_;
};

Finding finding_of(const Subject& subject, const Results& results, const Condition& reference,
                   const TemperatureBand& band) {
  Errors errors(results, reference);
  const double by_temperature =
      errors.change(at_temperature(reference, band.from_C), at_temperature(reference, band.to_C));
  const double by_voltage =
      errors.change(at_voltage(reference, voltages[0]), at_voltage(reference, voltages[1]));
  const double by_frequency = errors.change(at_frequency(reference, frequencies_Hz[0]),
                                            at_frequency(reference, frequencies_Hz[1]));
  const double permitted = mpe_percent(subject.accuracy_class, subject.ratings,
                                       one_phase(reference), reference.current_A, band);
  Finding finding;
  finding.id = fmt::format("composite/{}/T{:.4g}to{:.4g}", point_id(reference, Kind::active),
                           band.from_C, band.to_C);
  finding.condition = describe(reference, Kind::active) + ", " + band_name(band);
  finding.quantity = "composite error";
  finding.unit = "%";
  std::optional<double> seen;
  if (errors.fault().empty()) {
    seen = composite_percent(errors.intrinsic(), by_temperature, by_voltage, by_frequency);
    finding.remark = fmt::format("e {:+.3f}, δT {:.3f}, δU {:.3f}, δf {:.3f}", errors.intrinsic(),
                                 by_temperature, by_voltage, by_frequency);
  } else {
    finding.remark = errors.fault();
  }
  hold(finding, seen, {-permitted, permitted, "2014/32/EU annex V table 2", Certainty::standard});
  // A root has no sign: the limit has one side.
  finding.at_least.reset();
  return finding;
}

class Composite final : public Test {
 public:
  std::string id() const override { return "composite"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    for (const Condition& reference : composite_loads(subject.ratings)) {
      Point point;
      // That of 5 … 30 °C is the smallest.
      point.limit_percent =
          fine * mpe_percent(subject.accuracy_class, subject.ratings, one_phase(reference),
                             reference.current_A, *band_at(reference.temperature_C));
      for (const Condition& condition : conditions(reference)) {
        point.condition = condition;
        point.id = point_id(condition, Kind::active);
        plan.add(point);
      }
    }
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Composite error";
    chapter.clause = "2014/32/EU annex V, EN 50470-3 §8";
    chapter.method =
        "Of each load, the intrinsic error and its largest changes over a band of temperature, "
        "from 0.9 to 1.1 Un and from 49 to 51 Hz, each alone with the others at reference, are "
        "added as the root of the sum of their squares. The result is held against the maximum "
        "permissible error of the band.";
    for (const TemperatureBand& band : temperature_bands) {
      for (const Condition& reference : composite_loads(subject.ratings)) {
        chapter.findings.push_back(finding_of(subject, results, reference, band));
      }
    }
    draw(subject, chapter);
    return chapter;
  }

 private:
  static std::vector<Condition> conditions(const Condition& reference) {
    std::vector<Condition> all = {reference};
    for (const TemperatureBand& band : temperature_bands) {
      all.push_back(at_temperature(reference, band.from_C));
      all.push_back(at_temperature(reference, band.to_C));
    }
    for (const double voltage : voltages) all.push_back(at_voltage(reference, voltage));
    for (const double frequency : frequencies_Hz) all.push_back(at_frequency(reference, frequency));
    return all;
  }

  /// Bars: a band each, its worst load of each row of the table. Curves: a band each, over current.
  static void draw(const Subject& subject, Chapter& chapter) {
    const std::vector<Condition> loads = composite_loads(subject.ratings);
    BarPlot balanced{"Composite error, balanced, worst of each band", "[%]", {}};
    BarPlot single{"Composite error, one phase loaded, worst of each band", "[%]", {}};
    CurvePlot plot;
    plot.title = "Composite error, PF 1, balanced";
    plot.x_label = "current [A]";
    plot.y_label = "composite error [%]";
    plot.logarithmic_x = true;
    std::size_t next = 0;
    for (const TemperatureBand& band : temperature_bands) {
      Curve curve;
      curve.label = band_name(band);
      for (const Condition& reference : loads) {
        const Finding& finding = chapter.findings[next++];
        if (!finding.seen) continue;
        const bool alone = one_phase(reference);
        keep_worst(alone ? single : balanced, band_name(band), finding);
        if (!alone && reference.lag_deg == 0) {
          curve.points.emplace_back(reference.current_A, *finding.seen);
        }
      }
      plot.curves.push_back(std::move(curve));
    }
    const Ratings& r = subject.ratings;
    for (const double temperature_C : {20., 0., -20.}) {
      const TemperatureBand& band = *band_at(temperature_C);
      const double low = mpe_percent(subject.accuracy_class, r, false, r.Imin, band);
      const double high = mpe_percent(subject.accuracy_class, r, false, r.Itr, band);
      const std::string label = "MPE, " + band_name(band);
      plot.limits.push_back({label, r.Imin, r.Itr, 0, low});
      plot.limits.push_back({label, r.Itr, r.Imax, 0, high});
    }
    chapter.bars = {std::move(balanced), std::move(single)};
    chapter.curves.push_back(std::move(plot));
  }

  static void keep_worst(BarPlot& plot, const std::string& label, const Finding& finding) {
    const Bar bar{label, *finding.seen, -*finding.at_most, *finding.at_most};
    if (plot.bars.empty() || plot.bars.back().label != label) {
      plot.bars.push_back(bar);
    } else if (bar.seen / bar.at_most > plot.bars.back().seen / plot.bars.back().at_most) {
      plot.bars.back() = bar;
    }
  }
};

}  // namespace

std::unique_ptr<Test> composite_test() { return std::make_unique<Composite>(); }

}  // namespace tools::typetest
