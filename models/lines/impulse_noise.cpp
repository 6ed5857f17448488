#include "models/lines/impulse_noise.h"

#include <cmath>
#include <stdexcept>

namespace models::lines {

ImpulseNoise::ImpulseNoise(const NoiseSpec& spec, std::uint64_t run_seed, std::string_view instance)
    : spec_(spec) {
  if (!(spec.per_s > 0 && spec.per_s <= 1e5 && spec.volts >= 0 && spec.volts <= 100) ||
      spec.width < 1 || spec.width > 10 * pins::ps_per_ms) {
    throw std::invalid_argument("impulses of a rate, width or height that cannot be");
  }
  state_.random = random::Random(run_seed, instance).state();
  draw();
}

void ImpulseNoise::draw() {
  random::Random random(state_.random);
  const double silence_s = -std::log1p(-random.uniform()) / spec_.per_s;
  // A year without an impulse is never.
  const double silence_ps = std::fmin(silence_s, 3e7) * 1e12;
  const Ps from = state_.next.to + 2 + static_cast<Ps>(silence_ps);
  const bool positive = (random.bits() >> 63) != 0;
  state_.next = {from, from + spec_.width, positive ? spec_.volts : -spec_.volts};
  state_.random = random.state();
}

}  // namespace models::lines
