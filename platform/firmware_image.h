// The content of flash, as production writes it for a CPU that runs it. Meters of one image share
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace platform {

/// hal::flash_size / 4 little-endian words from hal::flash_base on; what is erased reads as ones.
using FirmwareImage = std::vector<std::uint32_t>;
using SharedImage = std::shared_ptr<const FirmwareImage>;

}  // namespace platform
