#include "metrology/energy/tariff.h"

namespace metrology::energy {

namespace {

constexpr Tariff chosen_by_input(bool on) { return on ? Tariff::t2 : Tariff::t1; }

/// The power-up's rule for the input as it is now judged.
void apply_power_up(TariffState& state, bool was_on, bool on) {
  state.power_up_due = false;
  if (on) {
    state.active = Tariff::t2;
  } else if (was_on) {
    state.active = Tariff::t1;
    state.saved = Tariff::t1;
  }
}

struct Value {
  std::uint32_t value;
  Tariff tariff;
  bool saves;
};
constexpr Value values[] = {
    {1, Tariff::t1, true},
    {2, Tariff::t2, true},
    {11, Tariff::t1, false},
    {12, Tariff::t2, false},
};

}  // namespace

void restored(TariffState& state, const StoredTariff& stored) {
  const bool on = state.input_on;
  state.stored_known = true;
  state.power_up_due = true;
  state.saved = stored.saved;
  state.active = stored.saved;
  if (state.input_known) {
    apply_power_up(state, stored.input_on, on);
  } else {
    state.input_on = stored.input_on;
  }
}

void input_judged(TariffState& state, bool on) {
  const bool before = state.input_on;
  const bool edge = state.input_known && on != before;
  state.input_known = true;
  state.input_on = on;
  if (!state.stored_known) return;
  if (edge) {
    state.active = chosen_by_input(on);
  } else if (state.power_up_due) {
    apply_power_up(state, before, on);
  }
}

bool written(TariffState& state, std::uint32_t value) {
  for (const Value& row : values) {
    if (row.value != value) continue;
    state.power_up_due = false;
    state.active = row.tariff;
    if (row.saves) state.saved = row.tariff;
    return true;
  }
  return false;
}

}  // namespace metrology::energy
