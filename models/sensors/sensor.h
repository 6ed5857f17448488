// The analog front end between a terminal and its ADC channel (voltage divider, current
// transformer), referred to the terminal: volts and amperes in, volts and amperes out. Without
// errors it passes the waveform on as it is.
#pragma once

#include <cstdint>

#include "models/pins/analog_source.h"

namespace models::sensors {

using pins::Ps;

struct SensorErrors {
  double ratio_error = 0;     ///< 0.001 shows 0.1 % too much; -0.5 … 0.5
  std::int64_t delay_ps = 0;  ///< phase error as a delay of the whole waveform; negative leads;
                              ///< at most 1 ms
  double offset = 0;          ///< d.c. added behind, in V or A
};

/// Phase error in minutes of arc at a frequency, as a delay; positive lags.
std::int64_t delay_of_minutes(double minutes, std::int64_t frequency_nHz);

class Sensor final : public pins::AnalogSource {
 public:
  /// `source` must outlive this. Throws std::invalid_argument for errors out of their range. A
  /// sensor that leads asks its source that much into the future.
  Sensor(const pins::AnalogSource& source, const SensorErrors& errors);
  void piece_at(Ps t, pins::Piece& piece) const override;

 private:
  const pins::AnalogSource& source_;
  SensorErrors errors_;
};

}  // namespace models::sensors
