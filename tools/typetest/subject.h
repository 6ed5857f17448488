// What is type tested: a version of the meter, what its class demands of it, and the device that is
// to show it.
#pragma once

#include <cstdint>
#include <string>

#include "tools/scenario/scenario.h"

namespace tools::typetest {

/// EN 50470-3 active energy; class B goes with IEC 62053-21 class 1, class C with IEC 62053-22
/// class 0.5 S.
enum class AccuracyClass : std::uint8_t { b, c };

/// Voltage and currents of the nameplate, in V and A (EN 50470-3 3.5; pro380 §1).
struct Ratings {
  double Un = 230;
  double Ist;
  double Ist_reactive;
  double Imin;
  double Itr;
  double Iref;
  double Imax;
  double led_imp_per_kWh = 10'000;
};

/// Of the direct meter 5(100) A, or of the CT meter 1.5(6) A, whose values are secondary.
Ratings ratings_of(bool ct);

/// The device on the bench: its variant, connection, wiring, front end, settings and EEPROM as in a
/// scenario; what the scenario says of its grid is not used.
struct Subject {
  MeterSpec meter;
  AccuracyClass accuracy_class;  ///< what it is held against
  Ratings ratings;
  std::uint64_t seed = 0;

  bool ct() const { return metrology::hal::is_ct(meter.page.variant); }
};

}  // namespace tools::typetest
