// What a filter's group delay does to a waveform: all of it comes so much later, switching and
// changes included. A negative delay asks the source that much into the future. Before the
// waveform's first instant its first piece is taken to hold. [twin]
#pragma once

#include <cstdint>

#include "models/pins/analog_source.h"

namespace models::sensors {

using pins::Ps;

/// At most, either way.
inline constexpr std::int64_t most_delay_ps = std::int64_t{1} * pins::ps_per_ms;

class FilterDelay {
 public:
  /// Throws std::invalid_argument beyond ±1 ms.
  explicit FilterDelay(std::int64_t delay_ps);

  /// The instant of the source that shows at `t`.
  Ps asked_at(Ps t) const;
  /// Moves a piece of the source to where it shows.
  void apply(pins::Piece& piece) const;

 private:
  Ps moved(Ps t) const;

  std::int64_t delay_ps_;
};

/// Phase error in minutes of arc at a frequency, as a delay; positive lags.
std::int64_t delay_of_minutes(double minutes, std::int64_t frequency_nHz);

}  // namespace models::sensors
