// Wall clock to simulated time: simulated time follows the wall clock's and never runs ahead of it.
// And how far it lags behind.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "models/pins/time.h"

namespace tools::live {

using models::pins::Ps;

class Pacer {
 public:
  /// Simulated time 0 is the wall clock's `start_ns` (any monotonic clock); one second of it takes
  /// `speed` simulated seconds, 0.001 … 1000.
  Pacer(std::int64_t start_ns, double speed) : start_ns_(start_ns), speed_(speed) {}

  /// How far simulated time may have come at `wall_ns`.
  Ps due(std::int64_t wall_ns) const;
  /// From `wall_ns` until simulated time may reach `t`, in nanoseconds, rounded up; 0 when it may.
  std::int64_t wait_ns(std::int64_t wall_ns, Ps t) const;

  /// Something that was due at `t` happens now.
  void note(std::int64_t wall_ns, Ps t);
  /// "lag 12 µs median, …", of all noted; what fell behind by more than 10 ms is counted.
  std::string summary() const;
  std::uint64_t times_behind() const { return times_behind_; }

 private:
  /// Lags by powers of two: the n-th counts those below 2^n µs, and not below half of it.
  static constexpr std::size_t bins = 32;
  /// The least power of two, in µs, that `share` of all lags lie below.
  std::uint64_t below_us(double share) const;

  std::int64_t start_ns_;
  double speed_;
  std::array<std::uint64_t, bins> lags_{};
  std::uint64_t noted_ = 0;
  std::int64_t worst_ns_ = 0;
  std::uint64_t times_behind_ = 0;
  bool behind_ = false;
};

}  // namespace tools::live
