#include "platform/metering_firmware.h"

namespace platform {

FirmwareFactory metering_firmware() {
  return [](metrology::hal::Bus& bus) { return std::make_unique<MeteringFirmware>(bus); };
}

}  // namespace platform
