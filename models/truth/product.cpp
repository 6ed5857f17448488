#include "models/truth/product.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <stdexcept>

namespace models::truth {

namespace {

using grid::floor_div;
using grid::floor_mod;
using grid::Int128;
using grid::one_turn;
using grid::phase_between;
using grid::turns_of;

constexpr double pi = 3.14159265358979323846;
constexpr double s_per_ps = 1e-12;
constexpr double Hz_per_nHz = 1e-9;

double phase_at(const pins::Tone& tone, Ps t) {
  return turns_of(phase_between(tone.frequency_nHz, tone.origin, t)) + tone.phase_turns;
}

/// A phase less whole pairs of turns, so that its half is still right.
double turns_modulo_2(Phase phase) {
  return static_cast<double>(floor_mod(phase, 2 * one_turn)) * 1e-21;
}

/// A bound of a waveform's magnitude.
double largest_of(const Stretch& waveform) {
  double sum = std::abs(waveform.dc);
  for (const pins::Tone& tone : waveform.tones) sum += std::abs(tone.amplitude);
  for (const recordings::Share& share : waveform.played.shares) {
    sum += std::abs(share.weight) * waveform.played.playback->peak(share.channel);
  }
  return sum;
}

}  // namespace

Product::Product(const Stretch& a, const Stretch& b)
    : reference_(a.start),
      gate_(b.gate.intervals > 0 ? b.gate : a.gate),
      start_(std::max(a.start, b.start)),
      end_(std::min(a.end, b.end)) {
  constexpr double quarter = 0.25;
  if (a.dc != 0 && b.dc != 0) add(a.dc * b.dc, 0, 0);
  for (const pins::Tone& tone : b.tones) {
    if (a.dc != 0) {
      add(a.dc * tone.amplitude, tone.frequency_nHz, phase_at(tone, reference_) - quarter);
    }
  }
  for (const pins::Tone& first : a.tones) {
    const double phase_a = phase_at(first, reference_);
    if (b.dc != 0) add(b.dc * first.amplitude, first.frequency_nHz, phase_a - quarter);
    for (const pins::Tone& second : b.tones) {
      const double phase_b = phase_at(second, reference_);
      const double amplitude = first.amplitude * second.amplitude / 2;
      const std::int64_t difference = first.frequency_nHz - second.frequency_nHz;
      const double sign = difference < 0 ? -1 : 1;  // a cosine is even
      add(amplitude, std::abs(difference), sign * (phase_a - phase_b));
      add(-amplitude, first.frequency_nHz + second.frequency_nHz, phase_a + phase_b);
    }
  }
  if (a.played.playback != nullptr || b.played.playback != nullptr) add_played(a, b);
}

void Product::add_played(const Stretch& a, const Stretch& b) {
  const bool both = a.played.playback != nullptr && b.played.playback != nullptr;
  if (both && (a.played.playback != b.played.playback || a.played.origin != b.played.origin)) {
    throw std::logic_error("the parts of one power are played from one recording");
  }
  const grid::Played& any = a.played.playback != nullptr ? a.played : b.played;
  playback_ = any.playback;
  origin_ = any.origin;
  for (const recordings::Share& first : a.played.shares) {
    for (const recordings::Share& second : b.played.shares) {
      pairs_.push_back({first.channel, second.channel, first.weight * second.weight});
    }
  }
  if (a.played.playback != nullptr) add_played_tones(a.played, b);
  if (b.played.playback != nullptr) add_played_tones(b.played, a);
  played_scale_ = largest_of(a) * largest_of(b);
}

void Product::add_played_tones(const grid::Played& played, const Stretch& other) {
  for (const recordings::Share& share : played.shares) {
    if (other.dc != 0) tones_.push_back({share.channel, share.weight * other.dc, 0, 0});
    for (const pins::Tone& tone : other.tones) {
      const Phase since = Phase{tone.frequency_nHz} * (origin_ - Int128{tone.origin});
      tones_.push_back({share.channel, share.weight * tone.amplitude, tone.frequency_nHz,
                        turns_of(since) + tone.phase_turns});
    }
  }
}

long double Product::played_integral(Ps from, Ps to) const {
  const Int128 begin = Int128{from} - origin_;
  const Int128 end = Int128{to} - origin_;
  long double sum = 0;
  for (const PlayedPair& pair : pairs_) {
    sum += pair.weight * playback_->product(pair.a, pair.b, begin, end);
  }
  for (const PlayedTone& tone : tones_) {
    const auto moment = playback_->moment(tone.channel, tone.frequency_nHz, begin, end);
    sum += tone.frequency_nHz == 0
               ? tone.weight * moment.real()
               : tone.weight * (moment * std::polar(1.0, 2 * pi * tone.phase_turns)).imag();
  }
  return sum;
}

void Product::add(double amplitude, std::int64_t frequency_nHz, double phase_turns) {
  cosines_.push_back({amplitude, frequency_nHz, phase_turns});
}

long double Product::integral(Ps from, Ps to) const {
  if (to <= from) return 0;
  return gate_.intervals == 0 ? plain(from, to) : switched(from, to);
}

long double Product::plain(Ps from, Ps to) const {
  const double duration_s = static_cast<double>(to - from) * s_per_ps;
  long double sum = 0;
  for (const Cosine& cosine : cosines_) {
    if (cosine.frequency_nHz == 0) {
      sum += cosine.amplitude * std::cos(2 * pi * cosine.phase_turns) * duration_s;
      continue;
    }
    const double passed = turns_modulo_2(phase_between(cosine.frequency_nHz, from, to));
    const double middle = cosine.phase_turns +
                          turns_of(phase_between(cosine.frequency_nHz, reference_, from)) +
                          passed / 2;
    const double frequency_Hz = static_cast<double>(cosine.frequency_nHz) * Hz_per_nHz;
    sum +=
        cosine.amplitude * std::cos(2 * pi * middle) * std::sin(pi * passed) / (pi * frequency_Hz);
  }
  return playback_ == nullptr ? sum : sum + played_integral(from, to);
}

long double Product::switched(Ps from, Ps to) const {
  const Int128 per_period = Int128{2} * gate_.intervals;
  Int128 index = grid::gate_index_at(gate_, from);
  long double sum = 0;
  Ps at = from;
  while (at < to) {
    if (playback_ == nullptr && at > from && floor_mod(index, per_period) == 0) {
      const Phase left = phase_between(gate_.frequency_nHz, at, to);
      Int128 periods = floor_div(left, gate_.period_turns * one_turn);
      while (periods > 0 && gate_edge(gate_, index + periods * per_period) > Int128{to}) --periods;
      if (periods > 0) {
        sum += whole_periods(index, periods);
        index += periods * per_period;
        at = static_cast<Ps>(gate_edge(gate_, index));
        continue;
      }
    }
    const Ps next = std::min(to, static_cast<Ps>(gate_edge(gate_, index + 1)));
    if (floor_mod(index, 2) == 0) sum += plain(at, next);
    at = next;
    ++index;
  }
  return sum;
}

Int128 Product::slip(const Cosine& cosine) const {
  const Int128 rest =
      floor_mod(Int128{cosine.frequency_nHz} * gate_.period_turns, gate_.frequency_nHz);
  return 2 * rest > Int128{gate_.frequency_nHz} ? rest - gate_.frequency_nHz : rest;
}

long double Product::whole_periods(Int128 first_edge, Int128 periods) const {
  long double sum = 0;
  for (int k = 0; k < gate_.intervals; ++k) {
    const auto interval = static_cast<std::size_t>(k);
    const Phase length = gate_.off[interval] - gate_.on[interval];
    for (const Cosine& cosine : cosines_) {
      sum += one_interval(cosine, first_edge + Int128{2} * k, length, periods);
    }
  }
  return sum;
}

long double Product::one_interval(const Cosine& cosine, Int128 edge, Phase length,
                                  Int128 periods) const {
  // The closing instant, not rounded: whole picoseconds after the origin and a fraction.
  const Int128 per_period = Int128{2} * gate_.intervals;
  const Int128 period = floor_div(edge, per_period);
  const auto interval = static_cast<std::size_t>((edge - period * per_period) / 2);
  const Phase from_origin =
      period * gate_.period_turns * one_turn + gate_.on[interval] - gate_.phase_at_origin;
  const Int128 whole_ps = floor_div(from_origin, gate_.frequency_nHz);
  const double fraction_ps = static_cast<double>(from_origin - whole_ps * gate_.frequency_nHz) /
                             static_cast<double>(gate_.frequency_nHz);
  const Int128 since_reference = Int128{gate_.origin} + whole_ps - Int128{reference_};
  const double closing = cosine.phase_turns +
                         turns_of(Int128{cosine.frequency_nHz} * since_reference) +
                         static_cast<double>(cosine.frequency_nHz) * fraction_ps * 1e-21;

  const double length_s =
      static_cast<double>(length) * 1e-21 / (static_cast<double>(gate_.frequency_nHz) * Hz_per_nHz);
  const auto passed = static_cast<double>(
      std::fmod(static_cast<long double>(cosine.frequency_nHz) / gate_.frequency_nHz *
                    static_cast<long double>(length) * 1e-21L,
                2.0L));
  double area_s = length_s;  // of the cosine over the interval, at phase 0 in its middle
  if (cosine.frequency_nHz != 0) {
    area_s = std::sin(pi * passed) / (pi * static_cast<double>(cosine.frequency_nHz) * Hz_per_nHz);
  }

  // Σ over n periods of cos(θ + 2π·m·x) = cos(θ + π(n − 1)x) · sin(πnx) / sin(πx).
  const Int128 numerator = slip(cosine);
  const auto denominator = static_cast<double>(gate_.frequency_nHz);
  double times = static_cast<double>(periods);
  double drift = 0;
  if (numerator != 0) {
    const Int128 modulus = Int128{2} * gate_.frequency_nHz;
    const auto turns = [&](Int128 n) {
      return static_cast<double>(floor_mod(n * numerator, modulus)) / denominator;
    };
    times = std::sin(pi * turns(periods)) / std::sin(pi * turns(1));
    drift = turns(periods - 1) / 2;
  }
  return cosine.amplitude * area_s * times * std::cos(2 * pi * (closing + passed / 2 + drift));
}

double Product::mean() const {
  if (playback_ != nullptr) {
    const long double duration_s = static_cast<long double>(end_ - start_) * s_per_ps;
    return static_cast<double>(integral(start_, end_) / duration_s);
  }
  long double sum = 0;
  if (gate_.intervals == 0) {
    for (const Cosine& cosine : cosines_) {
      if (cosine.frequency_nHz != 0) continue;
      sum += cosine.amplitude * std::cos(2 * pi * cosine.phase_turns);
    }
    return static_cast<double>(sum);
  }
  for (int k = 0; k < gate_.intervals; ++k) {
    const auto interval = static_cast<std::size_t>(k);
    const Phase length = gate_.off[interval] - gate_.on[interval];
    for (const Cosine& cosine : cosines_) {
      if (slip(cosine) == 0) sum += one_interval(cosine, Int128{2} * k, length, 1);
    }
  }
  const double period_s =
      gate_.period_turns / (static_cast<double>(gate_.frequency_nHz) * Hz_per_nHz);
  return static_cast<double>(sum / period_s);
}

double Product::scale() const {
  if (playback_ != nullptr) return played_scale_;
  double sum = 0;
  for (const Cosine& cosine : cosines_) sum += std::abs(cosine.amplitude);
  return sum;
}

}  // namespace models::truth
