// A terminal with a constant value.
#pragma once

#include "models/pins/analog_source.h"

namespace test {

class Steady : public models::pins::AnalogSource {
 public:
  explicit Steady(double value) : value_(value) {}
  void piece_at(models::pins::Ps, models::pins::Piece& piece) const override {
    piece.start = 0;
    piece.end = models::pins::ps_never;
    piece.dc = value_;
    piece.tones.clear();
  }

 private:
  double value_;
};

/// `before` until `at`, `after` from then on.
class SteadyStep : public models::pins::AnalogSource {
 public:
  SteadyStep(double before, models::pins::Ps at, double after)
      : before_(before), at_(at), after_(after) {}
  void piece_at(models::pins::Ps t, models::pins::Piece& piece) const override {
    const bool first = t < at_;
    piece.start = first ? 0 : at_;
    piece.end = first ? at_ : models::pins::ps_never;
    piece.dc = first ? before_ : after_;
    piece.tones.clear();
  }

 private:
  double before_;
  models::pins::Ps at_;
  double after_;
};

}  // namespace test
