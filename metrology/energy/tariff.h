// Which tariff holds: the arbiter between the input of terminals 24/25 and register 2200
// (pro380 §9). No hardware and no clock in here.
//
//   event                              tariff                  saved value
//   input recognised                   T2                      –
//   input released                     T1                      –
//   register: 1, 2                     T1, T2                  T1, T2
//   register: 11, 12                   T1, T2                  –
//   power-up, input on                 T2                      –
//   power-up, input off, was on        T1                      T1
//   power-up otherwise                 the saved value         –
//
// The last event wins. The power-up's row is picked when the stored values are known and the input
// has been judged for the first time, some 70 ms after power-up; a write in between is the later
// event. Until the stored values are known T1 holds, until the input is judged the saved value.
#pragma once

#include <cstdint>

namespace metrology::energy {

enum class Tariff : std::uint8_t { t1, t2 };
inline constexpr int tariff_count = 2;

/// What is kept over a power cut. Zeros are a new meter's.
struct StoredTariff {
  Tariff saved;
  bool input_on;  ///< as last judged before the cut
};

struct TariffState {
  Tariff active;
  Tariff saved;
  bool input_on;      ///< once `input_known`; before it as it was at the cut
  bool input_known;   ///< judged since power-up
  bool stored_known;  ///< restored() was called
  bool
      power_up_due;  ///< the power-up's rule still has to pick; before `stored_known` it always has
};

/// The values stored before the power cut are known.
void restored(TariffState& state, const StoredTariff& stored);

/// The input has been judged; called as often as it is.
void input_judged(TariffState& state, bool on);

/// A register write of `value`; false, and nothing happens, if it is none of 1, 2, 11, 12.
bool written(TariffState& state, std::uint32_t value);

/// What to store.
constexpr StoredTariff stored(const TariffState& state) { return {state.saved, state.input_on}; }

}  // namespace metrology::energy
