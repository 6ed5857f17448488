// A meter for the laboratory's tests, without any flaw.
#pragma once

#include "tools/typetest/subject.h"

namespace tests {

/// PRO380-Mod 5(100) A, or PRO380-Mod CT 1.5(6) A, with the currents of its nameplate (EN 50470-3;
/// Ist_reactive IEC 62053-23).
inline tools::typetest::Subject ideal_device(bool ct) {
  namespace hal = metrology::hal;
  tools::typetest::Subject subject;
  subject.meter.page.magic = hal::parameter_page_magic;
  subject.meter.page.variant = ct ? hal::MeterVariant::mod_ct : hal::MeterVariant::mod;
  subject.meter.page.s0_rate_centi = 100'000;
  subject.meter.page.serial_hi = ct ? 0x0260 : 0x0257;
  subject.meter.page.serial_lo = 0x1450'0001;
  if (ct) {
    subject.accuracy_class = tools::typetest::AccuracyClass::c;
    subject.ratings = {230, 0.0015, 0.0045, 0.015, 0.075, 1.5, 6};
  } else {
    subject.accuracy_class = tools::typetest::AccuracyClass::b;
    subject.ratings = {230, 0.02, 0.025, 0.25, 0.5, 5, 100};
  }
  subject.seed = 1;
  return subject;
}

}  // namespace tests
