// Plays windows as the firmware does, without its hardware, and keeps an account of its own of
// every output: what was played, what started.
#pragma once

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "metrology/energy/pulse_output.h"

namespace tests {

using namespace metrology;
using namespace metrology::energy;

__extension__ using Native = unsigned __int128;

inline constexpr std::int64_t cycles_per_sample = hal::core_cycles_per_sample;
inline constexpr std::int64_t cycles_per_block = cycles_per_sample * hal::block_samples;
/// Where the firmware plays: 320 samples later less the signal path's 21468 clocks.
inline constexpr std::int64_t play_offset_cycles = 320 * cycles_per_sample - 21'468;
inline constexpr std::int64_t lead_cycles = 25'166;
inline constexpr int s0_forward = static_cast<int>(hal::PulseChannel::s0_forward);
inline constexpr int s0_reverse = static_cast<int>(hal::PulseChannel::s0_reverse);
inline constexpr int led_active = static_cast<int>(hal::PulseChannel::led_active);

struct Started {
  std::int64_t start;
  std::int64_t width;
};

/// All of one output's history, kept apart from the code under test.
struct Reference {
  std::vector<Started> starts;
  Native settled = 0;  ///< phase before `window`, in pWh · 0.01 imp/kWh
  std::uint32_t rate_centi = 0;
};

/// Plays windows as the firmware does: samples come in blocks, windows are known at the end of the
/// block they end in, pulses start when their time has come.
class Player {
 public:
  explicit Player(std::uint32_t s0_rate_centi) {
    reset(state_, s0_rate_centi);
    for (int channel = 0; channel < 4; ++channel) {
      reference_[channel].rate_centi = state_.output[channel].rate_centi;
    }
  }

  /// Adds a window of `samples` samples and 1/65536 with powers in W per output.
  void window(double samples, double forward_W, double reverse_W = 0.0) {
    const std::int64_t begin = end_ticks_;
    const auto ticks = static_cast<std::int64_t>(samples * 65536.0) * 3;
    end_ticks_ += ticks;
    const double hours = static_cast<double>(ticks) / 32.0 / 25'165'824.0 / 3600.0;
    PlayWindow made{begin + play_offset_cycles * 32, end_ticks_ + play_offset_cycles * 32, {}};
    const auto pWh = [&](double power) {
      return static_cast<std::uint64_t>(std::llround(power * hours * 1e12));
    };
    made.energies.output_pWh[s0_forward] = pWh(forward_W);
    made.energies.output_pWh[s0_reverse] = pWh(reverse_W);
    made.energies.output_pWh[led_active] = pWh(forward_W) + pWh(reverse_W);
    waiting_.push_back(made);
    all_.push_back(made);
    while ((block_ + 1) * cycles_per_block * 32 < end_ticks_) next_block();
  }

  void rate(std::uint32_t rate_centi) {
    start_until(now_);
    change_s0_rate(state_, rate_centi, now_);
    settle_reference(now_ + 1);
    for (const int channel : {s0_forward, s0_reverse}) {
      state_.output[channel].armed = false;
      reference_[channel].rate_centi = rate_centi;
      arm(channel, now_ + lead_cycles);
    }
  }

  /// Checks the identity at `at` clocks for an output; pulses due in [t, t + 1) start at t.
  void check_identity(std::int64_t at, int channel) const {
    std::int64_t started = 0;
    for (const Started& pulse : reference_[channel].starts) started += pulse.start <= at ? 1 : 0;
    REQUIRE(started == due(at, channel) - debt(state_, channel, at));
    REQUIRE(debt(state_, channel, at) >= 0);
  }

  /// Whole pulses' worth of energy played before the end of clock `at`.
  std::int64_t due(std::int64_t at, int channel) const {
    Native whole = 0;
    const Native one = Native{100'000'000} * 1'000'000'000;
    const std::int64_t at_ticks = (at + 1) * 32;
    Native sum = reference_[channel].settled;
    for (std::size_t n = settled_windows_; n < all_.size(); ++n) {
      const PlayWindow& window = all_[n];
      if (window.begin_ticks >= at_ticks) break;
      const Native gain =
          Native{window.energies.output_pWh[channel]} * reference_[channel].rate_centi;
      if (window.end_ticks <= at_ticks) {
        sum += gain;
        continue;
      }
      const auto length = static_cast<Native>(window.end_ticks - window.begin_ticks);
      const auto elapsed = static_cast<Native>(at_ticks - window.begin_ticks);
      whole = sum / one;
      const Native rest = (sum - whole * one) * length + gain * elapsed;
      return static_cast<std::int64_t>(whole + (rest == 0 ? 0 : (rest - 1) / (one * length)));
    }
    return static_cast<std::int64_t>(sum / one);
  }

  std::int64_t now() const { return now_; }
  std::int64_t owed(int channel) const { return debt(state_, channel, now_); }
  const std::vector<Started>& starts(int channel) const { return reference_[channel].starts; }
  /// Power in W of what an output plays at a clock.
  double power_at(std::int64_t cycle, int channel) const {
    for (const PlayWindow& window : all_) {
      if (cycle * 32 >= window.end_ticks) continue;
      const double seconds =
          static_cast<double>(window.end_ticks - window.begin_ticks) / 32.0 / 25'165'824.0;
      return static_cast<double>(window.energies.output_pWh[channel]) * 1e-12 * 3600.0 / seconds;
    }
    return 0.0;
  }

 private:
  void next_block() {
    ++block_;
    const std::int64_t arrival = block_ * cycles_per_block + 160'000;  // computing takes its time
    start_until(arrival);
    now_ = arrival;
    for (int channel = 0; channel < 4; ++channel) {
      for (std::int64_t back = 0; back < cycles_per_block; back += 98'765) {
        if (now_ - back > 0) check_identity_settled(now_ - back, channel);
      }
    }
    settle(state_, now_);
    std::size_t taken = 0;
    for (const PlayWindow& window : waiting_) {
      const std::int64_t content_end = window.end_ticks - play_offset_cycles * 32;
      if (content_end > block_ * cycles_per_block * 32) break;
      push(state_, window);
      ++taken;
      for (int channel = 0; channel < 4; ++channel) {
        if (!state_.output[channel].armed) arm(channel, now_ + 1);
      }
    }
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(taken));
  }

  /// As check_identity, but debt() knows only instants after the last settling.
  void check_identity_settled(std::int64_t at, int channel) const {
    if (at * 32 < settled_until_ticks()) return;
    std::int64_t started = 0;
    for (auto pulse = reference_[channel].starts.rbegin();
         pulse != reference_[channel].starts.rend() && pulse->start > at; ++pulse) {
      ++started;
    }
    // debt() counts pulses started later as started: put them back.
    const std::int64_t owed_then = debt(state_, channel, at) + started;
    REQUIRE(owed_then >= 0);
    REQUIRE(static_cast<std::int64_t>(reference_[channel].starts.size()) - started ==
            due(at, channel) - owed_then);
  }

  std::int64_t settled_until_ticks() const {
    return state_.count == 0 ? now_ * 32 : state_.window[state_.first].begin_ticks;
  }

  void settle_reference(std::int64_t cycle) {
    // Moves the reference's own settled sum to `cycle`, splitting the window there.
    const std::int64_t at_ticks = cycle * 32;
    while (settled_windows_ < all_.size() && all_[settled_windows_].begin_ticks < at_ticks) {
      PlayWindow& window = all_[settled_windows_];
      const bool whole = window.end_ticks <= at_ticks;
      for (int channel = 0; channel < 4; ++channel) {
        std::uint64_t& energy = window.energies.output_pWh[channel];
        const auto played = static_cast<std::uint64_t>(
            whole ? Native{energy}
                  : Native{energy} * static_cast<Native>(at_ticks - window.begin_ticks) /
                        static_cast<Native>(window.end_ticks - window.begin_ticks));
        reference_[channel].settled += Native{played} * reference_[channel].rate_centi;
        energy -= played;
      }
      if (!whole) {
        window.begin_ticks = at_ticks;
        return;
      }
      ++settled_windows_;
    }
  }

  void arm(int channel, std::int64_t earliest) {
    const PulsePlan planned = plan(state_, channel, earliest);
    if (!planned.known) return;
    // The requirement: nothing is armed for the past.
    REQUIRE(planned.start_cycle > now_);
    OutputState& output = state_.output[channel];
    output.armed = true;
    output.armed_start_cycle = planned.start_cycle;
    output.armed_width_cycles = planned.width_cycles;
  }

  void start_until(std::int64_t cycle) {
    for (int channel = 0; channel < 4; ++channel) {
      OutputState& output = state_.output[channel];
      while (output.armed && output.armed_start_cycle <= cycle) {
        now_ = output.armed_start_cycle;
        const Started pulse{output.armed_start_cycle, output.armed_width_cycles};
        std::vector<Started>& starts = reference_[channel].starts;
        if (!starts.empty()) {
          REQUIRE(pulse.start >= starts.back().start + starts.back().width + pulse_gap_cycles);
        }
        starts.push_back(pulse);
        pulse_started(state_, channel, pulse.start, output.armed_width_cycles);
        arm(channel, output.free_from_cycle);
      }
    }
    now_ = cycle;
  }

  PulseState state_;
  Reference reference_[4];
  std::vector<PlayWindow> waiting_;
  std::vector<PlayWindow> all_;
  std::size_t settled_windows_ = 0;
  std::int64_t end_ticks_ = 0;
  std::int64_t block_ = 0;
  std::int64_t now_ = 0;
};

}  // namespace tests
