// What procedures do at the bench, in the child process: wait for a flash, count, compare with the
// truth, read the counters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "tools/typetest/laboratory.h"
#include "tools/typetest/procedures/formulas.h"

namespace tools::typetest {

/// Before a load's first counted flash, and before counters are read behind one: the meter plays
/// out within 0.3 s what it has booked.
inline constexpr double settling_s = 2;

Ps duration_of(double seconds);
double seconds_of(Ps duration);
void run_s(Laboratory& laboratory, double seconds);

/// Un on three phases and nothing else.
Condition no_load();
/// A balanced load at Un.
Condition load_of(double current_A, double lag_deg = 0);

/// The first flash at or after `since`; simulates until it comes, or until `limit`: then none.
std::optional<Ps> next_flash(Laboratory& laboratory, Kind kind, Ps since, Ps limit);
/// Flashes in [from, to).
std::int64_t flashes_between(const Laboratory& laboratory, Kind kind, Ps from, Ps to);
/// The active LED's error between its first and last flash in [from, to), in percent; none with
/// less than two intervals.
std::optional<double> error_percent(const Laboratory& laboratory, const Ratings& ratings, Ps from,
                                    Ps to);
/// Puts a load of Iref on, lets it settle, and takes the error over `duration_s`.
std::optional<double> reference_error_percent(Laboratory& laboratory, const Ratings& ratings,
                                              double duration_s);

/// How many primary amperes stand for one secondary one.
double ct_ratio_of(const Subject& subject);

/// The four counters of all tariffs, secondary, in Wh and varh.
struct Counters {
  double forward_Wh = 0;
  double reverse_Wh = 0;
  double reactive_forward_varh = 0;
  double reactive_reverse_varh = 0;
};
Counters read_counters(Laboratory& laboratory, const Subject& subject);
/// The greatest change of any of them, up or down, in Wh or varh.
double change_between(const Counters& before, const Counters& after);

/// null for none.
nlohmann::json json_of(const std::optional<double>& value);

namespace rows {
inline constexpr std::uint32_t voltage_L1 = 0x2008;
inline constexpr std::uint32_t active_forward = 0x3020;
inline constexpr std::uint32_t active_forward_L1 = 0x3028;
inline constexpr std::uint32_t active_reverse = 0x3040;
inline constexpr std::uint32_t reactive_forward = 0x3080;
inline constexpr std::uint32_t reactive_reverse = 0x30A0;
/// Of L2 and L3 behind that of L1.
inline constexpr std::uint32_t phase_step = 4;
}  // namespace rows

/// The value of a floating row as the bus shows it.
double shown(Laboratory& laboratory, std::uint32_t row);

}  // namespace tools::typetest
