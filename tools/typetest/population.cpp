#include "tools/typetest/population.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "models/random/random.h"
#include "tools/typetest/device.h"
#include "tools/typetest/measure_point.h"

namespace tools::typetest {
namespace {

constexpr double coldest_C = -25;
constexpr double hottest_C = 55;
constexpr double reference_C = 23;
constexpr double inductive_deg = 60;

/// Limits in percent (EN 50470-3 table 4 and the mean temperature coefficient of table 8; one phase
/// of class C: IEC 62053-22 table 5, which is stricter).
struct Limits {
  double low;    ///< Imin … Itr
  double rated;  ///< from Itr on
  double inductive;
  double one_phase;
  double per_K;
};

constexpr Limits limits_of(AccuracyClass accuracy_class) {
  return accuracy_class == AccuracyClass::b ? Limits{1.5, 1.0, 1.0, 2.0, 0.05}
                                            : Limits{1.0, 0.5, 0.6, 0.6, 0.03};
}

Point point(const std::string& id, double current_A, double limit_percent) {
  Point out;
  out.id = id;
  out.condition.current_A = current_A;
  out.limit_percent = limit_percent;
  return out;
}

std::string describe(const Condition& condition) {
  std::string out = fmt::format(
      "{:g} A, PF {}, {}, {:g} °C", condition.current_A, condition.lag_deg == 0 ? "1" : "0.5 ind",
      condition.loaded[1] ? "balanced" : "L1 alone", condition.temperature_C);
  return out;
}

/// What was seen of all meters at one point.
struct Sample {
  std::vector<double> errors;
  std::vector<std::string> faults;  ///< "m3: …"

  /// Of all meters, those within `share` of the limit, in percent.
  double yield_percent(double limit_percent, double share) const {
    const auto within = std::count_if(errors.begin(), errors.end(), [&](double error) {
      return std::abs(error) <= share * limit_percent;
    });
    return 100 * static_cast<double>(within) / static_cast<double>(errors.size() + faults.size());
  }
};

Finding finding(const Point& at, const std::string& quantity, const std::string& unit,
                double seen) {
  Finding out;
  out.id = at.id;
  out.condition = describe(at.condition);
  out.quantity = quantity;
  out.unit = unit;
  out.seen = seen;
  out.certainty = Certainty::ours;
  out.pass = true;
  return out;
}

Chapter chapter_of(const Point& at, const Sample& sample, bool calibrated) {
  Chapter chapter;
  chapter.id = "population-" + at.id;
  chapter.title = "Spread of production: " + describe(at.condition);
  chapter.method = fmt::format("Each meter, {}, is measured once. Held against ±{:g} %.",
                               calibrated ? "after its own calibration" : "without calibration",
                               at.limit_percent);
  Finding yield =
      finding(at, "meters within the limit", "%", sample.yield_percent(at.limit_percent, 1));
  yield.at_least = least_yield_percent;
  yield.source = fmt::format("limit ±{:g} %", at.limit_percent);
  yield.pass = *yield.seen >= least_yield_percent;
  if (!sample.faults.empty()) yield.remark = sample.faults.front();
  chapter.findings.push_back(yield);
  chapter.findings.push_back(finding(at, "meters within half the limit", "%",
                                     sample.yield_percent(at.limit_percent, 0.5)));
  if (sample.errors.empty()) return chapter;
  const Spread spread = spread_of(sample.errors);
  chapter.findings.push_back(finding(at, "mean error", "%", spread.mean));
  if (sample.errors.size() > 1) {
    chapter.findings.push_back(finding(at, "standard deviation", "%", spread.deviation));
  }
  chapter.findings.push_back(finding(at, "worst error", "%", spread.worst));
  HistogramPlot histogram;
  histogram.title = describe(at.condition);
  histogram.x_label = "error [%]";
  histogram.values = sample.errors;
  histogram.at_least = -at.limit_percent;
  histogram.at_most = at.limit_percent;
  chapter.histograms.push_back(histogram);
  return chapter;
}

std::vector<Subject> draw_meters(const Subject& subject, std::size_t size) {
  std::vector<Subject> meters;
  meters.reserve(size);
  for (std::size_t n = 1; n <= size; ++n) {
    Subject meter = subject;
    meter.meter.id = fmt::format("m{}", n);
    meter.meter.eeprom_file.clear();
    meter.meter.eeprom_bytes.clear();
    draw_parts(meter.meter, subject.seed);
    meter.seed = models::random::seed_of(subject.seed, meter.meter.id);
    meters.push_back(std::move(meter));
  }
  return meters;
}

/// Gives each meter its EEPROM; what is wrong with it otherwise.
std::vector<std::string> calibrate_all(std::vector<Subject>& meters, const CampaignOrder& order,
                                       const KernelEntry& kernel, Campaign& campaign) {
  std::vector<std::string> faults(meters.size());
  Subject typical = order.subject;
  typical.meter = new_meter(order.subject.meter.page.variant);
  give_typical_parts(typical.meter);
  const Work type = run_work(characterisation_tasks(typical), kernel, order, "type");
  const CalibrationConstants constants = type_constants(type.outcomes);
  std::vector<Task> tasks;
  tasks.reserve(meters.size());
  for (const Subject& meter : meters) tasks.push_back(calibration_task(meter, constants));
  const Work own = run_work(tasks, kernel, order, "calibration");
  campaign.simulated_s += type.simulated_s + own.simulated_s;
  for (std::size_t n = 0; n < meters.size(); ++n) {
    CalibratedMeter calibrated = calibrated_meter(own.outcomes[n]);
    faults[n] = calibrated.fault;
    meters[n].meter.eeprom_bytes = std::move(calibrated.eeprom);
  }
  return faults;
}

}  // namespace

std::vector<Point> population_points(const Subject& subject) {
  const Ratings& ratings = subject.ratings;
  const Limits limits = limits_of(subject.accuracy_class);
  std::vector<Point> points = {point("imin", ratings.Imin, limits.low),
                               point("itr", ratings.Itr, limits.rated),
                               point("iref", ratings.Iref, limits.rated),
                               point("imax", ratings.Imax, limits.rated),
                               point("iref-inductive", ratings.Iref, limits.inductive),
                               point("iref-one-phase", ratings.Iref, limits.one_phase)};
  points[4].condition.lag_deg = inductive_deg;
  points[5].condition.loaded = {true, false, false};
  for (const double temperature_C : {coldest_C, hottest_C}) {
    const double away_K = std::abs(temperature_C - reference_C);
    points.push_back(point(temperature_C < reference_C ? "iref-cold" : "iref-hot", ratings.Iref,
                           limits.rated + limits.per_K * away_K));
    points.back().condition.temperature_C = temperature_C;
  }
  return points;
}

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  if (values.empty()) return spread;
  const auto count = static_cast<double>(values.size());
  spread.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  double squares = 0;
  for (const double value : values) {
    squares += (value - spread.mean) * (value - spread.mean);
    if (std::abs(value) > std::abs(spread.worst)) spread.worst = value;
  }
  if (values.size() > 1) spread.deviation = std::sqrt(squares / (count - 1));
  return spread;
}

Campaign run_population(const CampaignOrder& order, std::size_t size, const KernelEntry& kernel) {
  const auto begin = std::chrono::steady_clock::now();
  Campaign campaign = new_campaign(order);
  campaign.title = fmt::format("Spread of {} {}{}", size, campaign.variant,
                               order.calibrated ? "" : " without calibration");
  campaign.flaws = {{"parts", "drawn for each meter from their tolerances"}};
  std::vector<Subject> meters = draw_meters(order.subject, size);
  std::vector<std::string> faults(size);
  if (order.calibrated) faults = calibrate_all(meters, order, kernel, campaign);

  const std::vector<Point> points = population_points(order.subject);
  std::vector<Task> tasks;
  tasks.reserve(size * points.size());
  for (const Subject& meter : meters) {
    for (Point at : points) {
      at.id = meter.meter.id + "/" + at.id;
      tasks.push_back(task_of(meter, at));
    }
  }
  const Work work = run_work(tasks, kernel, order, "meters");
  campaign.simulated_s += work.simulated_s;
  for (std::size_t p = 0; p < points.size(); ++p) {
    Sample sample;
    for (std::size_t m = 0; m < size; ++m) {
      const PointResult result = point_result(points[p], work.outcomes[m * points.size() + p]);
      const std::string& fault = faults[m].empty() ? result.fault : faults[m];
      if (fault.empty()) {
        sample.errors.push_back(result.error_percent);
        ++campaign.points;
      } else {
        sample.faults.push_back(meters[m].meter.id + ": " + fault);
      }
    }
    campaign.chapters.push_back(chapter_of(points[p], sample, order.calibrated));
  }
  campaign.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return campaign;
}

}  // namespace tools::typetest
