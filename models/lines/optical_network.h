// An optical path as a network: each of the two ends sees the other one only. The way between them
// is too short to count, and what is thrown back of an end's own light is not modelled.
#pragma once

#include <memory>
#include <string>

#include "models/lines/network.h"
#include "models/lines/optical_spec.h"
#include "models/lines/segment.h"

namespace models::lines {

class OpticalNetwork final : public Network {
 public:
  /// Throws std::invalid_argument for values outside their ranges.
  explicit OpticalNetwork(const OpticalSpec& spec);

  /// Never: either way is its own.
  bool collides(const Drivers&) const override { return false; }

 private:
  NetworkState solve(const Drivers& drivers) const override;

  OpticalSpec spec_;
};

/// `name` and the run's seed make each end's noise. Throws std::invalid_argument for values outside
/// their ranges.
std::unique_ptr<Segment> make_optical_segment(const OpticalSpec& spec, std::uint64_t run_seed = 0,
                                              const std::string& name = "ir");

}  // namespace models::lines
