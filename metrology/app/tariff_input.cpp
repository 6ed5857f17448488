#include "metrology/app/tariff_input.h"

#include "metrology/app/tariff.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

namespace {

/// Both at one instant, but for an access: with interrupts disabled.
energy::MainsReading take(hal::Bus& bus) {
  constexpr std::uint32_t high_time = hal::gpio::base + hal::gpio::high_time_0 +
                                      4 * static_cast<std::uint32_t>(hal::GpioPin::tariff_input);
  const std::uint32_t at_cycle = bus.read(hal::sysctrl::base + hal::sysctrl::counter_lo);
  return {at_cycle, bus.read(high_time)};
}

}  // namespace

void start_tariff_input(State& state, hal::Bus& bus) {
  energy::take_reading(state.tariff_input, take(bus));
}

void read_tariff_input(State& state, hal::Bus& bus) {
  bus.disable_interrupts();
  state.pending.tariff_input = take(bus);
  bus.enable_interrupts();
}

void judge_tariff_input(State& state, hal::Bus& bus) {
  bus.disable_interrupts();
  const energy::MainsReading reading = state.pending.tariff_input;
  bus.enable_interrupts();
  if (!energy::take_reading(state.tariff_input, reading)) return;
  energy::input_judged(state.tariff, state.tariff_input.on);
  const std::int64_t block_end = state.signal.next_set + hal::block_samples;
  apply_tariff(state, block_end * signal::one_sample);
}

}  // namespace metrology::app
