// A terminal at which nothing ever changes: an open channel, or a temperature.
#pragma once

#include "models/grid/stretch.h"

namespace models::grid {

class Constant final : public StretchSource {
 public:
  explicit Constant(double value) : value_(value) {}
  void stretch_at(Ps t, Stretch& stretch) const override;
  std::uint64_t note_asked(Ps t) const override;

 private:
  double value_;
};

}  // namespace models::grid
