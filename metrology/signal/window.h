// The measuring window: what the signal path hands to the energy path. Normally one cycle of the
// reference phase's voltage, from one interpolated rising zero crossing to the next.
#pragma once

#include <cstdint>

namespace metrology::signal {

/// An instant on the firmware's time axis in 1/65536 of a sample period. 0 is the arrival of
/// sample set 0; a set's content lies `signal_delay` earlier (see signal_path.h).
using SampleTime = std::int64_t;
inline constexpr SampleTime one_sample = 65536;

/// A phase's sums over the window, boundary samples split at the window's ends. Units: codes of
/// 1/16 LSB, so products are 1/256 LSB², times samples; divide by the window's length for means.
/// p is free of the voltage channel's offset, and so of d.c. power; u2 and i2 are a.c. only if the
/// window is regular (see window_sums.h).
struct PhaseSums {
  std::int64_t u2;
  std::int64_t i2;
  std::int64_t p;  ///< active: Σ u·i
  std::int64_t q;  ///< reactive of the fundamental, positive when the current lags; one filter
                   ///< delay older than p
};

struct Window {
  SampleTime begin;
  SampleTime end;
  bool regular;  ///< both ends are crossings of the same phase, one cycle apart
  PhaseSums phase[3];
};

}  // namespace metrology::signal
