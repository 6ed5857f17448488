#include "tools/embedding/sampled_source.h"

#include <algorithm>

namespace vmeter {
namespace {

/// The ADC looks back 128 sample sets and a filter's window, 32 ms.
constexpr Ps remembered_ps = 100 * models::pins::ps_per_ms;

}  // namespace

void SampledSource::change(Ps at, double value) {
  if (steps_.back().from == at) {
    steps_.back().value = value;
    return;
  }
  while (steps_.size() > 1 && steps_[1].from + remembered_ps < at) steps_.pop_front();
  steps_.push_back({at, value});
}

void SampledSource::piece_at(Ps t, models::pins::Piece& piece) const {
  const auto next =
      std::upper_bound(steps_.begin() + 1, steps_.end(), t,
                       [](Ps instant, const Step& step) { return instant < step.from; });
  const auto step = next - 1;
  piece.start = step->from;
  piece.end = next == steps_.end() ? models::pins::ps_never : next->from;
  piece.dc = step->value;
  piece.tones.clear();
  piece.line.clear();
}

}  // namespace vmeter
