// Whether the meter is fed, as one bit: a voltage for the model of its supply.
#pragma once

#include "models/grid/stretch.h"

namespace vmeter {

class MainsSwitch final : public models::grid::StretchSource {
 public:
  using Ps = models::pins::Ps;

  explicit MainsSwitch(bool on) : on_(on) {}
  /// From `t`, the present instant, on.
  void set(Ps t, bool on) {
    since_ = t;
    on_ = on;
    ++revision_;
  }

  void stretch_at(Ps, models::grid::Stretch& stretch) const override {
    constexpr double mains_V = 230;
    stretch = {};
    stretch.start = since_;
    stretch.end = models::pins::ps_never;
    stretch.dc = on_ ? mains_V : 0;
  }
  std::uint64_t note_asked(Ps) const override { return revision_; }

 private:
  bool on_;
  Ps since_ = 0;
  std::uint64_t revision_ = 0;
};

}  // namespace vmeter
