#include "tools/engine/crystal_drift.h"

#include <cstdlib>

namespace tools {

CrystalDrift::CrystalDrift(const models::thermal::Body& body, const MeterSpec& spec)
    : body_(body), crystal_(spec.sensors.crystal), constant_ppb_(spec.crystal_ppb) {}

std::int32_t CrystalDrift::at_start() {
  set_ppb_ = wanted_ppb(body_.planned_at(0).kelvin);
  return set_ppb_;
}

void CrystalDrift::attach(platform::Meter& meter, Script& script) {
  meter_ = &meter;
  if (!moves()) return;
  next_ = body_.planned_at(0).end;
  script.add(*this);
}

void CrystalDrift::set_constant(Ps t, std::int32_t ppb) {
  constant_ppb_ = ppb;
  set(wanted_ppb(body_.planned_at(t).kelvin));
}

void CrystalDrift::world_changed(Ps t) {
  if (moves()) advance(t);
}

void CrystalDrift::restore(const State& state) {
  constant_ppb_ = state.constant_ppb;
  set_ppb_ = state.set_ppb;
  next_ = state.next;
}

void CrystalDrift::take_over(std::int32_t set_ppb) {
  const std::int32_t wanted = set_ppb_;
  set_ppb_ = set_ppb;
  if (wanted != set_ppb) set(wanted);
}

void CrystalDrift::advance(Ps t) {
  const models::thermal::Held held = body_.planned_at(t);
  const std::int32_t ppb = wanted_ppb(held.kelvin);
  if (std::abs(ppb - set_ppb_) >= step_ppb) set(ppb);
  next_ = held.end;
}

std::int32_t CrystalDrift::wanted_ppb(double kelvin) const {
  return models::sensors::crystal_ppb(crystal_, kelvin, constant_ppb_);
}

void CrystalDrift::set(std::int32_t ppb) {
  set_ppb_ = ppb;
  meter_->set_crystal_ppb(ppb);
}

}  // namespace tools
