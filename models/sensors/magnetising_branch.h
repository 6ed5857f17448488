// What a current transformer's magnetising inductance does to a current: seen from the burden R it
// lies in parallel, so of a tone of angular frequency ω arrives
//
//   H(ω) = 1 / (1 + R/(jωL)):   gain cos δ,  lead δ = atan(R/(ωL))
//
// R/(ωL) is tan(lead_rad) at 50 Hz and 23 °C; it falls as 1/ω, grows with the copper's temperature
// and where L is less:
//
//   tan δ(f) = tan(lead_rad) · 50 Hz/f · (1 + lead_per_K·ΔT)
//              · (1 + low_current_rise / (1 + I/knee_A)) · (1 + (I_dc/saturation_A)²)
//
// with I the a.c. r.m.s. and I_dc the mean of the stretch, behind a switch if there is one, and of
// what is played from a recording those of one nominal cycle of it. [twin]
// Direct current does not pass; it is taken to have flowed for ever, so nothing settles.
//
// A switched waveform is no sum of a few tones: it is moved as a whole to where its fundamental
// would be, by δ/ω, and takes the fundamental's gain. [twin] Its change from one stretch to the
// next stays where it is. What is played from a recording is taken the same way; its d.c. passes.
#pragma once

#include "models/grid/stretch.h"
#include "models/sensors/front_end_spec.h"
#include "models/thermal/body.h"

namespace models::sensors {

using pins::Ps;

/// The current in the burden, referred to the primary, less the ratio's errors.
class MagnetisingBranch final : public grid::StretchSource {
 public:
  /// `primary` and `body` must outlive this.
  MagnetisingBranch(const grid::StretchSource& primary, const thermal::Body& body,
                    const TransformerSpec& spec);

  void stretch_at(Ps t, grid::Stretch& stretch) const override;
  std::uint64_t note_asked(Ps t) const override;
  /// What a switch lets through on average, of the stretch worked out last: it is in the stretch,
  /// but does not pass. Without a switch 0: the stretch has no d.c. then.
  double blocked_dc_A() const { return blocked_dc_A_; }

  /// tan δ at 50 Hz of a stretch with these.
  double tangent_at_50_Hz(double rms_A, double dc_A, double kelvin) const;

 private:
  void turn_tones(double tangent, grid::Stretch& stretch) const;
  void move_switched(double tangent, double dc_A, grid::Stretch& stretch) const;
  static void move_played(double tangent, grid::Stretch& stretch);

  const grid::StretchSource& primary_;
  const thermal::Body& body_;
  TransformerSpec spec_;
  double tangent_;
  mutable double blocked_dc_A_ = 0;
};

}  // namespace models::sensors
