// Judges whether 230 V AC stand on an input behind an opto-coupler, by the share of the time that
// it conducts: while |u| > 120 V, so 0.355 of the time at 100 V, 0.644 at 160 V, 0.760 at 230 V.
//
// The share is that of two blocks of samples, 62.5 ms, and they hold 5.6 … 7.5 half-waves, so it
// depends on where the half-waves lie. Over all phases and 45 … 60 Hz:
//
//                                    least   most
//   100 V                            0.315   0.391
//   160 V                            0.608   0.684
//   160 V, one half-wave missing     0.506
//
// So "on" from 0.50 and "off" below 0.41 tell them apart, missing half-wave or not; and because a
// steady voltage's share wanders by no more than 0.08 it never switches to and fro. A change is
// judged at the latest when two whole blocks lie behind it: within three blocks, 93.75 ms.
#pragma once

#include <cstdint>

namespace metrology::energy {

inline constexpr std::uint32_t mains_on_permille = 500;
inline constexpr std::uint32_t mains_off_permille = 410;
/// Blocks of samples that a judgement looks back.
inline constexpr int mains_judged_blocks = 2;

/// What the core counter and the time that the pin was high said at one instant, low 32 bits.
struct MainsReading {
  std::uint32_t at_cycle;
  std::uint32_t high_cycles;
};

struct MainsInput {
  MainsReading reading[mains_judged_blocks];  ///< the newest ones, oldest first
  int readings;                               ///< taken so far, up to mains_judged_blocks
  bool on;                                    ///< as last judged; false before
};

/// Takes the reading at a block's end, the first one when the blocks begin. Returns whether `on` is
/// judged: not before there are readings two blocks apart.
bool take_reading(MainsInput& input, const MainsReading& reading);

}  // namespace metrology::energy
