// What the outputs have given and what they owe, as a task reports it while pulses start: for each
// output and core clock  pulses started (t) = floor(energy played (t) · rate) − debt (t).
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "metrology/app/pulse_driver.h"
#include "metrology/app/time_axis.h"
#include "metrology/energy/booking.h"
#include "metrology/energy/pulse_output.h"
#include "tests/metrology/firmware_loads.h"

using namespace metrology;
using hal::MailboxOperation;
using hal::PulseChannel;
using namespace tests;

namespace {

__extension__ using Native = unsigned __int128;

constexpr std::uint32_t debt_row(int channel) {
  return 0xF000 + 4 * static_cast<std::uint32_t>(channel);
}
constexpr std::uint32_t count_row(int channel) { return debt_row(channel) + 0x10; }

std::int64_t started_until(const std::vector<Pulse>& pulses, std::int64_t cycle) {
  return std::upper_bound(pulses.begin(), pulses.end(), cycle,
                          [](std::int64_t at, const Pulse& pulse) { return at < pulse.start; }) -
         pulses.begin();
}

/// splitmix64
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t bound) {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return (z ^ (z >> 31U)) % bound;
  }

 private:
  std::uint64_t state_;
};

/// The energy an output has to play, from the signal path and the booking alone.
class Played {
 public:
  Played(const hal::ParameterPage& page, const SampleSource& samples, std::int64_t adc_start,
         std::int64_t sets) {
    signal::SignalState path;
    signal::reset(path);
    const energy::BookingSetup setup =
        energy::make_booking_setup(page, energy::reference_conditions);
    energy::EnergyState booked{};
    for (std::int64_t set = 0; set < sets; set += hal::block_samples) {
      signal::Window windows[signal::max_windows_per_block];
      const Block block = samples(set);
      const int count = signal::process_block(path, {}, block.data(), windows);
      for (int n = 0; n < count; ++n) {
        windows_.push_back({app::play_ticks(windows[n].begin, adc_start),
                            app::play_ticks(windows[n].end, adc_start),
                            energy::book(booked, setup, windows[n])});
      }
    }
  }

  /// Energy played before the end of clock `cycle`, exactly at a rate change: whole pWh.
  void change_rate(std::int64_t cycle) {
    const std::int64_t at = (cycle + 1) * 32;
    for (std::size_t n = 0; n < windows_.size(); ++n) {
      energy::PlayWindow& window = windows_[n];
      if (at <= window.begin_ticks || at >= window.end_ticks) continue;
      energy::PlayWindow earlier = window;
      earlier.end_ticks = at;
      window.begin_ticks = at;
      for (int channel = 0; channel < 4; ++channel) {
        std::uint64_t& energy = window.energies.output_pWh[channel];
        const auto played = static_cast<std::uint64_t>(
            Native{energy} * static_cast<Native>(at - earlier.begin_ticks) /
            static_cast<Native>(earlier.end_ticks - earlier.begin_ticks + window.end_ticks - at));
        earlier.energies.output_pWh[channel] = played;
        energy -= played;
      }
      windows_.insert(windows_.begin() + static_cast<std::ptrdiff_t>(n), earlier);
      return;
    }
  }

  /// Pulses due up to and with clock `cycle`. `rates`: from which clock on which rate holds.
  struct Rate {
    std::int64_t after_cycle;
    std::uint32_t centi;
  };
  std::int64_t due(std::int64_t cycle, int channel, const std::vector<Rate>& rates) const {
    const std::int64_t end = (cycle + 1) * 32;
    const Native whole = Native{100'000'000} * 1'000'000'000;
    Native phase = 0;
    for (const energy::PlayWindow& window : windows_) {
      if (window.begin_ticks >= end) break;
      std::uint32_t centi = 0;
      for (const Rate& rate : rates) {
        if ((rate.after_cycle + 1) * 32 <= window.begin_ticks) centi = rate.centi;
      }
      const Native gain = Native{window.energies.output_pWh[channel]} * centi;
      if (window.end_ticks <= end) {
        phase += gain;
        continue;
      }
      // A pulse is due when its energy is reached strictly before the clock's end.
      const auto length = static_cast<Native>(window.end_ticks - window.begin_ticks);
      const Native before = phase / whole;
      const Native rest =
          (phase - before * whole) * length + gain * static_cast<Native>(end - window.begin_ticks);
      return static_cast<std::int64_t>(before + (rest == 0 ? 0 : (rest - 1) / (whole * length)));
    }
    return static_cast<std::int64_t>(phase / whole);
  }

 private:
  std::vector<energy::PlayWindow> windows_;
};

}  // namespace

TEST_CASE("Debt and pulse rows are right however close a reading is to a pulse's start") {
  // 69 kW at 10 000 imp/kWh: LED and S0 start 192 times a second, together, and owe nothing.
  const hal::ParameterPage page = page_of(hal::MeterVariant::mod, 1'000'000);
  const SampleSource samples = remembered(steady(load({100, 100, 100}, 0.0)));
  FakeMcu undisturbed(page, samples);
  undisturbed.run(cycles(4.5));
  const std::vector<Pulse> pulses = undisturbed.pulses(PulseChannel::led_active);
  REQUIRE(pulses.size() > 700);

  FakeMcu mcu(page, samples);
  std::vector<std::int64_t> asked;
  std::int64_t offset = -500;
  for (std::size_t k = 20; k + 1 < pulses.size(); ++k) {
    const std::uint32_t row = k % 3 == 0 ? count_row(0) : debt_row(k % 3 == 1 ? 0 : 2);
    asked.push_back(pulses[k].start + offset);
    mcu.request({asked.back(), MailboxOperation::read_row, row, 0});
    // Clock by clock around the accesses, then through the planning of the next pulses.
    offset += offset < 100 ? 1 : 300;
  }
  mcu.run(cycles(4.5));
  REQUIRE(mcu.replies().size() == asked.size());
  for (std::size_t n = 0; n < asked.size(); ++n) {
    const Reply& reply = mcu.replies()[n];
    CAPTURE(n, asked[n] - pulses[n + 20].start);
    if ((n + 20) % 3 != 0) {
      REQUIRE(reply.words[0] == 0);
      continue;
    }
    const std::int64_t count = reply.words[0];
    REQUIRE(count >= started_until(mcu.pulses(PulseChannel::led_active), asked[n]));
    REQUIRE(count <= started_until(mcu.pulses(PulseChannel::led_active), reply.at_cycle));
  }
}

TEST_CASE("No reading of the counter takes its halves from two of its turns") {
  // As above, but the pulse starts where the counter's low word overflows: a handler that reads the
  // counter between a task's two accesses would leave it 2^32 clocks in the future.
  const hal::ParameterPage page = page_of(hal::MeterVariant::mod, 1'000'000);
  const SampleSource samples = remembered(steady(load({100, 100, 100}, 0.0)));
  FakeMcu undisturbed(page, samples);
  undisturbed.run(cycles(0.5));
  const std::int64_t start = undisturbed.pulses(PulseChannel::led_active).at(40).start;
  for (std::int64_t distance = -300; distance <= 60; distance += 4) {
    FakeMcu mcu(page, samples);
    const std::int64_t begin = (std::int64_t{1} << 32) - start - 60;
    mcu.start_counter_at(begin);
    mcu.request({begin + start + distance, MailboxOperation::read_row, debt_row(0), 0});
    mcu.run(begin + start + 40'000);
    REQUIRE(mcu.replies().size() == 1);
    CAPTURE(distance);
    REQUIRE(mcu.replies()[0].words[0] == 0);
  }
}

TEST_CASE("Debt is paid without a pause when its output is given nothing more") {
  // 3 × 230 V · 6 A · 300 = 1.24 MW at 10 000 imp/kWh: 3 450 pulses a second are due, 285 given.
  // Then nothing: pulses of 40 ms, one after the other, and each begins beyond the windows that
  // were known when the one before began.
  hal::ParameterPage page = page_of(hal::MeterVariant::mod_ct, 1'000'000);
  page.ct_primary_A = 1500;
  constexpr std::int64_t stop_set = 4096;
  const SixChannels on = load({6, 6, 6}, 0.0, transformer_full_scale_A);
  const SixChannels off = load({0, 0, 0}, 0.0, transformer_full_scale_A);
  FakeMcu mcu(page, [=](std::int64_t first_set) {
    return synthesise(first_set < stop_set ? on : off, first_set);
  });
  mcu.run(cycles(6.0));
  const std::vector<Pulse>& pulses = mcu.pulses(PulseChannel::s0_forward);
  REQUIRE(pulses.size() > 300);
  for (std::size_t n = 10; n < pulses.size(); ++n) {
    CAPTURE(n);
    REQUIRE(pulses[n].start - pulses[n - 1].start - pulses[n - 1].width ==
            energy::pulse_gap_cycles);
  }
  CHECK(pulses.back().width == 1'006'633);  // 40 ms
  CHECK(pulses.back().start > cycles(5.95));
}

TEST_CASE("Pulses are what was played less what is owed, through any load and rate") {
  constexpr double seconds = 14.0;
  Random random(20240607);
  // CT 1500/5: up to 1.24 MW primary, 3450 pulses a second due at 10 000 imp/kWh, 285.7 possible.
  hal::ParameterPage page = page_of(hal::MeterVariant::mod_ct, 1'000'000);
  page.ct_primary_A = 1500;
  std::vector<SixChannels> loads;
  for (int n = 0; n < 32; ++n) {
    std::array<double, 3> amperes{};
    for (double& ampere : amperes) {
      ampere = random.below(4) == 0 ? 0.0 : 0.001 * static_cast<double>(random.below(6000));
    }
    const double lag = static_cast<double>(random.below(360));
    loads.push_back(load(amperes, lag, transformer_full_scale_A));
  }
  const SampleSource samples = remembered([&loads](std::int64_t first_set) {
    return synthesise(loads[static_cast<std::size_t>(first_set / 2048) % loads.size()], first_set);
  });

  FakeMcu mcu(page, samples);
  struct Asked {
    std::int64_t at;
    int channel;
    bool count;
    std::uint32_t new_rate_centi;
  };
  struct RateWord {
    std::uint32_t centi;
    std::uint32_t bits;
  };
  constexpr RateWord rate_words[] = {{1'000'000, 0x461C4000},
                                     {200'000, 0x44FA0000},
                                     {100'000, 0x447A0000},
                                     {10'000, 0x42C80000},
                                     {1, 0x3C23D70A}};
  std::vector<Asked> asked;
  for (std::int64_t at = cycles(0.3); at < cycles(seconds - 0.2);
       at += 20'000 + static_cast<std::int64_t>(random.below(400'000))) {
    const int channel = static_cast<int>(random.below(4));
    if (random.below(60) == 0) {
      const RateWord& rate = rate_words[random.below(5)];
      asked.push_back({at, channel, false, rate.centi});
      mcu.request({at, MailboxOperation::write_row, 0x1066, rate.bits});
      continue;
    }
    const bool count = random.below(4) == 0;
    asked.push_back({at, channel, count, 0});
    mcu.request(
        {at, MailboxOperation::read_row, count ? count_row(channel) : debt_row(channel), 0});
  }
  const app::State state = mcu.run(cycles(seconds));
  REQUIRE(mcu.replies().size() == asked.size());
  CHECK(state.diagnostics.late_pulses == 0);

  Played played(page, samples, state.adc_start_cycle, static_cast<std::int64_t>(seconds * 4096));
  std::vector<Played::Rate> s0_rates{{-1, 1'000'000}};
  const std::vector<Played::Rate> led_rates = s0_rates;
  // From the request's instant: the first frame's begin (393 216 clocks) after 31.25 ms.
  constexpr std::int64_t frame = 393'216;
  std::vector<std::int64_t> changes;
  for (std::size_t n = 0; n < asked.size(); ++n) {
    REQUIRE(mcu.replies()[n].status == hal::MailboxReply::ok);
    if (asked[n].new_rate_centi == 0 || asked[n].new_rate_centi == s0_rates.back().centi) continue;
    changes.push_back((asked[n].at + 2 * frame + frame - 1) / frame * frame);
    played.change_rate(changes.back() - 1);
    s0_rates.push_back({changes.back() - 1, asked[n].new_rate_centi});
  }
  REQUIRE(changes.size() >= 4);

  const auto due = [&](std::int64_t cycle, int channel) {
    return played.due(cycle, channel, channel < 2 ? led_rates : s0_rates);
  };
  // No pulse starts before it is due, none later than it must: at its due clock if the output is
  // free by then, else as soon as it is. An S0 output is not free in the frame behind a change.
  std::int64_t most_owed = 0;
  std::size_t on_time = 0;
  for (int channel = 0; channel < 4; ++channel) {
    const std::vector<Pulse>& pulses = mcu.pulses(static_cast<PulseChannel>(channel));
    std::int64_t free_from = 0;
    for (std::size_t n = 0; n < pulses.size(); ++n) {
      const std::int64_t start = pulses[n].start;
      const auto before = static_cast<std::int64_t>(n);
      CAPTURE(channel, n, start);
      REQUIRE(due(start, channel) > before);
      for (const std::int64_t at : changes) {
        if (channel >= 2 && at <= start) free_from = std::max(free_from, at + frame);
      }
      REQUIRE(start >= free_from);
      const std::int64_t owed = due(start - 1, channel) - before;
      most_owed = std::max(most_owed, owed);
      if (owed > 0) REQUIRE(start == free_from);
      if (owed == 0) ++on_time;
      free_from = start + pulses[n].width + energy::pulse_gap_cycles;
    }
  }
  CHECK(most_owed > 100);
  CHECK(on_time > 80);

  // The rows, between the request and its answer: debt rises when a pulse becomes due and falls
  // when one starts, and where neither happens it is known exactly.
  std::size_t exact = 0;
  std::size_t owing = 0;
  for (std::size_t n = 0; n < asked.size(); ++n) {
    if (asked[n].new_rate_centi != 0) continue;
    const int channel = asked[n].channel;
    const std::vector<Pulse>& pulses = mcu.pulses(static_cast<PulseChannel>(channel));
    const std::int64_t answered = mcu.replies()[n].at_cycle;
    const std::int64_t shown = mcu.replies()[n].words[0];
    const std::int64_t first = started_until(pulses, asked[n].at);
    const std::int64_t last = started_until(pulses, answered);
    CAPTURE(n, channel, asked[n].at);
    if (asked[n].count) {
      REQUIRE(shown >= first);
      REQUIRE(shown <= last);
      continue;
    }
    std::int64_t least = due(asked[n].at, channel) - first;
    std::int64_t most = due(answered, channel) - last;
    for (std::int64_t k = first; k < last; ++k) {
      const std::int64_t start = pulses[static_cast<std::size_t>(k)].start;
      least = std::min(least, due(start, channel) - k - 1);
      most = std::max(most, due(start - 1, channel) - k);
    }
    REQUIRE(shown >= least);
    REQUIRE(shown <= most);
    exact += least == most ? 1U : 0U;
    owing += shown > 0 ? 1U : 0U;
  }
  CHECK(exact > 500);
  CHECK(owing > 100);
}
