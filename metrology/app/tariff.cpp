#include "metrology/app/tariff.h"

#include "metrology/app/pins.h"
#include "metrology/app/request_time.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

void start_tariff(hal::Bus& bus) {
  constexpr std::uint32_t direction = hal::gpio::base + hal::gpio::direction;
  bus.write(direction, bus.read(direction) | pin_bit(hal::GpioPin::led_tariff));
}

void apply_tariff(State& state, signal::SampleTime boundary) {
  const energy::EnergyState& energy = state.energy;
  if (energy::newest_tariff(energy) == state.tariff.active) return;
  if (energy.change_count != 0 && energy.change[energy.change_count - 1].at > boundary) {
    boundary = energy.change[energy.change_count - 1].at;
  }
  energy::change_tariff(state.energy, boundary, state.tariff.active);
}

signal::SampleTime boundary_after(const State& state, std::int64_t request_cycle) {
  constexpr std::int64_t block_cycles =
      std::int64_t{hal::block_samples} * hal::core_cycles_per_sample;
  const std::int64_t since = request_cycle + request_allowance_cycles - state.adc_start_cycle;
  return first_multiple(since, block_cycles) / hal::core_cycles_per_sample * signal::one_sample;
}

void show_tariff(State& state, hal::Bus& bus, std::int64_t end) {
  const energy::Tariff tariff = energy::tariff_from(state.energy, end * signal::one_sample);
  if (tariff == state.tariff_led) return;
  state.tariff_led = tariff;
  set_pin(bus, hal::GpioPin::led_tariff, tariff == energy::Tariff::t2);
}

void restore_counters(State& state, const energy::Accounts& stored,
                      const energy::StoredTariff& tariff) {
  energy::restored(state.tariff, tariff);
  if (state.tariff.active == energy::Tariff::t2) energy::move_to_t2(state.energy.accounts);
  energy::add(state.energy.accounts, stored);
  energy::change_tariff(state.energy, state.energy.booked_until, state.tariff.active);
}

}  // namespace metrology::app
