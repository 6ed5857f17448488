#include "tools/typetest/points/loads.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tools::typetest {
namespace {

/// Two ways to reckon one current differ by less.
bool same(double a, double b) { return std::abs(a - b) < 1e-9 * b; }

}  // namespace

std::vector<double> test_currents_A(const Ratings& r) {
  std::vector<double> all = {r.Imin,       0.4 * r.Itr,  r.Itr,        2 * r.Itr,
                             0.5 * r.Iref, r.Iref,       0.1 * r.Imax, 0.2 * r.Imax,
                             0.5 * r.Imax, 0.8 * r.Imax, r.Imax};
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end(), same), all.end());
  all.erase(all.begin(),
            std::find_if(all.begin(), all.end(), [&](double I) { return I >= r.Imin; }));
  return all;
}

std::vector<double> limited_currents_A(const Subject& subject, const Parameters& parameters,
                                       Kind kind, Quantity quantity, Factor factor) {
  std::vector<double> currents = test_currents_A(subject.ratings);
  currents.erase(
      std::remove_if(currents.begin(), currents.end(),
                     [&](double I) {
                       return limits_for(subject, parameters, kind, quantity, factor, I).empty();
                     }),
      currents.end());
  return currents;
}

std::vector<double> few_currents_A(const Ratings& r) {
  return {r.Itr, 2 * r.Itr, r.Iref, 0.5 * r.Imax, r.Imax};
}

std::vector<Condition> influence_loads(const Ratings& r) {
  return {load(r.Imin),
          load(r.Itr),
          load(r.Iref),
          load(r.Imax),
          load(2 * r.Itr, Factor::inductive_05),
          load(r.Iref, Factor::inductive_05),
          load(r.Imax, Factor::inductive_05)};
}

std::string current_name(const Ratings& r, double current_A) {
  if (same(current_A, r.Imin)) return "Imin";
  if (same(current_A, r.Itr)) return "Itr";
  if (same(current_A, 2 * r.Itr)) return "2 Itr";
  if (same(current_A, r.Iref)) return "Iref";
  if (same(current_A, r.Imax)) return "Imax";
  return fmt::format("{:.4g} A", current_A);
}

}  // namespace tools::typetest
