#include "tools/profile/charge_record.h"

#include <algorithm>
#include <iterator>

namespace tools::profile {
namespace {

using Counts = ChargeRecord::Counts;

std::uint64_t ceil_div(std::uint64_t a, std::uint64_t b) { return (a + b - 1) / b; }

/// The least base with that slope.
std::uint64_t base_of(const Counts& counts, std::uint64_t slope) {
  std::uint64_t base = 0;
  for (const auto& [n, seen] : counts) {
    const std::uint64_t rest = slope * n;
    if (seen.worst > rest) base = std::max(base, seen.worst - rest);
  }
  return base;
}

/// What all that was seen is charged with by that line.
double sum_of(const Counts& counts, std::uint64_t slope) {
  const auto base = static_cast<double>(base_of(counts, slope));
  double sum = 0;
  for (const auto& [n, seen] : counts) {
    sum += static_cast<double>(seen.times) * (base + static_cast<double>(slope) * n);
  }
  return sum;
}

/// The slope of the line above all points by which all that was seen is charged with least: that
/// of one of their chords, or none.
std::uint64_t slope_of(const Counts& counts) {
  const std::uint64_t first = counts.begin()->first;
  if (counts.size() == 1) return first == 0 ? 0 : ceil_div(counts.begin()->second.worst, first);
  std::uint64_t best = 0;
  double least = sum_of(counts, 0);
  for (auto a = counts.begin(); a != counts.end(); ++a) {
    for (auto b = std::next(a); b != counts.end(); ++b) {
      if (b->second.worst <= a->second.worst) continue;
      const std::uint64_t slope = ceil_div(b->second.worst - a->second.worst, b->first - a->first);
      const double sum = sum_of(counts, slope);
      if (sum >= least) continue;
      least = sum;
      best = slope;
    }
  }
  return best;
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
