// A resistive voltage divider and the filter behind it, referred to the terminal: volts in, volts
// out. Without errors it passes the waveform on as it is.
#pragma once

#include "models/grid/stretch.h"
#include "models/sensors/filter_delay.h"
#include "models/sensors/front_end_spec.h"
#include "models/sensors/reference.h"
#include "models/thermal/body.h"

namespace models::sensors {

class VoltageDivider final : public pins::AnalogSource {
 public:
  /// `source` and `body` must outlive this. Throws std::invalid_argument for errors out of their
  /// range.
  VoltageDivider(const grid::StretchSource& source, const thermal::Body& body,
                 const DividerSpec& spec, const Reference& reference = {});
  void piece_at(Ps t, pins::Piece& piece) const override;

 private:
  const grid::StretchSource& source_;
  const thermal::Body& body_;
  DividerSpec spec_;
  Reference reference_;
  FilterDelay delay_;
};

}  // namespace models::sensors
