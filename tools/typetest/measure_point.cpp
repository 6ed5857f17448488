#include "tools/typetest/measure_point.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/random/random.h"

namespace tools::typetest {
namespace {

using models::pins::ps_per_ms;
using models::pins::ps_per_s;

constexpr double ps = 1e-12;
/// A timed contribution is to be below this share of the limit.
constexpr double timing_share = 0.01;
/// A meter is given up after so many intervals and so long without a flash.
constexpr double patience_intervals = 3;
constexpr double patience_s = 5;
constexpr std::uint32_t active_forward_row = 0x3020;
constexpr std::uint32_t active_reverse_row = 0x3040;
/// Of the energy, in the wrong direction.
constexpr double wrong_direction_share = 0.01;
/// Two on, two off.
constexpr double burst_period_cycles = 4;

double seconds(Ps duration) { return static_cast<double>(duration) * ps; }

Ps duration_of(double s) { return static_cast<Ps>(std::llround(s / ps)); }

/// The energy registers of both directions.
struct Registered {
  double forward_Wh;
  double reverse_Wh;
};

Registered registered(Laboratory& laboratory) {
  return {laboratory.raw_energy_Wh(active_forward_row),
          laboratory.raw_energy_Wh(active_reverse_row)};
}

/// Empty, or what is wrong with the direction in which the energy was booked.
std::string direction_fault(const Registered& before, const Registered& after, bool exports) {
  const double forward = after.forward_Wh - before.forward_Wh;
  const double reverse = after.reverse_Wh - before.reverse_Wh;
  const double wrong = exports ? forward : reverse;
  const double share = wrong / std::max(forward + reverse, 1e-9);
  if (share <= wrong_direction_share) return "";
  return fmt::format("{:.0f} % of the energy was registered as {}", 100 * share,
                     exports ? "imported" : "exported");
}

class Measurement {
 public:
  Measurement(Laboratory& laboratory, const Ratings& ratings, const Point& point)
      : laboratory_(laboratory),
        point_(point),
        flash_Wh_(1000 / ratings.led_imp_per_kWh),
        start_(laboratory.now()) {}

  PointResult run() {
    laboratory_.run_for(settling_ps);
    const double power_W =
        3600 * laboratory_.truth_Wh(point_.kind, start_, laboratory_.now()) / seconds(settling_ps);
    if (!(power_W > 0)) {
      result_.fault = "the load carries no energy of the kind that is measured";
      return result_;
    }
    interval_s_ = 3600 * flash_Wh_ / power_W;
    const bool active = point_.kind == Kind::active;
    const Registered before = active ? registered(laboratory_) : Registered{};
    if (!wait_for_flashes()) return result_;
    take_error();
    if (active) {
      result_.fault = direction_fault(before, registered(laboratory_), point_.condition.exports);
    }
    return result_;
  }

 private:
  /// Of a flash, counted from the first after settling.
  Ps flash(std::size_t n) const { return laboratory_.flashes(point_.kind)[first_ + n]; }

  /// Runs until the flashes suffice. Returns false, with a fault, when the LED keeps dark.
  bool wait_for_flashes() {
    const std::vector<Ps>& flashes = laboratory_.flashes(point_.kind);
    first_ = flashes.size();
    // A flash of just before may be told just after.
    const Ps settled = laboratory_.now();
    Ps last = settled;
    const double patience = patience_intervals * interval_s_ + patience_s;
    std::size_t looked_at = 0;
    for (;;) {
      while (first_ < flashes.size() && flashes[first_] < settled) ++first_;
      const std::size_t count = flashes.size() - std::min(first_, flashes.size());
      for (; looked_at < count; ++looked_at) {
        last = flash(looked_at);
        if (enough(looked_at)) {
          pulses_ = looked_at;
          return true;
        }
      }
      if (seconds(laboratory_.now() - last) > patience) {
        result_.fault =
            fmt::format("the LED kept dark for {:.1f} s, where it should flash every {:.3g} s",
                        seconds(laboratory_.now() - last), interval_s_);
        return false;
      }
      laboratory_.run_for(step(count));
    }
  }

  bool enough(std::size_t pulses) const {
    if (static_cast<std::int64_t>(pulses) < least_pulses) return false;
    const Ps from = flash(0);
    const Ps to = flash(pulses);
    return to - from >= least_measured_ps &&
           timing_percent(point_.condition, from, to) < timing_share * point_.limit_percent;
  }

  /// As far as it will take at least, but not much past what is needed.
  Ps step(std::size_t count) const {
    double ahead = interval_s_ / 8;
    if (count == 0) {
      ahead = std::max(ahead, interval_s_ / 2);
    } else {
      const double needed =
          std::max(seconds(least_measured_ps), interval_s_ * static_cast<double>(least_pulses));
      ahead = std::max(ahead, seconds(flash(0)) + needed - seconds(laboratory_.now()));
    }
    return duration_of(std::clamp(ahead, 0.05, 2.0));
  }

  void take_error() {
    const Ps from = flash(0);
    const Ps to = flash(pulses_);
    result_.pulses = static_cast<std::int64_t>(pulses_);
    result_.from_s = seconds(from);
    result_.to_s = seconds(to);
    result_.truth_Wh = laboratory_.truth_Wh(point_.kind, from, to);
    const double shown_Wh = static_cast<double>(pulses_) * flash_Wh_;
    result_.error_percent = 100 * (shown_Wh - result_.truth_Wh) / result_.truth_Wh;
    result_.timing_percent = timing_percent(point_.condition, from, to);
  }

  Laboratory& laboratory_;
  const Point& point_;
  double flash_Wh_;
  Ps start_;
  double interval_s_ = 0;
  std::size_t first_ = 0;   ///< the first flash after settling, among all
  std::size_t pulses_ = 0;  ///< N
  PointResult result_;
};

nlohmann::json to_json(const PointResult& result) {
  return {{"error_percent", result.error_percent},
          {"pulses", result.pulses},
          {"from_s", result.from_s},
          {"to_s", result.to_s},
          {"truth_Wh", result.truth_Wh},
          {"timing_percent", result.timing_percent},
          {"simulated_s", result.simulated_s},
          {"wall_s", result.wall_s},
          {"fault", result.fault}};
}

/// The points' noise is not the same over and over.
Subject with_noise_of(const Subject& subject, const std::string& point) {
  Subject out = subject;
  out.seed = models::random::seed_of(subject.seed, "point " + point);
  return out;
}

}  // namespace

double timing_percent(const Condition& condition, Ps from, Ps to) {
  const double distance_s = seconds(to - from);
  double off_s = 2 * edge_jitter_s;
  if (condition.recipe == Recipe::burst_fired) {
    const double period_s = burst_period_cycles / condition.frequency_Hz;
    off_s += std::abs(distance_s - std::round(distance_s / period_s) * period_s);
  }
  return 100 * off_s / distance_s;
}

PointResult measure_here(Laboratory& laboratory, const Ratings& ratings, const Point& point) {
  return Measurement(laboratory, ratings, point).run();
}

PointResult measure(const Subject& subject, const Point& point) {
  const auto begin = std::chrono::steady_clock::now();
  Laboratory laboratory(with_noise_of(subject, point.id), point.condition, point.repetition);
  PointResult result = measure_here(laboratory, subject.ratings, point);
  result.id = point.id;
  result.simulated_s = seconds(laboratory.now());
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

double estimated_s(const Ratings& ratings, const Point& point) {
  const Condition& c = point.condition;
  double phases = 0;
  for (std::size_t n = 0; n < phase_count; ++n) {
    if (c.loaded[n] && c.voltage_present[n]) ++phases;
  }
  const double lag = c.lag_deg * 3.14159265358979 / 180;
  const double factor = std::abs(point.kind == Kind::active ? std::cos(lag) : std::sin(lag));
  const double power_W = std::max(phases * c.voltage * ratings.Un * c.current_A * factor, 1e-3);
  const double interval_s = 3.6e6 / ratings.led_imp_per_kWh / power_W;
  const double timed_s = 2 * edge_jitter_s / (timing_share * point.limit_percent / 100);
  return seconds(settling_ps) + interval_s / 2 +
         std::max({seconds(least_measured_ps), least_pulses * interval_s, timed_s});
}

Task task_of(const Subject& subject, const Point& point) {
  return {point.id, [subject, point] { return to_json(measure(subject, point)); },
          estimated_s(subject.ratings, point)};
}

PointResult point_result(const Point& point, const TaskOutcome& outcome) {
  PointResult result;
  result.id = point.id;
  result.fault = outcome.fault;
  if (outcome.json.empty()) return result;
  const nlohmann::json json = nlohmann::json::parse(outcome.json);
  result.error_percent = json["error_percent"];
  result.pulses = json["pulses"];
  result.from_s = json["from_s"];
  result.to_s = json["to_s"];
  result.truth_Wh = json["truth_Wh"];
  result.timing_percent = json["timing_percent"];
  result.simulated_s = json["simulated_s"];
  result.wall_s = json["wall_s"];
  result.fault = json["fault"];
  return result;
}

}  // namespace tools::typetest
