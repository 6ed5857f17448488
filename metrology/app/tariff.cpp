#include "metrology/app/tariff.h"

#include "metrology/app/pins.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

namespace {

/// On while T2 holds.
void show_on_led(const State& state, hal::Bus& bus) {
  set_pin(bus, hal::GpioPin::led_tariff, state.tariff.active == energy::Tariff::t2);
}

}  // namespace

void start_tariff(hal::Bus& bus) {
  constexpr std::uint32_t direction = hal::gpio::base + hal::gpio::direction;
  bus.write(direction, bus.read(direction) | pin_bit(hal::GpioPin::led_tariff));
}

void apply_tariff(State& state, hal::Bus& bus) {
  if (energy::newest_tariff(state.energy) == state.tariff.active) return;
  const std::int64_t boundary = state.signal.next_set + hal::block_samples;
  energy::change_tariff(state.energy, boundary * signal::one_sample, state.tariff.active);
  show_on_led(state, bus);
}

void restore_counters(State& state, hal::Bus& bus, const energy::Accounts& stored,
                      const energy::StoredTariff& tariff) {
  energy::restored(state.tariff, tariff);
  if (state.tariff.active == energy::Tariff::t2) energy::move_to_t2(state.energy.accounts);
  energy::add(state.energy.accounts, stored);
  energy::change_tariff(state.energy, state.energy.booked_until, state.tariff.active);
  show_on_led(state, bus);
}

}  // namespace metrology::app
