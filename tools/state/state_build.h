// Which program and which firmware wrote or reads a saved state.
#pragma once

#include <cstdint>
#include <string>

namespace tools {

struct StateBuild {
  std::string name;
  std::uint32_t firmware_crc = 0;
};

}  // namespace tools
