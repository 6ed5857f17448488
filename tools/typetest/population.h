// The spread of a production: meters with parts drawn from their tolerances, each calibrated by
// itself, each measured at a few points; how their errors are distributed, and how many hold.
#pragma once

#include <cstddef>
#include <vector>

#include "tools/typetest/run_campaign.h"

namespace tools::typetest {

inline constexpr std::size_t largest_population = 10'000;

/// Share of the meters that must be within each limit [twin].
inline constexpr double least_yield_percent = 99;

/// What every meter is measured at, beside its limit: Imin, Itr, Iref and Imax at PF 1; Iref at
/// PF 0.5 ind; one phase alone; cold and hot.
std::vector<Point> population_points(const Subject& subject);

/// Mean, standard deviation about it (of n − 1) and the value farthest from 0.
struct Spread {
  double mean = 0;
  double deviation = 0;
  double worst = 0;
};
Spread spread_of(const std::vector<double>& values);

/// `size` meters "m1" … of the order's version; the parts of the order's own device are not used,
/// its wiring and settings are. With an order that is not calibrated, as they come from production.
Campaign run_population(const CampaignOrder& order, std::size_t size, const KernelEntry& kernel);

}  // namespace tools::typetest
