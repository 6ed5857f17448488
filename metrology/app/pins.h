// The GPIO's output pins, which several tasks and a handler share one register of.
#pragma once

#include <cstdint>

#include "metrology/hal/bus.h"
#include "metrology/hal/memory_map.h"

namespace metrology::app {

/// Bit of a pin in the GPIO's registers.
constexpr std::uint32_t pin_bit(hal::GpioPin pin) { return 1U << static_cast<unsigned>(pin); }

/// Drives `pin`. With interrupts disabled, or in the RTC's handler, which no other writer of pins
/// interrupts.
inline void drive_pin(hal::Bus& bus, hal::GpioPin pin, bool high) {
  constexpr std::uint32_t output = hal::gpio::base + hal::gpio::output;
  const std::uint32_t others = bus.read(output) & ~pin_bit(pin);
  bus.write(output, high ? others | pin_bit(pin) : others);
}

/// For tasks: drives `pin`. Interrupts are enabled afterwards.
inline void set_pin(hal::Bus& bus, hal::GpioPin pin, bool high) {
  bus.disable_interrupts();
  drive_pin(bus, pin, high);
  bus.enable_interrupts();
}

}  // namespace metrology::app
