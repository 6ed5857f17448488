// The pulse outputs' arithmetic: booked windows are played evenly, a constant time later, and each
// output owes a pulse whenever the energy played reaches a whole one. No hardware in here.
//
// For each output, at every core clock t:
//   pulses started (t) = floor(energy played (t) · rate) − debt (t),   debt >= 0, never dropped.
#pragma once

#include <cstdint>

#include "metrology/energy/booking.h"
#include "metrology/energy/pulse_width.h"
#include "metrology/hal/memory_map.h"

namespace metrology::energy {

/// One whole pulse in units of picowatt hours × 0.01 imp/kWh.
inline constexpr std::uint64_t whole_pulse = 100'000'000'000'000'000U;
/// Rate of both LEDs in 0.01 imp/kWh.
inline constexpr std::uint32_t led_rate_centi = 1'000'000;

/// A booked window on the play-out's time axis: ticks of 1/32 core clock, 0 = core counter 0.
struct PlayWindow {
  std::int64_t begin_ticks;
  std::int64_t end_ticks;
  PulseEnergies energies;
};

struct OutputState {
  std::uint64_t fraction;    ///< of a pulse, at the first window's begin: 0 … whole_pulse − 1
  std::int64_t balance;      ///< whole pulses due before the first window, less all that started
  std::uint32_t rate_centi;  ///< 0.01 imp/kWh
  bool armed;                ///< a start is in the pulse timer
  bool postponed;            ///< idle, but owes a pulse that cannot start in a window known so far
  std::int64_t armed_start_cycle;
  std::uint32_t armed_width_cycles;
  std::int64_t free_from_cycle;  ///< end of the last pulse plus the gap
  std::uint64_t pulses;          ///< started since reset
};

/// Windows not yet wholly played: at most four end in a block of 128 samples, and one is played
/// within 320 samples of its end.
inline constexpr int play_ring_size = 16;

struct PulseState {
  PlayWindow window[play_ring_size];
  std::uint32_t first;
  std::uint32_t count;
  OutputState output[hal::pulse::channel_count];
};

/// A pulse to arm in the timer.
struct PulsePlan {
  bool known;  ///< false: none starts within the windows known so far
  bool due;    ///< one is due within them or before, if it may start in them or not
  std::int64_t start_cycle;
  std::uint32_t width_cycles;
  std::uint32_t windows;  ///< gone through for it
};

/// Outputs without debt; S0 at `s0_rate_centi`.
void reset(PulseState& state, std::uint32_t s0_rate_centi);

/// Appends a window, which must not begin before the last one ends. When the ring is full the
/// oldest window's pulses become due at once.
void push(PulseState& state, const PlayWindow& window);

/// Forgets windows wholly played at core clock `now`; their pulses stay owed. Returns their number.
std::uint32_t settle(PulseState& state, std::int64_t now_cycle);

/// The next start of output `channel`: when it is due (rounded down to a core clock), the gap has
/// passed, and not before `earliest_cycle`; its width is that of the power played then.
PulsePlan plan(const PulseState& state, int channel, std::int64_t earliest_cycle);

/// The pulse of `width_cycles` started at `start_cycle`.
void pulse_started(PulseState& state, int channel, std::int64_t start_cycle,
                   std::uint32_t width_cycles);

/// Changes the rate of both S0 outputs after core clock `now`. Fraction and debt stay as they are;
/// only energy played later counts at the new rate.
void change_s0_rate(PulseState& state, std::uint32_t rate_centi, std::int64_t now_cycle);

/// Pulses due up to and with core clock `now` that have not started.
std::int64_t debt(const PulseState& state, int channel, std::int64_t now_cycle);

}  // namespace metrology::energy
