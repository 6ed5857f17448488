// The tables of limits of the standards, as data: what an error, or a change of it, is held
// against. EN 50470-3 class B stands beside IEC 62053-21 class 1, class C beside IEC 62053-22 class
// 0.5 S, reactive energy is IEC 62053-23 class 2; of several limits for one load the strictest
// applies.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/typetest/campaign.h"
#include "tools/typetest/points/angles.h"
#include "tools/typetest/subject.h"
#include "tools/typetest/test.h"

namespace tools::typetest {

/// What is held against a limit.
enum class Quantity : std::uint8_t {
  balanced,      ///< error, all phases loaded
  single_phase,  ///< error, one phase loaded, all voltages present
  difference,    ///< error with one phase loaded less that of the balanced load
  manual,        ///< error, as the manual promises it
  // changes of error
  temperature,       ///< in %/K, mean over 20 K
  voltage,           ///< ±10 %
  voltage_extended,  ///< 0.8 … 0.9 and 1.1 … 1.15 Un
  voltage_low,       ///< the error itself, below 0.8 Un
  frequency,         ///< ±2 %
  sequence,
  lost_phases,
  unbalance,  ///< two of three phases loaded
  fifth_harmonic,
  half_wave,
  phase_fired,
  burst_fired,
  accessories,
  conducted,
};
/// "voltage_extended": as `Parameters::uncertain_percent` names it.
std::string_view name_of(Quantity quantity);

/// A current of the nameplate, or a multiple of it.
enum class Rated : std::uint8_t { Imin, Itr, Iref, Imax };
struct Bound {
  Rated rated;
  double factor = 1;
  double in_A(const Ratings& ratings) const;
};

/// Classes that a row speaks of.
enum class ForClass : std::uint8_t { b, c, both };

struct LimitRow {
  Kind kind;
  Quantity quantity;
  ForClass accuracy_class;
  Factor factor;
  Bound from;
  Bound to;
  bool with_to;  ///< whether the row still holds at its upper current
  double percent;
  std::string_view source;
  Certainty certainty;
};

/// All rows. A limit is ±percent; of `voltage_low` it is −100 % … +percent.
const std::vector<LimitRow>& limit_rows();

/// Whether a row speaks of a class and of a current of these ratings.
bool is_for(const LimitRow& row, AccuracyClass accuracy_class);
bool covers(const LimitRow& row, const Ratings& ratings, double current_A);

struct PercentLimit {
  double at_least;
  double at_most;
  std::string source;  ///< of several that agree, all
  Certainty certainty;
};

/// What is asked of a load: the strictest of the standards' limits first, then our own and the
/// manual's, where there are such. Empty: nothing is.
std::vector<PercentLimit> limits_for(const Subject& subject, const Parameters& parameters,
                                     Kind kind, Quantity quantity, Factor factor, double current_A);

/// The strictest limit over the current, from Imin to Imax, for a plot.
std::vector<LimitBand> limit_bands(const Subject& subject, const Parameters& parameters, Kind kind,
                                   Quantity quantity, Factor factor);

}  // namespace tools::typetest
