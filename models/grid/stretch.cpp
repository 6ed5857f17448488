#include "models/grid/stretch.h"

#include <algorithm>

namespace models::grid {

namespace {

bool conducts(Int128 index) { return floor_mod(index, 2) == 0; }

Ps instant_of(Int128 edge, const Stretch& stretch) {
  return static_cast<Ps>(std::clamp(edge, Int128{stretch.start}, Int128{stretch.end}));
}

}  // namespace

void clear(Played& played) {
  played.playback = nullptr;
  played.origin = 0;
  played.shares.clear();
}

Int128 gate_edge(const Gate& gate, Int128 index) {
  const Int128 per_period = Int128{2} * gate.intervals;
  const Int128 period = floor_div(index, per_period);
  const auto edge = static_cast<std::size_t>(index - period * per_period);
  const Phase within = edge % 2 == 0 ? gate.on[edge / 2] : gate.off[edge / 2];
  const Phase target = period * gate.period_turns * one_turn + within;
  return Int128{gate.origin} + round_div(target - gate.phase_at_origin, gate.frequency_nHz);
}

Int128 gate_index_at(const Gate& gate, Ps t) {
  const Phase phase = gate.phase_at_origin + phase_between(gate.frequency_nHz, gate.origin, t);
  const Phase period = gate.period_turns * one_turn;
  const Int128 periods = floor_div(phase, period);
  const Phase within = phase - periods * period;
  Int128 index = periods * 2 * gate.intervals - 1;
  for (std::size_t k = 0; k < static_cast<std::size_t>(gate.intervals); ++k) {
    if (within >= gate.on[k]) ++index;
    if (within >= gate.off[k]) ++index;
  }
  // Edges are rounded to the picosecond, so the one next to `t` may lie on its other side.
  while (gate_edge(gate, index) > Int128{t}) --index;
  while (gate_edge(gate, index + 1) <= Int128{t}) ++index;
  return index;
}

void StretchSource::piece_at(Ps t, pins::Piece& piece) const {
  const std::uint64_t revision = note_asked(t);
  if (!known_ || revision != revision_ || t < stretch_.start || t >= stretch_.end) {
    stretch_at(t, stretch_);
    known_ = true;
    revision_ = revision;
    gate_known_ = false;
  }
  piece.start = stretch_.start;
  piece.end = stretch_.end;
  bool on = true;
  if (stretch_.gate.intervals > 0) {
    find_gate_interval(t);
    piece.start = instant_of(gate_from_, stretch_);
    piece.end = instant_of(gate_to_, stretch_);
    on = conducts(gate_index_);
  }
  piece.dc = on ? stretch_.dc : 0;
  if (on) {
    piece.tones = stretch_.tones;
  } else {
    piece.tones.clear();
  }
  if (const Played& played = stretch_.played; played.playback != nullptr) {
    played.playback->write_line(played.shares, played.origin, piece.start, piece.end, piece.line);
  } else {
    piece.line.clear();
  }
}

void StretchSource::find_gate_interval(Ps t) const {
  const Gate& gate = stretch_.gate;
  const Int128 instant = t;
  if (gate_known_ && instant >= gate_from_ && instant < gate_to_) return;
  if (gate_known_ && instant >= gate_to_) {  // most often the next one is asked for
    const Int128 after = gate_edge(gate, gate_index_ + 2);
    if (instant < after) {
      ++gate_index_;
      gate_from_ = gate_to_;
      gate_to_ = after;
      return;
    }
  }
  gate_index_ = gate_index_at(gate, t);
  gate_from_ = gate_edge(gate, gate_index_);
  gate_to_ = gate_edge(gate, gate_index_ + 1);
  gate_known_ = true;
}

}  // namespace models::grid
