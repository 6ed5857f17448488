#include "models/opto/opto_coupler.h"

#include <cmath>
#include <stdexcept>

namespace models::opto {

namespace {

using grid::Int128;

constexpr double largest_V = 1000;
constexpr std::int64_t lowest_nHz = 1'000'000'000;
constexpr std::int64_t highest_nHz = 1000 * lowest_nHz;
constexpr double pi = 3.14159265358979323846;

/// Half a cycle lasts this much divided by the frequency in nHz, in picoseconds.
constexpr Int128 half_turn = grid::one_turn / 2;

}  // namespace

void rebase(OptoCouplerState& state, Ps by) { state.origin -= by; }

void OptoCoupler::set_voltage(Ps t, double rms_V, std::int64_t frequency_nHz) {
  // Asked so that what is no number is refused as well.
  if (!(rms_V >= 0 && rms_V <= largest_V)) {
    throw std::invalid_argument("a tariff voltage must lie between 0 V and 1 kV");
  }
  if (frequency_nHz < lowest_nHz || frequency_nHz > highest_nHz) {
    throw std::invalid_argument("a tariff voltage's frequency must lie between 1 Hz and 1 kHz");
  }
  const bool was_conducting = state_.conducting;
  state_ = OptoCouplerState{rms_V, frequency_nHz, t};
  const double peak_V = std::sqrt(2.0) * rms_V;
  if (peak_V > conducting_V) state_.conducting_turns = std::asin(conducting_V / peak_V) / (2 * pi);
  if (was_conducting) output_.drive(t, false);
}

Ps OptoCoupler::edge_at(std::int64_t number) const {
  // Edge 2n lies a little after zero crossing n, edge 2n + 1 as much before the next one.
  const bool begins = number % 2 == 0;
  const Int128 crossing = (Int128{number} + 1) / 2;
  const double offset_turns = begins ? state_.conducting_turns : -state_.conducting_turns;
  const auto offset = static_cast<Int128>(static_cast<long double>(offset_turns) *
                                          static_cast<long double>(grid::one_turn));
  const Int128 after = grid::round_div(crossing * half_turn + offset, state_.frequency_nHz);
  const Int128 at = state_.origin + after;
  return at > Int128{pins::ps_max_segment} ? pins::ps_never : static_cast<Ps>(at);
}

Ps OptoCoupler::next_event() const {
  if (state_.conducting_turns <= 0) return pins::ps_never;
  return edge_at(state_.edge);
}

void OptoCoupler::advance(Ps t) {
  if (t != next_event()) return;
  state_.conducting = state_.edge % 2 == 0;
  ++state_.edge;
  output_.drive(t, state_.conducting);
}

}  // namespace models::opto
