// The image's only variables: the one meter's firmware object. Everything else is on the stack.
#include <new>

#include "metrology/app/firmware.h"
#include "metrology/hal/bus.h"

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
