// The memory map as the router decodes it; hal/memory_map.h is its source.
#pragma once

#include <array>
#include <cstdint>

#include "metrology/hal/memory_map.h"
#include "peripherals/bus/wait_cycles.h"

namespace platform {

/// The bus targets, in the order of the router's sockets.
enum class BusTarget : std::uint8_t {
  adc,
  dma,
  interrupt_controller,
  system_control,
  pulse_timers,
  gpio,
  debug_mailbox,
  rtc,
  i2c_master,
  lcd,
  power_monitor,
  watchdog,
  uart_bus,
  uart_ir,
  ram,
  parameter_page,
  flash
};
inline constexpr int bus_target_count = 17;

struct BusRegion {
  BusTarget target;
  std::uint32_t base;
  std::uint32_t size;
  int wait_cycles;
  bool is_memory;  ///< the CPU splits misaligned accesses; elsewhere they are bus errors
};

inline constexpr std::uint32_t peripheral_size = 4096;

/// What an access to no region costs before its bus error.
inline constexpr int unmapped_wait_cycles = 0;

namespace decode_detail {
namespace hal = metrology::hal;
using peripherals::ahb_wait_cycles;
using peripherals::apb_wait_cycles;
}  // namespace decode_detail

inline constexpr std::array<BusRegion, bus_target_count> decode_table = [] {
  using namespace decode_detail;
  return std::array<BusRegion, bus_target_count>{{
      {BusTarget::adc, hal::adc::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::dma, hal::dma::base, peripheral_size, ahb_wait_cycles, false},
      {BusTarget::interrupt_controller, hal::intc::base, peripheral_size, ahb_wait_cycles, false},
      {BusTarget::system_control, hal::sysctrl::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::pulse_timers, hal::pulse::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::gpio, hal::gpio::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::debug_mailbox, hal::mailbox::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::rtc, hal::rtc::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::i2c_master, hal::i2c::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::lcd, hal::lcd::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::power_monitor, hal::power::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::watchdog, hal::watchdog::base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::uart_bus, hal::uart::bus_base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::uart_ir, hal::uart::ir_base, peripheral_size, apb_wait_cycles, false},
      {BusTarget::ram, hal::ram_base, hal::ram_size, ahb_wait_cycles, true},
      {BusTarget::parameter_page, hal::parameter_page_base, hal::parameter_page_size,
       ahb_wait_cycles, true},
      {BusTarget::flash, hal::flash_base, hal::flash_size, ahb_wait_cycles, true},
  }};
}();

namespace decode_detail {
/// Peripherals stand one behind the other, in the order of the table's first rows.
inline constexpr std::uint32_t peripheral_count = 14;
constexpr bool peripherals_in_order() {
  for (std::uint32_t n = 0; n < peripheral_count; ++n) {
    const BusRegion& region = decode_table.at(n);
    if (region.base != hal::adc::base + n * peripheral_size || region.size != peripheral_size) {
      return false;
    }
  }
  return true;
}
static_assert(peripherals_in_order());
}  // namespace decode_detail

/// The region that holds `address`; null for none.
constexpr const BusRegion* decode(std::uint32_t address) {
  // Most accesses go to a peripheral: its number stands in the address.
  const std::uint32_t number = (address - decode_detail::hal::adc::base) / peripheral_size;
  if (number < decode_detail::peripheral_count) return decode_table.data() + number;
  for (std::size_t n = decode_detail::peripheral_count; n < decode_table.size(); ++n) {
    if (address - decode_table[n].base < decode_table[n].size) return decode_table.data() + n;
  }
  return nullptr;
}

}  // namespace platform
