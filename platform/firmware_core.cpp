#include "platform/firmware_core.h"

#include <stdexcept>

namespace platform {

namespace {
[[noreturn]] void refuse() { throw std::logic_error("this firmware cannot be saved or put back"); }
}  // namespace

std::vector<std::uint8_t> FirmwareCore::state() const { refuse(); }
void FirmwareCore::restore(const std::vector<std::uint8_t>&) { refuse(); }
void FirmwareCore::resume() { refuse(); }

}  // namespace platform
