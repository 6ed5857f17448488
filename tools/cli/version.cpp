#include "tools/cli/version.h"

#include <fmt/format.h>

#include "metrology/app/program_block.h"
#include "tools/cli/build_name.h"

namespace tools {

std::string build_name() { return PRO380_BUILD_NAME; }

std::uint32_t firmware_crc() { return metrology::app::program_checksum(); }

std::string version_text() {
  return fmt::format("vmeter {}\nfirmware constants CRC-32 {:08X}\n", build_name(), firmware_crc());
}

}  // namespace tools
