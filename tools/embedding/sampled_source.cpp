#include "tools/embedding/sampled_source.h"

#include <algorithm>

namespace vmeter {
namespace {

/// The ADC looks back 128 sample sets and a filter's window, 32 ms.
constexpr Ps remembered_ps = 100 * models::pins::ps_per_ms;

/// So many steps are told at a time. A step of its own would cost the sampler thirty times as much.
constexpr std::ptrdiff_t most_steps = 256;

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
  auto step = next - 1;
  const auto last = step + std::min(most_steps, steps_.end() - 1 - step);
  piece.start = step->from;
  piece.tones.clear();
  piece.line.clear();
  if (step == last) {  // nobody knows how long it holds
    piece.end = models::pins::ps_never;
    piece.dc = step->value;
    return;
  }
  piece.end = last->from;
  piece.dc = 0;
  for (; step != last; ++step) {
    // Level up to the picosecond before the next step.
    piece.line.push_back({step->from, step->value});
    const Ps level_until = (step + 1)->from - 1;
    if (level_until > step->from) piece.line.push_back({level_until, step->value});
  }
  piece.line.push_back({last->from, last->value});
}

}  // namespace vmeter
