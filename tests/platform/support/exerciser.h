// A firmware for tests that does on purpose what a real one avoids: it polls everything, arms
// pulses a few clocks ahead, nests interrupts, reads DMA blocks half written, resets itself, and
// lets every value it reads decide what it does next. So if one access sees another state in one
// of the two sync modes, the logs part for good.
#pragma once

#include "platform/firmware_core.h"
#include "tests/platform/support/dice.h"

namespace test {

struct ExerciserSettings {
  std::uint64_t seed = 1;
  /// One action in this many is a software reset or a bus error; 0 for none.
  std::uint32_t one_reset_in = 400;
  /// Whether the watchdog may be started, which is then fed too seldom.
  bool starts_watchdog = true;
  /// One action in this many is a wait for an interrupt.
  std::uint32_t one_sleep_in = 12;
  /// Conversion never stops, and some blocks of the DMA's wait until the next overruns them.
  bool lets_blocks_overrun = false;
};

platform::FirmwareFactory exerciser(const ExerciserSettings& settings);

}  // namespace test
