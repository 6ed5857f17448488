#include "tools/profile/charge_record.h"

#include <algorithm>

namespace tools::profile {
namespace {

using Counts = ChargeRecord::Counts;

std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

/// What each of the counts costs by the line above all points that is least in their middle: the
/// edge of their upper hull there.
std::uint64_t slope_of(const Counts& counts) {
  const std::uint64_t first = counts.begin()->first;
  const std::uint64_t last = counts.rbegin()->first;
  if (first == last) return first == 0 ? 0 : ceil_div(counts.begin()->second.worst, first);
  // Of all pairs of points around the middle that whose chord is highest there: the hull's edge.
  const double middle = static_cast<double>(first + last) / 2;
  double highest = -1;
  double slope = 0;
  for (const auto& [n, a] : counts) {
    if (static_cast<double>(n) > middle) break;
    for (auto at = counts.upper_bound(static_cast<std::uint32_t>(middle)); at != counts.end();
         ++at) {
      const double chord =
          (static_cast<double>(at->second.worst) - static_cast<double>(a.worst)) / (at->first - n);
      const double height = static_cast<double>(a.worst) + chord * (middle - n);
      if (height <= highest) continue;
      highest = height;
      slope = chord;
    }
  }
  return slope <= 0 ? 0 : static_cast<std::uint64_t>(slope + 0.999'999);
}

/// The least base with that slope.
std::uint64_t base_of(const Counts& counts, std::uint64_t slope) {
  std::uint64_t base = 0;
  for (const auto& [n, seen] : counts) {
    const std::uint64_t rest = slope * n;
    if (seen.worst > rest) base = std::max(base, seen.worst - rest);
  }
  return base;
}

}  // namespace

void ChargeRecord::add(const Pair& pair, std::uint32_t count, const Seen& more) {
  Seen& seen = seen_[pair][count];
  seen.times += more.times;
  seen.worst = std::max(seen.worst, more.worst);
}

void ChargeRecord::add(const ChargeRecord& other) {
  for (const auto& [pair, counts] : other.seen_) {
    for (const auto& [count, theirs] : counts) add(pair, count, theirs);
  }
}

std::uint64_t ChargeRecord::times(std::uint32_t charge) const {
  std::uint64_t sum = 0;
  for (const auto& [pair, counts] : seen_) {
    for (const auto& [count, seen] : counts) {
      if (pair.base == charge) sum += seen.times;
      if (pair.each == charge) sum += seen.times * count;
    }
  }
  return sum;
}

std::vector<std::uint64_t> least_charges(const ChargeRecord& record, std::size_t size) {
  std::vector<std::uint64_t> table(size, 0);
  const auto raise = [&table](std::uint32_t charge, std::uint64_t cycles) {
    table.at(charge) = std::max(table.at(charge), cycles);
  };
  for (const auto& [pair, counts] : record.seen()) {
    if (pair.each != ChargeRecord::none) raise(pair.each, slope_of(counts));
  }
  for (const auto& [pair, counts] : record.seen()) {
    const std::uint64_t slope = pair.each == ChargeRecord::none ? 0 : table.at(pair.each);
    raise(pair.base, base_of(counts, slope));
  }
  return table;
}

std::vector<Shortfall> shortfalls(const ChargeRecord& record,
                                  const std::vector<std::uint64_t>& table) {
  std::vector<Shortfall> out;
  for (const auto& [pair, counts] : record.seen()) {
    for (const auto& [count, seen] : counts) {
      std::uint64_t charged = table.at(pair.base);
      if (pair.each != ChargeRecord::none) charged += table.at(pair.each) * count;
      if (seen.worst > charged) out.push_back({pair, count, seen.worst, charged});
    }
  }
  return out;
}

}  // namespace tools::profile
