#include "tests/soak/books.h"

#include <algorithm>
#include <cmath>

namespace soak {

namespace {

__extension__ using Int128 = __int128;

constexpr std::size_t total = 3;
constexpr const char* part_names[] = {"L1", "L2", "L3", "total"};
constexpr const char* kind_names[] = {"active", "reactive"};
constexpr const char* direction_names[] = {"forward", "reverse"};

/// Of both LEDs: imp/kWh and imp/kvarh · 100.
constexpr std::uint32_t led_rate_centi = 1'000'000;

/// From the world to the counters: a window of at most 128 samples, a block of 128, the filters of
/// Q (196 samples twice over, before and behind), and a block before the main loop has looked.
constexpr Ps on_its_way = 160 * ps_per_ms;
/// The truth is asked for after so much steady metering.
constexpr Ps settling = 1'500 * ps_per_ms;
/// A second of it at least, so that what is on its way is not all there is.
constexpr Ps shortest = ps_per_s;
constexpr double promise = 1e-3;
constexpr double cycle_s = 0.02;

Int128 pWh(const Kept& kept, std::size_t counter) {
  return Int128{kept.uWh[counter]} * 1'000'000 + kept.residue_pWh[counter];
}

/// Both tariffs.
Int128 pWh_of(const Kept& kept, std::size_t part, std::size_t kind, std::size_t direction) {
  return pWh(kept, counter_of(0, part, kind, direction)) +
         pWh(kept, counter_of(1, part, kind, direction));
}

std::string name_of(std::size_t part, std::size_t kind, std::size_t direction) {
  return std::string(part_names[part]) + ' ' + kind_names[kind] + ' ' + direction_names[direction];
}

std::string text_of(Int128 pWh) { return std::to_string(static_cast<double>(pWh) * 1e-12) + " Wh"; }

}  // namespace

void Books::open() {
  last_ = world_.kept();
  count_pulses();
  resume();
}

void Books::resume() {
  steady_ = false;
  resumed_ = world_.now();
}

void Books::count_pulses() {
  pulses_from_ = world_.kept();
  started_from_ = world_.diary().started;
}

void Books::look() { check_order(world_.kept()); }

void Books::check() {
  const Kept kept = world_.kept();
  check_sums(kept);
  check_order(kept);
  if (!rate_written_) {
    check_pulses(kept);
    ++tally_.pulses;
  } else if (world_.firmware().rate_changes.count == 0) {
    rate_written_ = false;
    count_pulses();
  }
  check_truth(kept);
  ++tally_.sums;
}

void Books::check_sums(const Kept& kept) const {
  for (std::size_t tariff = 0; tariff < 2; ++tariff) {
    for (std::size_t n = 0; n < 4; ++n) {
      Int128 sum = 0;
      for (std::size_t part = 0; part < total; ++part) {
        sum += pWh(kept, counter_of(tariff, part, n / 2, n % 2));
      }
      const Int128 whole = pWh(kept, counter_of(tariff, total, n / 2, n % 2));
      if (sum == whole) continue;
      throw Broken("sums: expected the total of " + name_of(total, n / 2, n % 2) + " T" +
                   std::to_string(tariff + 1) + " to be " + text_of(sum) +
                   ", the sum of its phases, seen " + text_of(whole));
    }
  }
}

void Books::check_order(const Kept& kept) {
  // The last counter is the day counter's origin, which a button sets.
  for (std::size_t n = 0; n + 1 < Kept::counters; ++n) {
    if (pWh(kept, n) >= pWh(last_, n)) continue;
    throw Broken("order: counter " + std::to_string(n) + " fell from " + text_of(pWh(last_, n)) +
                 " to " + text_of(pWh(kept, n)));
  }
  last_ = kept;
}

void Books::check_pulses(const Kept& kept) const {
  constexpr Int128 whole_pulse = 100'000'000'000'000'000;  // pWh · 0.01 imp/kWh
  std::array<Int128, 4> energy{};  // active forward, reverse, reactive forward, reverse
  for (std::size_t n = 0; n < energy.size(); ++n) {
    energy[n] = pWh_of(kept, total, n / 2, n % 2) - pWh_of(pulses_from_, total, n / 2, n % 2);
  }
  const std::uint32_t s0_rate = world_.firmware().settings.s0_rate_centi;
  const std::array<Int128, Kept::outputs> due{(energy[0] + energy[1]) * led_rate_centi,
                                              (energy[2] + energy[3]) * led_rate_centi,
                                              energy[0] * s0_rate, energy[1] * s0_rate};
  for (std::size_t n = 0; n < due.size(); ++n) {
    const std::int64_t given = world_.diary().started[n] - started_from_[n];
    const std::int64_t owed = kept.owed[n] - pulses_from_.owed[n];
    const Int128 had = (Int128{given} + owed) * whole_pulse +
                       (Int128{kept.fraction[n]} - pulses_from_.fraction[n]);
    if (due[n] == had) continue;
    throw Broken("pulses: output " + std::to_string(n) + " gave " + std::to_string(given) +
                 " and owes " + std::to_string(owed) + " more, expected " +
                 std::to_string(static_cast<double>(due[n]) / 1e17) + ", off by " +
                 std::to_string(static_cast<double>(had - due[n]) / 1e17));
  }
}

void Books::begin_truth(const Kept& kept) {
  steady_ = true;
  truth_from_ = world_.now();
  truth_kept_ = kept;
  for (int phase = 0; phase < phase_count; ++phase) {
    unsettled_from_Ws_[static_cast<std::size_t>(phase)] = world_.unsettled_Ws(phase);
  }
}

void Books::check_truth(const Kept& kept) {
  const Ps now = world_.now();
  if (now < std::max(world_.changed_at(), resumed_) + settling) return;
  if (!steady_) {
    begin_truth(kept);
    return;
  }
  if (now < truth_from_ + shortest) return;
  ++tally_.truths;
  for (int phase = 0; phase < phase_count; ++phase) {
    const auto part = static_cast<std::size_t>(phase);
    const auto& truth = world_.truth(phase);
    const Ps from = truth_from_ - on_its_way;
    const models::truth::Energy sure[2] = {truth.active(truth_from_, now - on_its_way),
                                           truth.reactive(truth_from_, now - on_its_way)};
    const models::truth::Energy most[2] = {truth.active(from, now), truth.reactive(from, now)};
    const double steps_Ws = world_.unsettled_Ws(phase) - unsettled_from_Ws_[part];
    const double ripple_Ws =
        world_.voltage_V(phase) * world_.load(phase).current_A * cycle_s + steps_Ws;
    for (std::size_t n = 0; n < 4; ++n) {
      const bool forward = n % 2 == 0;
      const double least_Ws = forward ? sure[n / 2].forward : sure[n / 2].reverse;
      const double most_Ws = forward ? most[n / 2].forward : most[n / 2].reverse;
      const Int128 booked =
          pWh_of(kept, part, n / 2, n % 2) - pWh_of(truth_kept_, part, n / 2, n % 2);
      const double booked_Ws = static_cast<double>(booked) * 3600e-12;
      const double slack_Ws = promise * most_Ws + ripple_Ws;
      if (booked_Ws >= least_Ws - slack_Ws && booked_Ws <= most_Ws + slack_Ws) continue;
      throw Broken("truth: expected " + std::to_string(least_Ws - slack_Ws) + " … " +
                   std::to_string(most_Ws + slack_Ws) + " Ws of " + name_of(part, n / 2, n % 2) +
                   " since " + seconds(truth_from_) + ", seen " + std::to_string(booked_Ws));
    }
  }
}

}  // namespace soak
