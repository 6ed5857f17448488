// What crosses an analog terminal: a waveform given piece by piece as a sum of pure tones and
// perhaps a line through points, so that whoever samples it can do so analytically. Value at time t
// within a piece:
//
//   dc + Σ amplitude · sin(2π · (phase_turns + frequency · (t − origin))) + line(t)
//
// A line is straight from each of its points to the next: it is how a recording is played.
#pragma once

#include <cstdint>
#include <vector>

#include "models/pins/time.h"

namespace models::pins {

struct Tone {
  double amplitude;            ///< peak, in the source's unit (V, A, K)
  std::int64_t frequency_nHz;  ///< up to 150 kHz
  Ps origin;                   ///< where the phase is given; at or before any t it is used for
  double phase_turns;          ///< phase at origin, in turns
};

/// A corner of a line.
struct Point {
  Ps at;
  double value;
};

/// The waveform on [start, end).
struct Piece {
  Ps start;
  Ps end;
  double dc;
  std::vector<Tone> tones;
  /// Rising in time, the first at or before `start`, the last at or after `end`; empty for none.
  std::vector<Point> line{};
};

class AnalogSource {
 public:
  AnalogSource() = default;
  AnalogSource(const AnalogSource&) = delete;
  AnalogSource& operator=(const AnalogSource&) = delete;
  virtual ~AnalogSource() = default;

  /// Writes the piece that holds at `t` (start <= t < end) to `piece`, reusing its storage. A
  /// sample at exactly t sees the piece that starts at t. What has once been told of the past
  /// never changes; the future may be rescheduled by world events at or after their own time.
  virtual void piece_at(Ps t, Piece& piece) const = 0;
};

}  // namespace models::pins
