// The image's only variables: the one meter's firmware object. Everything else is on the stack.
#include <new>

#include "metrology/app/firmware.h"
#include "metrology/hal/bus.h"
#include "metrology/hal/memory_map.h"

// firmware.ld repeats these figures.
static_assert(metrology::hal::flash_base == 0 && metrology::hal::flash_size == 128 * 1024);
static_assert(metrology::hal::ram_base == 0x2000'0000 && metrology::hal::ram_size == 32 * 1024);
static_assert(metrology::hal::sample_buffer_base == metrology::hal::ram_base);
static_assert(metrology::hal::sample_buffer_bytes == 2 * 7 * 128 * 4);

namespace {

metrology::hal::Bus bus;
alignas(metrology::app::Firmware) unsigned char storage[sizeof(metrology::app::Firmware)];

metrology::app::Firmware& firmware() {
  return *std::launder(reinterpret_cast<metrology::app::Firmware*>(storage));
}

}  // namespace

extern "C" [[noreturn]] void firmware_main() {
  (new (storage) metrology::app::Firmware(bus))->run();
}

extern "C" void firmware_external_interrupt() { firmware().external_interrupt(); }
