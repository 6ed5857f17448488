#include "metrology/energy/booking.h"

#include <initializer_list>

namespace metrology::energy {

namespace {

/// What one phase, or the Aron sum, has in a window, in pWh or pvarh, signed.
struct PhaseEnergy {
  std::int64_t secondary;
  std::int64_t primary;
};

std::uint64_t magnitude(std::int64_t value) {
  return static_cast<std::uint64_t>(value < 0 ? -value : value);
}

Direction direction_of(std::int64_t energy) {
  return energy < 0 ? Direction::reverse : Direction::forward;
}

void add_to_outputs(PulseEnergies& energies, Kind kind, const PhaseEnergy& energy) {
  const auto at = [&energies](hal::PulseChannel channel) -> std::uint64_t& {
    return energies.output_pWh[static_cast<int>(channel)];
  };
  if (kind == Kind::reactive) {
    at(hal::PulseChannel::led_reactive) += magnitude(energy.secondary);
    return;
  }
  at(hal::PulseChannel::led_active) += magnitude(energy.secondary);
  at(direction_of(energy.primary) == Direction::forward ? hal::PulseChannel::s0_forward
                                                        : hal::PulseChannel::s0_reverse) +=
      magnitude(energy.primary);
}

/// What stands under the meter's connection in the place of a phase.
bool phase_is_wired(hal::Connection connection, int phase) {
  switch (connection) {
    case hal::Connection::three_phase_four_wire:
      return true;
    case hal::Connection::aron:
      return phase != 1;
    case hal::Connection::one_phase_two_wire:
      return phase == 0;
  }
  return false;
}

void book_phases(EnergyState& state, const BookingSetup& setup, Kind kind, std::int64_t duration,
                 const PhaseEnergy (&energy)[phase_count], PulseEnergies& outputs) {
  for (int phase = 0; phase < phase_count; ++phase) {
    bool& booking = state.booking[phase][static_cast<int>(kind)];
    booking = books(booking, setup.limits[static_cast<int>(kind)],
                    magnitude(energy[phase].secondary), duration);
    if (!booking) continue;
    const Direction direction = direction_of(energy[phase].primary);
    add(state.phase[phase].of(kind, direction), magnitude(energy[phase].primary));
    add(state.total.of(kind, direction), magnitude(energy[phase].primary));
    add_to_outputs(outputs, kind, energy[phase]);
  }
}

void book_aron(EnergyState& state, const BookingSetup& setup, Kind kind, std::int64_t duration,
               const PhaseEnergy (&element)[phase_count], PulseEnergies& outputs) {
  const PhaseEnergy sum{element[0].secondary + element[2].secondary,
                        element[0].primary + element[2].primary};
  bool& booking = state.booking[0][static_cast<int>(kind)];
  booking =
      books(booking, setup.limits[static_cast<int>(kind)], magnitude(sum.secondary), duration);
  if (!booking) return;
  for (const int phase : {0, 2}) {
    add(state.phase[phase].of(kind, direction_of(element[phase].primary)),
        magnitude(element[phase].primary));
  }
  add(state.total.of(kind, direction_of(sum.primary)), magnitude(sum.primary));
  add_to_outputs(outputs, kind, sum);
}

}  // namespace

BookingSetup make_booking_setup(const hal::ParameterPage& page) {
  const bool ct = hal::is_ct(page.variant);
  BookingSetup setup{};
  setup.connection = page.connection;
  for (int phase = 0; phase < phase_count; ++phase) {
    const double factor = energy_factor_pWh(ct, page.calibration[phase]);
    setup.secondary[phase] = make_scale(factor);
    setup.primary[phase] = make_scale(factor * primary_ratio(page));
  }
  for (const Kind kind : {Kind::active, Kind::reactive}) {
    setup.limits[static_cast<int>(kind)] = starting_limits(kind, ct, page.connection);
  }
  return setup;
}

PulseEnergies book(EnergyState& state, const BookingSetup& setup, const signal::Window& window) {
  PulseEnergies outputs{};
  for (const Kind kind : {Kind::active, Kind::reactive}) {
    PhaseEnergy energy[phase_count] = {};
    for (int phase = 0; phase < phase_count; ++phase) {
      if (!phase_is_wired(setup.connection, phase)) continue;
      const signal::PhaseSums& sums = window.phase[phase];
      const std::int64_t sum = kind == Kind::active ? sums.p : sums.q;
      energy[phase] = {apply(setup.secondary[phase], sum), apply(setup.primary[phase], sum)};
    }
    const std::int64_t duration = window.end - window.begin;
    if (setup.connection == hal::Connection::aron) {
      book_aron(state, setup, kind, duration, energy, outputs);
    } else {
      book_phases(state, setup, kind, duration, energy, outputs);
    }
  }
  state.booked_until = window.end;
  return outputs;
}

bool no_load(const EnergyState& state, const BookingSetup& setup, int phase) {
  const int judged = setup.connection == hal::Connection::aron ? 0 : phase;
  return !state.booking[judged][static_cast<int>(Kind::active)] &&
         !state.booking[judged][static_cast<int>(Kind::reactive)];
}

}  // namespace metrology::energy
