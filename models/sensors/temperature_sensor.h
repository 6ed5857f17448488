// The meter's own temperature sensor: kelvin in, kelvin out, off by a constant. It has a reference
// of its own, so the drift of the measuring channels' reference does not show in it. [twin]
#pragma once

#include "models/pins/analog_source.h"
#include "models/thermal/body.h"

namespace models::sensors {

using pins::Ps;

class TemperatureSensor final : public pins::AnalogSource {
 public:
  /// `body` must outlive this.
  TemperatureSensor(const thermal::Body& body, double error_K) : body_(body), error_K_(error_K) {}

  void piece_at(Ps t, pins::Piece& piece) const override {
    const thermal::Held held = body_.held_at(t);
    piece.start = held.start;
    piece.end = held.end;
    piece.dc = held.kelvin + error_K_;
    piece.tones.clear();
  }

 private:
  const thermal::Body& body_;
  double error_K_;
};

}  // namespace models::sensors
