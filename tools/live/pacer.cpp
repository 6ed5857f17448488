#include "tools/live/pacer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace tools::live {
namespace {
constexpr double ps_per_ns = 1000;
constexpr std::int64_t behind_ns = 10'000'000;
}  // namespace

Ps Pacer::due(std::int64_t wall_ns) const {
  const std::int64_t passed = std::max<std::int64_t>(wall_ns - start_ns_, 0);
  return static_cast<Ps>(std::floor(static_cast<double>(passed) * ps_per_ns * speed_));
}

std::int64_t Pacer::wait_ns(std::int64_t wall_ns, Ps t) const {
  const double at = std::ceil(static_cast<double>(t) / (ps_per_ns * speed_));
  return std::max<std::int64_t>(start_ns_ + static_cast<std::int64_t>(at) - wall_ns, 0);
}

void Pacer::note(std::int64_t wall_ns, Ps t) {
  const double at = static_cast<double>(t) / (ps_per_ns * speed_);
  const std::int64_t lag =
      std::max<std::int64_t>(wall_ns - start_ns_ - static_cast<std::int64_t>(at), 0);
  std::size_t bin = 0;
  while (bin + 1 < bins && lag / 1000 >= std::int64_t{1} << bin) ++bin;
  ++lags_[bin];
  ++noted_;
  worst_ns_ = std::max(worst_ns_, lag);
  if (lag > behind_ns && !behind_) ++times_behind_;
  behind_ = lag > behind_ns;
}

std::uint64_t Pacer::below_us(double share) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(noted_)));
  std::uint64_t count = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    count += lags_[bin];
    if (count >= wanted) return std::uint64_t{1} << bin;
  }
  return std::uint64_t{1} << (bins - 1);
}

std::string Pacer::summary() const {
  if (noted_ == 0) return "lag: nothing was due";
  return fmt::format(
      "lag behind the wall clock: half below {} µs, 99 % below {} µs, at most {:.3f} ms; "
      "fell behind by more than 10 ms {} times",
      below_us(0.5), below_us(0.99), static_cast<double>(worst_ns_) / 1e6, times_behind_);
}

}  // namespace tools::live
