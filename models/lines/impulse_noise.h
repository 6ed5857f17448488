// Impulses at random instants: their silences exponential, their signs like a coin's.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/lines/received_track.h"
#include "models/random/random.h"

namespace models::lines {

struct ImpulseNoiseState {
  random::RandomState random;
  Impulse next{};  ///< not yet given out
};

class ImpulseNoise {
 public:
  /// `spec.per_s` > 0. The seed is the run's with the instance's path. Throws std::invalid_argument
  /// for values outside their ranges.
  ImpulseNoise(const NoiseSpec& spec, std::uint64_t run_seed, std::string_view instance);

  const Impulse& next() const { return state_.next; }
  void draw();

  const ImpulseNoiseState& state() const { return state_; }
  void restore(const ImpulseNoiseState& state) { state_ = state; }

 private:
  NoiseSpec spec_;
  ImpulseNoiseState state_;
};

}  // namespace models::lines
