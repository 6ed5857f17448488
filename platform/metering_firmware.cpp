#include "platform/metering_firmware.h"

#include <cstring>
#include <stdexcept>

namespace platform {

std::vector<std::uint8_t> MeteringFirmware::state() const {
  std::vector<std::uint8_t> bytes(sizeof(metrology::app::State));
  std::memcpy(bytes.data(), &firmware_.state(), bytes.size());
  return bytes;
}

void MeteringFirmware::restore(const std::vector<std::uint8_t>& state) {
  metrology::app::State restored;
  if (state.size() != sizeof restored) {
    throw std::invalid_argument("a saved state is not one of this firmware");
  }
  std::memcpy(&restored, state.data(), sizeof restored);
  firmware_.restore(restored);
}

FirmwareFactory metering_firmware() {
  return [](metrology::hal::Bus& bus) { return std::make_unique<MeteringFirmware>(bus); };
}

}  // namespace platform
