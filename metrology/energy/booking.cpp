#include "metrology/energy/booking.h"

#include <initializer_list>

#include "metrology/hal/saturate.h"

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

/// How a window is divided among the tariffs: part n reaches from the end of the part before to
/// `end[n]`, counted from the window's begin.
struct Shares {
  std::uint64_t length;
  int count;
  std::uint64_t end[max_tariff_changes + 1];
  Tariff tariff[max_tariff_changes + 1];
};

Shares shares_of(const EnergyState& state, const signal::Window& window) {
  Shares shares{};
  shares.length = static_cast<std::uint64_t>(window.end - window.begin);
  Tariff tariff = state.tariff;
  for (std::uint32_t n = 0; n < state.change_count; ++n) {
    const TariffChange& change = state.change[n];
    if (change.at >= window.end) break;
    if (change.at > window.begin) {
      shares.end[shares.count] = static_cast<std::uint64_t>(change.at - window.begin);
      shares.tariff[shares.count] = tariff;
      ++shares.count;
    }
    tariff = change.tariff;
  }
  shares.end[shares.count] = shares.length;
  shares.tariff[shares.count] = tariff;
  ++shares.count;
  return shares;
}

/// Takes out the changes that lie in the booked window or before it.
void forget_changes(EnergyState& state, signal::SampleTime booked_until) {
  std::uint32_t kept = 0;
  for (std::uint32_t n = 0; n < state.change_count; ++n) {
    if (state.change[n].at <= booked_until) {
      state.tariff = state.change[n].tariff;
    } else {
      state.change[kept] = state.change[n];
      ++kept;
    }
  }
  state.change_count = kept;
}

/// floor(energy · part / whole) for part <= whole < 2^32: with energy = quotient · whole + rest
/// that is quotient · part + floor(rest · part / whole), and no product leaves 64 bits.
std::uint64_t share(std::uint64_t energy, std::uint64_t part, std::uint64_t whole) {
  return energy / whole * part + energy % whole * part / whole;
}

/// Books to both accounts, of which the second may be absent.
void add_shared(Account& account, Account* second, Kind kind, Direction direction,
                std::uint64_t energy_pWh, const Shares& shares) {
  std::uint64_t before = 0;
  for (int n = 0; n < shares.count; ++n) {
    const bool last = n == shares.count - 1;
    const std::uint64_t up_to = last ? energy_pWh : share(energy_pWh, shares.end[n], shares.length);
    add(account.of(kind, direction, shares.tariff[n]), up_to - before);
    if (second != nullptr) add(second->of(kind, direction, shares.tariff[n]), up_to - before);
    before = up_to;
  }
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

void add_offset(PhaseEnergy& energy, const BookingSetup& setup, int phase, Kind kind,
                std::int64_t duration) {
  const std::int32_t secondary = setup.secondary_offset[phase][static_cast<int>(kind)];
  if (secondary == 0) return;
  const std::int32_t primary = setup.primary_offset[phase][static_cast<int>(kind)];
  energy.secondary += energy_pWh(secondary, duration);
  energy.primary += energy_pWh(primary, duration);
}

void book_phases(EnergyState& state, const BookingSetup& setup, Kind kind, const Shares& shares,
                 const PhaseEnergy (&energy)[phase_count], PulseEnergies& outputs) {
  for (int phase = 0; phase < phase_count; ++phase) {
    bool& booking = state.booking[phase][static_cast<int>(kind)];
    booking = books(booking, setup.limits[static_cast<int>(kind)],
                    magnitude(energy[phase].secondary), static_cast<std::int64_t>(shares.length));
    if (!booking) continue;
    const Direction direction = direction_of(energy[phase].primary);
    const std::uint64_t booked = magnitude(energy[phase].primary);
    add_shared(state.accounts.phase[phase], &state.accounts.total, kind, direction, booked, shares);
    add_to_outputs(outputs, kind, energy[phase]);
  }
}

void book_aron(EnergyState& state, const BookingSetup& setup, Kind kind, const Shares& shares,
               const PhaseEnergy (&element)[phase_count], PulseEnergies& outputs) {
  const PhaseEnergy sum{element[0].secondary + element[2].secondary,
                        element[0].primary + element[2].primary};
  bool& booking = state.booking[0][static_cast<int>(kind)];
  booking = books(booking, setup.limits[static_cast<int>(kind)], magnitude(sum.secondary),
                  static_cast<std::int64_t>(shares.length));
  if (!booking) return;
  for (const int phase : {0, 2}) {
    add_shared(state.accounts.phase[phase], nullptr, kind, direction_of(element[phase].primary),
               magnitude(element[phase].primary), shares);
  }
  add_shared(state.accounts.total, nullptr, kind, direction_of(sum.primary), magnitude(sum.primary),
             shares);
  add_to_outputs(outputs, kind, sum);
}

}  // namespace

BookingSetup make_booking_setup(const hal::ParameterPage& page, const Conditions& conditions) {
  const bool ct = hal::is_ct(page.variant);
  BookingSetup setup{};
  setup.connection = page.connection;
  for (int phase = 0; phase < phase_count; ++phase) {
    const hal::PhaseCalibration& calibration = page.calibration[phase];
    const double factor = energy_factor_pWh(ct, calibration, conditions);
    setup.secondary[phase] = make_scale(factor);
    setup.primary[phase] = make_scale(factor * primary_ratio(page));
    for (const Kind kind : {Kind::active, Kind::reactive}) {
      const int k = static_cast<int>(kind);
      const std::int32_t offset =
          kind == Kind::active ? calibration.active_offset_uW : calibration.reactive_offset_uvar;
      setup.secondary_offset[phase][k] = offset;
      if (offset != 0) setup.has_offsets = true;
      setup.primary_offset[phase][k] =
          hal::saturating_round<std::int32_t>(static_cast<double>(offset) * primary_ratio(page));
    }
  }
  for (const Kind kind : {Kind::active, Kind::reactive}) {
    setup.limits[static_cast<int>(kind)] = starting_limits(kind, ct, page.connection);
  }
  return setup;
}

void change_tariff(EnergyState& state, signal::SampleTime at, Tariff tariff) {
  if (at <= state.booked_until) {
    state.change_count = 0;
    state.tariff = tariff;
    return;
  }
  // With every place taken the newest change stands for the one before it as well.
  const bool replaces = state.change_count != 0 && (state.change[state.change_count - 1].at == at ||
                                                    state.change_count == max_tariff_changes);
  if (!replaces) ++state.change_count;
  TariffChange& change = state.change[state.change_count - 1];
  if (!replaces) change.at = at;
  change.tariff = tariff;
}

Tariff tariff_from(const EnergyState& state, signal::SampleTime at) {
  Tariff tariff = state.tariff;
  for (std::uint32_t n = 0; n < state.change_count && state.change[n].at <= at; ++n) {
    tariff = state.change[n].tariff;
  }
  return tariff;
}

PulseEnergies book(EnergyState& state, const BookingSetup& setup, const signal::Window& window) {
  PulseEnergies outputs{};
  const Shares shares = shares_of(state, window);
  for (const Kind kind : {Kind::active, Kind::reactive}) {
    PhaseEnergy energy[phase_count] = {};
    for (int phase = 0; phase < phase_count; ++phase) {
      if (!phase_is_wired(setup.connection, phase)) continue;
      const signal::PhaseSums& sums = window.phase[phase];
      const std::int64_t sum = kind == Kind::active ? sums.p : sums.q;
      energy[phase] = {apply(setup.secondary[phase], sum), apply(setup.primary[phase], sum)};
      add_offset(energy[phase], setup, phase, kind, window.end - window.begin);
    }
    if (setup.connection == hal::Connection::aron) {
      book_aron(state, setup, kind, shares, energy, outputs);
    } else {
      book_phases(state, setup, kind, shares, energy, outputs);
    }
  }
  state.booked_until = window.end;
  forget_changes(state, window.end);
  return outputs;
}

bool no_load(const EnergyState& state, const BookingSetup& setup, int phase) {
  const int judged = setup.connection == hal::Connection::aron ? 0 : phase;
  return !state.booking[judged][static_cast<int>(Kind::active)] &&
         !state.booking[judged][static_cast<int>(Kind::reactive)];
}

}  // namespace metrology::energy
