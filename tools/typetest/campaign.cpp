#include "tools/typetest/campaign.h"

#include <algorithm>
#include <cmath>

namespace tools::typetest {
namespace {

std::optional<double> finite(double share) {
  return std::isfinite(share) ? std::optional<double>(share) : std::nullopt;
}

/// Of a value that must not exceed `at_most`, both of one sign.
std::optional<double> share_of_one(double seen, double at_most) {
  if (at_most == 0) return std::nullopt;
  return at_most > 0 ? finite(std::max(seen / at_most, 0.0)) : finite(at_most / seen);
}

}  // namespace

std::optional<double> share_of_limit(std::optional<double> seen, std::optional<double> at_least,
                                     std::optional<double> at_most) {
  if (!seen || !std::isfinite(*seen) || !at_most) return std::nullopt;
  if (!at_least || *at_least == 0) return share_of_one(*seen, *at_most);
  if (*at_least < 0 && *at_most > 0) return finite(*seen / (*seen < 0 ? *at_least : *at_most));
  const double half = (*at_most - *at_least) / 2;
  if (half <= 0) return std::nullopt;
  return finite(std::abs(*seen - (*at_least + half)) / half);
}

bool Chapter::pass() const { return failures() == 0; }

int Chapter::failures() const {
  return static_cast<int>(std::count_if(findings.begin(), findings.end(),
                                        [](const Finding& finding) { return !finding.pass; }));
}

std::optional<double> Chapter::worst_share() const {
  std::optional<double> worst;
  for (const Finding& finding : findings) {
    const std::optional<double> share =
        share_of_limit(finding.seen, finding.at_least, finding.at_most);
    if (share && (!worst || *share > *worst)) worst = share;
  }
  return worst;
}

bool Campaign::pass() const { return failures() == 0; }

int Campaign::failures() const {
  int count = 0;
  for (const Chapter& chapter : chapters) count += chapter.failures();
  return count;
}

}  // namespace tools::typetest
