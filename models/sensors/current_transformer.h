// A current transformer with its burden and the filter behind it, referred to the terminal: amperes
// in, amperes out. What of the phase's own voltage gets into its channel is added behind it.
// Without errors it passes the waveform on as it is.
#pragma once

#include "models/sensors/filter_delay.h"
#include "models/sensors/front_end_spec.h"
#include "models/sensors/magnetising_branch.h"
#include "models/sensors/reference.h"
#include "models/thermal/body.h"

namespace models::sensors {

class CurrentTransformer final : public pins::AnalogSource {
 public:
  /// `voltage`: the phase's own, for crosstalk. All references must outlive this. Throws
  /// std::invalid_argument for errors out of their range.
  CurrentTransformer(const grid::StretchSource& current, const grid::StretchSource& voltage,
                     const thermal::Body& body, const TransformerSpec& spec,
                     const Reference& reference = {});
  void piece_at(Ps t, pins::Piece& piece) const override;

 private:
  void add_crosstalk(Ps t, pins::Piece& piece) const;

  MagnetisingBranch secondary_;
  const grid::StretchSource& voltage_;
  const thermal::Body& body_;
  TransformerSpec spec_;
  Reference reference_;
  FilterDelay delay_;
  mutable pins::Piece crosstalk_{};
};

}  // namespace models::sensors
