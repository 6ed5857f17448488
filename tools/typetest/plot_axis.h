// Where an axis begins and ends and what is written on it.
#pragma once

#include <string>
#include <vector>

namespace tools::typetest {

/// Grows with what it is shown; empty at first.
struct Extent {
  double from = 0;
  double to = 0;
  bool any = false;

  /// Values that are not finite do not count.
  void include(double value);
  /// With `share` of its length more at both ends; an extent of one value gets some width.
  Extent padded(double share) const;
  /// The same by factors: all of it must be above 0.
  Extent padded_logarithmic(double share) const;
};

/// gnuplot's "set xtics" for values that were measured at: a tick for each, labelled where there is
/// room. Empty, which leaves it to gnuplot, when there are too many or none.
std::string tics_at(std::vector<double> values, const Extent& axis, bool logarithmic);

}  // namespace tools::typetest
