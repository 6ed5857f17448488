// How long a procedure lasts, how much energy it takes and what it may cost, as the standards
// reckon it from a meter's ratings, for three elements at Un.
#pragma once

#include <string>
#include <vector>

#include "tools/typetest/campaign.h"
#include "tools/typetest/subject.h"
#include "tools/typetest/test.h"

namespace tools::typetest {

inline constexpr int element_count = phase_count;
inline constexpr double Wh_per_kWh = 1000;
inline constexpr double s_per_h = 3600;
inline constexpr double s_per_min = 60;

/// The no-load test is made at so much of Un.
inline constexpr double no_load_voltage = 1.15;

/// Power at Un with so much current in every phase, in W (or var, at a right angle).
double power_W(const Ratings& ratings, double current_A);

/// The starting current of one kind of energy, in A.
double starting_current_A(const Ratings& ratings, Kind kind);

/// Time between two pulses at the starting current without any error, in s:
/// τ = 3.6·10⁶/(m·Un·Ist·k).
double starting_period_s(const Ratings& ratings, Kind kind);

/// Within this one standard allows one pulse without a load.
struct NoLoadTime {
  std::string id;  ///< "iec"
  Kind kind;
  double duration_s;
  std::string source;
  Certainty certainty;
};
/// By each of the formulas that the certificates name; the longest governs.
std::vector<NoLoadTime> no_load_times(const Subject& subject, const Parameters& parameters);

/// The class of a meter as the IEC counts it, in percent: 1, or 0.5.
double class_percent(AccuracyClass accuracy_class);

/// Energy of the meter constant's test, in Wh: so much that a step of the register, 0.01 kWh, is
/// a tenth of the limit: 1000·R/b.
double constant_test_energy_Wh(AccuracyClass accuracy_class);

/// What a disturbance of the voltage may add to the registers, in kWh: 10⁻⁶·m·Un·Imax.
double disturbance_allowance_kWh(const Ratings& ratings);

/// The energy registers count in steps of 0.01 kWh.
inline constexpr double register_step_Wh = 10;

}  // namespace tools::typetest
