// A line as a network: what its ends do, and where that leads what each receiver sees.
//
// What a line is made of (cable, loads, light) is the business of the networks derived from this:
// rs485_network.h, mbus_network.h, optical_network.h. All of them boil down to one quantity a
// receiver, in volts, and one time constant with which it goes where the drivers send it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "models/lines/line_spec.h"

namespace models::lines {

/// Some of a line's ends, a bit each.
struct EndSet {
  constexpr EndSet() = default;
  /// The first 64 ends by their bits.
  constexpr EndSet(std::uint64_t first) : low(first) {}

  constexpr bool has(int end) const {
    return ((end < 64 ? low >> end : high >> (end - 64)) & 1) != 0;
  }
  constexpr void put(int end, bool in) {
    std::uint64_t& word = end < 64 ? low : high;
    const std::uint64_t bit = std::uint64_t{1} << (end < 64 ? end : end - 64);
    word = in ? word | bit : word & ~bit;
  }
  constexpr bool several() const {
    return (low & (low - 1)) != 0 || (high & (high - 1)) != 0 || (low != 0 && high != 0);
  }
  constexpr bool operator==(const EndSet& other) const {
    return low == other.low && high == other.high;
  }

  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
static_assert(most_ends <= 128, "an EndSet has two words");

/// Which ends drive and at which level; a released end's level is 0.
struct Drivers {
  EndSet on;
  EndSet mark;

  bool operator==(const Drivers& other) const { return on == other.on && mark == other.mark; }
};

/// Where what the receivers see goes while the drivers stay as they are; by end.
struct NetworkState {
  std::vector<double> volts;   ///< wires unswapped
  std::vector<double> tau_ps;  ///< of the first-order approach to it
};

/// How an end listens.
struct Reception {
  double position_m;   ///< along the line
  double orientation;  ///< −1: swapped, 1: not
  Thresholds receiver;
  NoiseSpec noise;
};

class Network {
 public:
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  virtual ~Network() = default;

  /// The state under these drivers; worked out once. Valid until the next call.
  const NetworkState& under(const Drivers& drivers) const;
  /// Whether drivers that do this are too many at once.
  virtual bool collides(const Drivers& drivers) const = 0;

  /// By end.
  const std::vector<Reception>& ends() const { return ends_; }

  /// From one end to another at the speed of the wave.
  Ps travel(int from, int to) const;
  Ps longest_travel() const { return longest_travel_; }
  /// So long after a change reflections last, until what is left is below 5 %, and what part of the
  /// change they are worth meanwhile; 0 without.
  Ps ringing() const { return ringing_; }
  double ringing_share() const { return ringing_share_; }

 protected:
  Network() = default;
  /// Throws std::invalid_argument for more than most_ends ends and thresholds the wrong way round.
  void set_ends(std::vector<Reception> ends, double length_m);
  void set_ringing(Ps ringing, double share);

 private:
  struct Hash {
    std::size_t operator()(const Drivers& drivers) const;
  };

  virtual NetworkState solve(const Drivers& drivers) const = 0;

  std::vector<Reception> ends_;
  Ps longest_travel_ = 0;
  Ps ringing_ = 0;
  double ringing_share_ = 0;
  mutable std::unordered_map<Drivers, NetworkState, Hash> known_;
};

}  // namespace models::lines
