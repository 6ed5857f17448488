#include "models/recordings/recording.h"

#include <cmath>

namespace models::recordings {

namespace {

constexpr long double ps_per_second = 1e12L;

Ps rounded_ps(long double seconds) {
  return static_cast<Ps>(std::llround(seconds * ps_per_second));
}

}  // namespace

std::vector<Ps> Recording::instants() const {
  if (sections.empty()) return at;
  std::vector<Ps> out;
  out.reserve(samples);
  Ps before = 0;
  for (std::size_t s = 0; s < sections.size(); ++s) {
    const std::size_t end = s + 1 < sections.size() ? sections[s + 1].first : samples;
    const auto rate = static_cast<long double>(sections[s].rate_Hz);
    // Counted from the last sample of the rate before, so that nothing is lost within a section.
    const std::size_t origin = s == 0 ? 0 : sections[s].first - 1;
    for (std::size_t k = sections[s].first; k < end; ++k) {
      out.push_back(before + rounded_ps(static_cast<long double>(k - origin) / rate));
    }
    if (!out.empty()) before = out.back();
  }
  return out;
}

Ps Recording::repeats_after() const {
  if (even()) {
    return rounded_ps(static_cast<long double>(samples) /
                      static_cast<long double>(sections.front().rate_Hz));
  }
  const std::vector<Ps> all = instants();
  const Ps last = all.back();
  if (!sections.empty()) {
    return last + rounded_ps(1 / static_cast<long double>(sections.back().rate_Hz));
  }
  return samples > 1 ? last + (last - all[samples - 2]) : last;
}

int Recording::find(const std::string& name) const {
  for (std::size_t k = 0; k < channels.size(); ++k) {
    if (channels[k].name == name) return static_cast<int>(k);
  }
  return -1;
}

}  // namespace models::recordings
