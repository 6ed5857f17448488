#include "models/wiring/wiring.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "models/grid/constant.h"
#include "models/grid/tone_sum.h"

namespace models::wiring {

namespace {

std::size_t index_of(int channel) {
  if (channel < 0 || channel >= phase_count) {
    throw std::invalid_argument("a channel is 0, 1 or 2");
  }
  return static_cast<std::size_t>(channel);
}

void check_order(const std::array<int, phase_count>& order) {
  std::array<int, phase_count> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  if (sorted != std::array<int, phase_count>{0, 1, 2}) {
    throw std::invalid_argument("a wiring order names each of the phases 0, 1 and 2 once");
  }
}

/// Adds channels of a recording; the mains play one at a time.
void add_played(const grid::Played& played, double weight, grid::Played& sum) {
  if (sum.playback != nullptr && (sum.playback != played.playback || sum.origin != played.origin)) {
    throw std::logic_error("two recordings can't be parts of one sum");
  }
  sum.playback = played.playback;
  sum.origin = played.origin;
  for (const recordings::Share& share : played.shares) {
    sum.shares.push_back({share.channel, share.weight * weight});
  }
}

std::unique_ptr<StretchSource> combine(std::vector<Combination::Term> terms) {
  return std::make_unique<Combination>(std::move(terms));
}

std::unique_ptr<StretchSource> nothing() { return std::make_unique<grid::Constant>(0.0); }

}  // namespace

Combination::Combination(std::vector<Term> terms) : terms_(std::move(terms)) {}

void Combination::stretch_at(Ps t, Stretch& stretch) const {
  add_up(&StretchSource::stretch_at, t, stretch);
}

void Combination::planned_at(Ps t, Stretch& stretch) const {
  add_up(&StretchSource::planned_at, t, stretch);
}

void Combination::add_up(Question ask, Ps t, Stretch& stretch) const {
  stretch.start = 0;
  stretch.end = pins::ps_never;
  stretch.fundamental_nHz = 0;
  stretch.dc = 0;
  stretch.tones.clear();
  stretch.gate = grid::Gate{};
  clear(stretch.played);
  for (const Term& term : terms_) {
    (term.source->*ask)(t, part_);
    stretch.start = std::max(stretch.start, part_.start);
    stretch.end = std::min(stretch.end, part_.end);
    stretch.fundamental_nHz = std::max(stretch.fundamental_nHz, part_.fundamental_nHz);
    stretch.dc += term.weight * part_.dc;
    if (part_.gate.intervals > 0) {
      if (terms_.size() > 1) throw std::logic_error("a switched waveform can't be part of a sum");
      stretch.gate = part_.gate;
    }
    if (part_.played.playback != nullptr) add_played(part_.played, term.weight, stretch.played);
    for (pins::Tone tone : part_.tones) {
      tone.amplitude *= term.weight;
      grid::add_tone(tone, stretch.tones);
    }
  }
}

std::uint64_t Combination::note_asked(Ps t) const {
  std::uint64_t revisions = 0;  // each only grows, so the sum tells of any change
  for (const Term& term : terms_) revisions += term.source->note_asked(t);
  return revisions;
}

Terminals::Terminals(const grid::Grid& grid, const Wiring& wiring)
    : connection_(wiring.connection) {
  check_order(wiring.voltage_order);
  check_order(wiring.current_order);
  if (wiring.neutral_missing && wiring.connection != Connection::four_wire) {
    throw std::invalid_argument("a neutral can only be missing from a four-wire connection");
  }
  const auto phase_voltage = [&](int terminal) {
    return &grid.voltage(wiring.voltage_order[index_of(terminal)]);
  };
  for (int channel = 0; channel < phase_count; ++channel) {
    const std::size_t k = index_of(channel);
    const bool connected = connection_ == Connection::four_wire || channel == 0 ||
                           (connection_ == Connection::aron && channel == 2);
    if (!connected) {
      voltages_[k] = nothing();
      currents_[k] = nothing();
      continue;
    }
    std::vector<Combination::Term> voltage{{phase_voltage(channel), 1.0}};
    if (connection_ == Connection::aron) voltage.push_back({phase_voltage(1), -1.0});
    if (wiring.neutral_missing) {
      constexpr double third = 1.0 / 3;
      voltage = {{phase_voltage(channel), 1 - third},
                 {phase_voltage((channel + 1) % phase_count), -third},
                 {phase_voltage((channel + 2) % phase_count), -third}};
    }
    voltages_[k] = combine(std::move(voltage));
    currents_[k] =
        combine({{&grid.current(wiring.current_order[k]), wiring.reversed_ct[k] ? -1.0 : 1.0}});
  }
}

const StretchSource& Terminals::voltage(int channel) const { return *voltages_[index_of(channel)]; }

const StretchSource& Terminals::current(int channel) const { return *currents_[index_of(channel)]; }

}  // namespace models::wiring
