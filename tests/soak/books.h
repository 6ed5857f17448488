// The meter's energy as an auditor keeps it: what must hold of the counters at any quiet instant,
// of counters and pulses in integers, and of counters and the truth at the terminals.
//
//   sums       total = L1 + L2 + L3, of each tariff, direction and kind, to the picowatt hour
//   order      no counter ever falls, but to the last save when the supply goes without warning
//   pulses     given + owed = energy · rate, on each output, to the last fraction of a pulse
//   truth      what was booked since a steady instant, within 0.1 % and what may be on its way
#pragma once

#include "tests/soak/world.h"

namespace soak {

class Books {
 public:
  explicit Books(World& world) : world_(world) {}

  /// The counters are loaded, what they stood at before is not known: begins anew.
  void open();
  /// The meter is quiet: everything above. Throws Broken.
  void check();
  /// What an EEPROM holds, or a meter has loaded, of which no pulse is under way: pulses alone.
  void audit(const Kept& kept) const {
    if (!rate_written_) check_pulses(kept);
  }
  /// The meter may be at anything: order alone.
  void look();
  /// The rate of the S0 outputs has been written: pulses count from where it holds.
  void rate_changed() { rate_written_ = true; }
  /// The mains failed and what was booked at the warning is there again: pulses go on from where
  /// they were, the truth begins anew when the meter meters again.
  void resume();

  /// How often each was checked, to see that it was.
  struct Tally {
    std::uint64_t sums = 0, pulses = 0, truths = 0;
  };
  const Tally& tally() const { return tally_; }

 private:
  void check_sums(const Kept& kept) const;
  void check_order(const Kept& kept);
  void check_pulses(const Kept& kept) const;
  void check_truth(const Kept& kept);
  void count_pulses();
  void begin_truth(const Kept& kept);

  World& world_;
  Kept last_;                  ///< seen
  Kept pulses_from_;           ///< since when pulses are counted
  bool rate_written_ = false;  ///< and perhaps not yet in force
  std::array<std::int64_t, Kept::outputs> started_from_{};
  bool steady_ = false;  ///< the truth is compared since …
  Ps resumed_ = 0;
  Ps truth_from_ = 0;
  Kept truth_kept_;
  std::array<double, phase_count> unsettled_from_Ws_{};
  Tally tally_;
};

/// Places in Kept (tests/end_to_end/kept.h): part 0 … 2 a phase, 3 the total; kind 0 active, 1
/// reactive; direction 0 forward, 1 reverse; tariff 0, 1.
constexpr std::size_t counter_of(std::size_t tariff, std::size_t part, std::size_t kind,
                                 std::size_t direction) {
  return (tariff * 4 + part) * 4 + kind * 2 + direction;
}

}  // namespace soak
