#include "models/thermal/ambient.h"

#include <algorithm>
#include <stdexcept>

namespace models::thermal {

Ambient::Ambient() { kelvin_.set(0, 0, sensors::reference_temperature_K); }

void Ambient::check(Ps at, double kelvin) const {
  if (!(kelvin >= coldest_K && kelvin <= hottest_K)) {
    throw std::invalid_argument("an ambient temperature lies between -60 and 100 degC");
  }
  if (at < asked_until_) {
    throw std::invalid_argument("the temperature at this instant has been told and cannot change");
  }
}

void Ambient::schedule(Ps at, double kelvin) {
  check(at, kelvin);
  kelvin_.set(at, at, kelvin);
  ++revision_;
}

void Ambient::schedule_ramp(Ps from, Ps to, double kelvin) {
  check(from, kelvin);
  if (to < from) throw std::invalid_argument("a ramp ends after its start");
  kelvin_.set(from, to, kelvin);
  ++revision_;
}

Held Ambient::planned_at(Ps t) const {
  const grid::RmsTrack::Found found = kelvin_.find(t);
  return {found.rms, found.start, found.end};
}

std::uint64_t Ambient::note_asked(Ps t) const {
  asked_until_ = std::max(asked_until_, t + 1);
  return revision_;
}

}  // namespace models::thermal
