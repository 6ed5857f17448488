// An analog source for tests: the pieces as listed; the first begins at 0, the last never ends.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "models/pins/analog_source.h"

namespace tests {

using models::pins::Piece;
using models::pins::Ps;
using models::pins::Tone;

class ScriptedSource final : public models::pins::AnalogSource {
 public:
  struct Part {
    Ps start;
    double dc;
    std::vector<Tone> tones;
  };
  explicit ScriptedSource(std::vector<Part> parts) : parts_(std::move(parts)) {}

  void piece_at(Ps t, Piece& piece) const override {
    std::size_t k = parts_.size() - 1;
    while (k > 0 && parts_[k].start > t) --k;
    piece.start = parts_[k].start;
    piece.end = k + 1 < parts_.size() ? parts_[k + 1].start : models::pins::ps_never;
    piece.dc = parts_[k].dc;
    piece.tones = parts_[k].tones;
  }

 private:
  std::vector<Part> parts_;
};

}  // namespace tests
