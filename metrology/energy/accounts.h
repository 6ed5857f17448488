// What energy is booked to: one account a phase and one for the total, each with a counter per
// tariff, kind and direction. All of it is what a meter must never lose: it is saved and restored
// as it stands.
#pragma once

#include <cstdint>

#include "metrology/energy/counter.h"
#include "metrology/energy/starting.h"
#include "metrology/energy/tariff.h"

namespace metrology::energy {

inline constexpr int phase_count = 3;
enum class Direction : std::uint8_t { forward, reverse };
inline constexpr int direction_count = 2;

/// Counters of one phase or of the total.
struct Account {
  EnergyCounter counter[tariff_count][kind_count][direction_count];

  constexpr EnergyCounter& of(Kind kind, Direction direction, Tariff tariff) {
    return counter[static_cast<int>(tariff)][static_cast<int>(kind)][static_cast<int>(direction)];
  }
  constexpr const EnergyCounter& of(Kind kind, Direction direction, Tariff tariff) const {
    return counter[static_cast<int>(tariff)][static_cast<int>(kind)][static_cast<int>(direction)];
  }
  /// All tariffs: T1 + T2, exactly.
  constexpr EnergyCounter of(Kind kind, Direction direction) const {
    return of(kind, direction, Tariff::t1) + of(kind, direction, Tariff::t2);
  }
};

struct Accounts {
  Account phase[phase_count];  ///< Aron: the elements in L1 and L3, each by its own sign
  Account total;               ///< Aron: the elements' sum by its sign; else the phases' sum
  /// The total's active forward energy of all tariffs when the day counter was last set to 0.
  EnergyCounter day_start;
};

/// The day counter: active forward energy of all tariffs since its last reset.
constexpr EnergyCounter day_energy(const Accounts& accounts) {
  return accounts.total.of(Kind::active, Direction::forward) - accounts.day_start;
}
/// Sets the day counter to 0.
constexpr void reset_day(Accounts& accounts) {
  accounts.day_start = accounts.total.of(Kind::active, Direction::forward);
}

/// Adds what was stored, or preset, to what has been booked since power-up, counter by counter.
/// The stored accounts must agree in themselves: outside Aron `total` is the phases' sum.
void add(Accounts& accounts, const Accounts& stored);

/// Moves everything that is booked to T1 to T2. For what was booked since power-up, before the
/// tariff that holds since then was known and before anything stored is added.
void move_to_t2(Accounts& accounts);

}  // namespace metrology::energy
