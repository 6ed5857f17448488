#include "models/lines/network.h"

#include <cmath>
#include <stdexcept>

namespace models::lines {
namespace {

/// So many combinations of drivers are remembered before all are forgotten: 60 meters that answer
/// at once go through thousands.
constexpr std::size_t most_known = 1024;

Ps travel_of(double metres) {
  return static_cast<Ps>(std::llround(std::fabs(metres) * static_cast<double>(cable_ps_per_m)));
}

}  // namespace

std::size_t Network::Hash::operator()(const Drivers& drivers) const {
  const auto mix = [](const EndSet& set) { return set.low + set.high * 0x94D049BB133111EBu; };
  const std::uint64_t on = mix(drivers.on);
  std::uint64_t x = on * 0x9E3779B97F4A7C15u ^ (mix(drivers.mark) + (on >> 32));
  x = (x ^ (x >> 29)) * 0xBF58476D1CE4E5B9u;
  return static_cast<std::size_t>(x ^ (x >> 32));
}

void Network::set_ends(std::vector<Reception> ends, double length_m) {
  if (ends.size() > most_ends) throw std::invalid_argument("a line carries at most 128 ends");
  for (const Reception& end : ends) {
    if (!(end.receiver.space_to_V <= end.receiver.mark_from_V)) {
      throw std::invalid_argument("a receiver takes a voltage for mark and space");
    }
  }
  ends_ = std::move(ends);
  longest_travel_ = travel_of(length_m);
}

void Network::set_ringing(Ps ringing, double share) {
  ringing_ = ringing;
  ringing_share_ = share;
}

Ps Network::travel(int from, int to) const {
  return travel_of(ends_[static_cast<std::size_t>(from)].position_m -
                   ends_[static_cast<std::size_t>(to)].position_m);
}

const NetworkState& Network::under(const Drivers& drivers) const {
  const auto found = known_.find(drivers);
  if (found != known_.end()) return found->second;
  if (known_.size() >= most_known) known_.clear();
  return known_.emplace(drivers, solve(drivers)).first->second;
}

}  // namespace models::lines
