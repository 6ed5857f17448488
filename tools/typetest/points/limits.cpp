#include "tools/typetest/points/limits.h"

#include <algorithm>
#include <cmath>

namespace tools::typetest {
namespace {

/// Currents that are one by the standards' arithmetic and differ by that of doubles.
constexpr double same = 1e-9;

double percent_of(const LimitRow& row, const Parameters& parameters) {
  if (row.certainty != Certainty::uncertain) return row.percent;
  const auto other = parameters.uncertain_percent.find(std::string(name_of(row.quantity)));
  return other == parameters.uncertain_percent.end() ? row.percent : other->second;
}

PercentLimit limit_of(const LimitRow& row, double percent) {
  return {row.quantity == Quantity::voltage_low ? -100 : -percent, percent, std::string(row.source),
          row.certainty};
}

/// The standards' limit that governs beside another one.
void tighten(std::optional<PercentLimit>& strictest, const PercentLimit& limit) {
  if (!strictest || limit.at_most < strictest->at_most - same) {
    strictest = limit;
    return;
  }
  if (limit.at_most > strictest->at_most + same) return;
  if (strictest->source.find(limit.source) == std::string::npos) {
    strictest->source += ", " + limit.source;
  }
  if (limit.certainty == Certainty::standard) strictest->certainty = Certainty::standard;
}

bool of_standard(const LimitRow& row) {
  return row.certainty == Certainty::standard || row.certainty == Certainty::uncertain;
}

bool concerns(const LimitRow& row, const Subject& subject, Kind kind, Quantity quantity,
              Factor factor) {
  return row.kind == kind && row.quantity == quantity && row.factor == factor &&
         is_for(row, subject.accuracy_class);
}

}  // namespace

std::string_view name_of(Quantity quantity) {
  switch (quantity) {
    case Quantity::balanced:
      return "balanced";
    case Quantity::single_phase:
      return "single_phase";
    case Quantity::difference:
      return "difference";
    case Quantity::manual:
      return "manual";
    case Quantity::temperature:
      return "temperature";
    case Quantity::voltage:
      return "voltage";
    case Quantity::voltage_extended:
      return "voltage_extended";
    case Quantity::voltage_low:
      return "voltage_low";
    case Quantity::frequency:
      return "frequency";
    case Quantity::sequence:
      return "sequence";
    case Quantity::lost_phases:
      return "lost_phases";
    case Quantity::unbalance:
      return "unbalance";
    case Quantity::fifth_harmonic:
      return "fifth_harmonic";
    case Quantity::half_wave:
      return "half_wave";
    case Quantity::phase_fired:
      return "phase_fired";
    case Quantity::burst_fired:
      return "burst_fired";
    case Quantity::accessories:
      return "accessories";
    case Quantity::conducted:
      return "conducted";
  }
  return "";
}

double Bound::in_A(const Ratings& ratings) const {
  switch (rated) {
    case Rated::Imin:
      return factor * ratings.Imin;
    case Rated::Itr:
      return factor * ratings.Itr;
    case Rated::Iref:
      return factor * ratings.Iref;
    case Rated::Imax:
      return factor * ratings.Imax;
  }
  return 0;
}

bool is_for(const LimitRow& row, AccuracyClass accuracy_class) {
  return row.accuracy_class == ForClass::both ||
         row.accuracy_class == (accuracy_class == AccuracyClass::b ? ForClass::b : ForClass::c);
}

bool covers(const LimitRow& row, const Ratings& ratings, double current_A) {
  const double from = row.from.in_A(ratings);
  const double to = row.to.in_A(ratings);
  return current_A >= from * (1 - same) &&
         (row.with_to ? current_A <= to * (1 + same) : current_A < to * (1 - same));
}

std::vector<PercentLimit> limits_for(const Subject& subject, const Parameters& parameters,
                                     Kind kind, Quantity quantity, Factor factor,
                                     double current_A) {
  std::optional<PercentLimit> strictest;
  std::vector<PercentLimit> others;
  for (const LimitRow& row : limit_rows()) {
    if (!concerns(row, subject, kind, quantity, factor)) continue;
    if (!covers(row, subject.ratings, current_A)) continue;
    const PercentLimit limit = limit_of(row, percent_of(row, parameters));
    if (of_standard(row)) {
      tighten(strictest, limit);
    } else {
      others.push_back(limit);
    }
  }
  if (strictest) others.insert(others.begin(), *strictest);
  return others;
}

std::vector<LimitBand> limit_bands(const Subject& subject, const Parameters& parameters, Kind kind,
                                   Quantity quantity, Factor factor) {
  std::vector<double> steps;
  for (const LimitRow& row : limit_rows()) {
    if (!concerns(row, subject, kind, quantity, factor)) continue;
    for (const Bound& bound : {row.from, row.to}) steps.push_back(bound.in_A(subject.ratings));
  }
  std::sort(steps.begin(), steps.end());
  std::vector<LimitBand> bands;
  for (std::size_t n = 0; n + 1 < steps.size(); ++n) {
    const double from = steps[n];
    const double to = steps[n + 1];
    if (to <= from * (1 + same)) continue;
    // Between two steps the limits do not change: the geometric mean stands for all currents.
    const std::vector<PercentLimit> limits =
        limits_for(subject, parameters, kind, quantity, factor, std::sqrt(from * to));
    if (limits.empty()) continue;
    const PercentLimit& limit = limits.front();
    if (!bands.empty() && bands.back().at_most == limit.at_most &&
        std::abs(bands.back().to - from) <= same * from) {
      bands.back().to = to;
    } else {
      bands.push_back({limit.source, from, to, limit.at_least, limit.at_most});
    }
  }
  return bands;
}

}  // namespace tools::typetest
