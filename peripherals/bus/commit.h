// The payload extension every access carries: the core clock edge at which it commits. Peripherals
// take their time from here and from nowhere else.
#pragma once

#include <tlm>

#include "peripherals/bus/core_clock.h"

namespace peripherals {

struct Commit : tlm::tlm_extension<Commit> {
  Cycle cycle = 0;

  tlm::tlm_extension_base* clone() const override { return new Commit(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    cycle = static_cast<const Commit&>(other).cycle;
  }
};

}  // namespace peripherals
