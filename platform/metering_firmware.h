// The meter's own firmware as what the native CPU runs.
#pragma once

#include "metrology/app/firmware.h"
#include "platform/firmware_core.h"

namespace platform {

class MeteringFirmware : public FirmwareCore {
 public:
  explicit MeteringFirmware(metrology::hal::Bus& bus) : firmware_(bus) {}

  void run() override { firmware_.run(); }
  void external_interrupt() override { firmware_.external_interrupt(); }
  std::vector<std::uint8_t> state() const override;
  void restore(const std::vector<std::uint8_t>& state) override;
  void resume() override { firmware_.resume(); }
  const metrology::app::Firmware& firmware() const { return firmware_; }

 private:
  metrology::app::Firmware firmware_;
};

/// The factory of every real meter.
FirmwareFactory metering_firmware();

}  // namespace platform
