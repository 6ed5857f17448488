// The product of two sums of tones, one of them perhaps behind a switch, as a sum of cosines: what
// power is made of. What is played from a recording is multiplied as the lines it is. Integrals are
// closed forms; phases are integers until the last step, so they are as good after a day as in the
// first cycle.
#pragma once

#include <cstdint>
#include <vector>

#include "models/grid/stretch.h"

namespace models::truth {

using grid::Gate;
using grid::Phase;
using grid::Ps;
using grid::Stretch;

class Product {
 public:
  /// a · b. If both have a switch it must be the same one (a switched current squared).
  Product(const Stretch& a, const Stretch& b);

  /// ∫ a·b dt over [from, to) in units of a·b·s. Of a switched product, whole periods are summed as
  /// a geometric series with the switch's exact instants; the parts before and after are integrated
  /// between instants rounded to the picosecond.
  long double integral(Ps from, Ps to) const;
  /// What the integral tends to, divided by time; where something is played, that of the stretch
  /// that both share: a cycle.
  double mean() const;
  /// Sum of the magnitudes of all parts: the scale against which a mean is zero.
  double scale() const;

 private:
  /// amplitude · cos 2π(phase + frequency · (t − reference_))
  struct Cosine {
    double amplitude;
    std::int64_t frequency_nHz;  ///< >= 0
    double phase_turns;
  };
  /// weight · ∫ a channel · its partner dt, of two channels or of one and a tone.
  struct PlayedPair {
    int a;
    int b;
    double weight;
  };
  struct PlayedTone {
    int channel;
    double weight;  ///< tone's amplitude included
    std::int64_t frequency_nHz;
    double phase_turns;  ///< of the tone's sine at the recording's 0
  };
  void add_played(const Stretch& a, const Stretch& b);
  void add_played_tones(const grid::Played& played, const Stretch& other);
  long double played_integral(Ps from, Ps to) const;
  void add(double amplitude, std::int64_t frequency_nHz, double phase_turns);
  long double plain(Ps from, Ps to) const;
  long double switched(Ps from, Ps to) const;
  long double whole_periods(grid::Int128 first_edge, grid::Int128 periods) const;
  long double one_interval(const Cosine& cosine, grid::Int128 edge, Phase length,
                           grid::Int128 periods) const;
  /// How far the cosine's phase lags behind whole turns after a period of the switch, as a
  /// numerator over the switch's frequency, −½ … ½ turn.
  grid::Int128 slip(const Cosine& cosine) const;

  Ps reference_;
  Gate gate_;
  std::vector<Cosine> cosines_;
  const recordings::Playback* playback_ = nullptr;
  grid::Int128 origin_ = 0;  ///< the recording's 0
  Ps start_;                 ///< of the stretch that both share
  Ps end_;
  double played_scale_ = 0;
  std::vector<PlayedPair> pairs_;
  std::vector<PlayedTone> tones_;
};

}  // namespace models::truth
