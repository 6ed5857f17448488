// The exact answer: energy, power and rms from the definition of the waveforms at the meter's
// terminals, in closed form, never from samples.
//
// Directions: a stretch in which nothing is scheduled to change belongs, whole, to the direction of
// its mean power; the ripple at twice the frequency goes with it. So forward and reverse are what a
// meter that books whole cycles tends to. A stretch whose mean power is below 1e-12 of the parts
// it is the sum of (power factor 0) belongs to neither.
// Of a recording that is played, such a stretch is a cycle of its nominal frequency. [twin]
// Several elements (Aron) are summed before the direction is judged.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/grid/stretch.h"
#include "models/truth/product.h"

namespace models::truth {

using grid::Ps;
using grid::StretchSource;

enum class Direction : std::uint8_t { forward, reverse };

/// Both directions, each >= 0 over whole cycles: W·s or var·s.
struct Energy {
  double forward = 0;
  double reverse = 0;
};

/// What stands at an instant, for the stretch around it; d.c. is in P but not in the rms.
struct Quantities {
  double u_rms_V = 0;  ///< a.c. rms, all content
  double i_rms_A = 0;  ///< a.c. rms, all content, behind the switch
  double p_W = 0;      ///< mean active power, all content
  double q_var = 0;    ///< of the fundamental, positive when the current lags
  double s_VA = 0;     ///< √(p² + q²), as the meter defines it
  double frequency_Hz = 0;
};

/// One voltage and the current that goes with it. Both must outlive what refers to them.
struct Element {
  const StretchSource* voltage;
  const StretchSource* current;
};

/// Quantities of one element at `t`.
Quantities quantities_at(const Element& element, Ps t);

class EnergyTruth {
 public:
  /// Energy of the sum of `elements`.
  explicit EnergyTruth(std::vector<Element> elements);

  /// ∫u·i dt from `from` up to `to` >= from, exactly, each stretch in its direction.
  Energy active(Ps from, Ps to) const;
  /// Fundamental reactive power times time: stretches of positive Q forward, of negative reverse.
  Energy reactive(Ps from, Ps to) const;
  /// Mean power times time: `active` without its ripple. Never falls.
  Energy active_smooth(Ps from, Ps to) const;
  /// The first instant at which `active_smooth(0, instant)` has reached `energy_Ws` in that
  /// direction, or ps_never if it is not reached by `limit`. Asks for the waveforms up to `limit`.
  Ps instant_of(Direction direction, double energy_Ws, Ps limit) const;

 private:
  /// [0] forward, [1] reverse.
  struct Sums {
    std::array<long double, 2> active;
    std::array<long double, 2> smooth;
    std::array<long double, 2> reactive;
  };
  /// Where no element's waveforms are scheduled to change.
  struct Span {
    Ps start;
    Ps end;
    double p_W;
    double q_var;
    std::vector<Product> products;
  };
  struct Checkpoint {
    Ps at;
    Sums sums;
  };
  /// What has been said of [0, until) must stay true.
  void note_told(Ps until) const;
  const Span& span_at(Ps t) const;
  static void add(const Span& span, Ps from, Ps to, Sums& sums);
  void add_all(Ps from, Ps to, Sums& sums) const;
  void extend_to(Ps t) const;
  Sums between(Ps from, Ps to) const;

  std::vector<Element> elements_;
  mutable std::vector<Checkpoint> checkpoints_;  ///< at ends of past spans, sums from 0 on
  mutable bool span_known_ = false;
  mutable std::uint64_t revision_ = 0;
  mutable Span span_{};  ///< the one last asked for
  mutable grid::Stretch voltage_{};
  mutable grid::Stretch current_{};
};

}  // namespace models::truth
