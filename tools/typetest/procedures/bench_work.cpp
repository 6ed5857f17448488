#include "tools/typetest/procedures/bench_work.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace tools::typetest {
namespace {

using models::pins::ps_per_s;

constexpr double ps_in_a_second = static_cast<double>(ps_per_s);
/// How often a procedure looks whether the LED has flashed.
constexpr Ps look_period = ps_per_s / 4;

}  // namespace

Ps duration_of(double seconds) {
  return static_cast<Ps>(std::llround(std::max(0.0, seconds) * ps_in_a_second));
}

double seconds_of(Ps duration) { return static_cast<double>(duration) / ps_in_a_second; }

void run_s(Laboratory& laboratory, double seconds) { laboratory.run_for(duration_of(seconds)); }

Condition no_load() { return {}; }

Condition load_of(double current_A, double lag_deg) {
  Condition condition;
  condition.current_A = current_A;
  condition.lag_deg = lag_deg;
  return condition;
}

std::optional<Ps> next_flash(Laboratory& laboratory, Kind kind, Ps since, Ps limit) {
  while (true) {
    const std::vector<Ps>& flashes = laboratory.flashes(kind);
    const auto found = std::lower_bound(flashes.begin(), flashes.end(), since);
    if (found != flashes.end()) return *found <= limit ? std::optional<Ps>(*found) : std::nullopt;
    const Ps now = laboratory.now();
    if (now >= limit) return std::nullopt;
    laboratory.run_for(std::min(look_period, limit - now));
  }
}

std::int64_t flashes_between(const Laboratory& laboratory, Kind kind, Ps from, Ps to) {
  const std::vector<Ps>& flashes = laboratory.flashes(kind);
  return std::lower_bound(flashes.begin(), flashes.end(), to) -
         std::lower_bound(flashes.begin(), flashes.end(), from);
}

std::optional<double> error_percent(const Laboratory& laboratory, const Ratings& ratings, Ps from,
                                    Ps to) {
  constexpr std::int64_t least_flashes = 3;
  const std::int64_t count = flashes_between(laboratory, Kind::active, from, to);
  if (count < least_flashes) return std::nullopt;
  const std::vector<Ps>& flashes = laboratory.flashes(Kind::active);
  const auto first = std::lower_bound(flashes.begin(), flashes.end(), from);
  const double counted_Wh = static_cast<double>(count - 1) * Wh_per_kWh / ratings.led_imp_per_kWh;
  const double truth_Wh = laboratory.truth_Wh(Kind::active, *first, *(first + (count - 1)));
  return 100 * (counted_Wh / truth_Wh - 1);
}

std::optional<double> reference_error_percent(Laboratory& laboratory, const Ratings& ratings,
                                              double duration_s) {
  laboratory.apply(load_of(ratings.Iref));
  run_s(laboratory, settling_s);
  const Ps from = laboratory.now();
  run_s(laboratory, duration_s);
  return error_percent(laboratory, ratings, from, laboratory.now());
}

double ct_ratio_of(const Subject& subject) {
  constexpr double secondary_A = 5;
  const std::uint32_t primary_A = subject.meter.page.ct_primary_A;
  if (!subject.ct() || primary_A == 0) return 1;
  return primary_A / secondary_A;
}

Counters read_counters(Laboratory& laboratory, const Subject& subject) {
  const double ratio = ct_ratio_of(subject);
  return {laboratory.raw_energy_Wh(rows::active_forward) / ratio,
          laboratory.raw_energy_Wh(rows::active_reverse) / ratio,
          laboratory.raw_energy_Wh(rows::reactive_forward) / ratio,
          laboratory.raw_energy_Wh(rows::reactive_reverse) / ratio};
}

double change_between(const Counters& before, const Counters& after) {
  return std::max({std::abs(after.forward_Wh - before.forward_Wh),
                   std::abs(after.reverse_Wh - before.reverse_Wh),
                   std::abs(after.reactive_forward_varh - before.reactive_forward_varh),
                   std::abs(after.reactive_reverse_varh - before.reactive_reverse_varh)});
}

nlohmann::json json_of(const std::optional<double>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

double shown(Laboratory& laboratory, std::uint32_t row) {
  const std::uint32_t word = laboratory.row_word(row);
  float value = 0;
  static_assert(sizeof value == sizeof word);
  std::memcpy(&value, &word, sizeof value);
  return static_cast<double>(value);
}

}  // namespace tools::typetest
