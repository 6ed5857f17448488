// Which build this is.
#pragma once

#include <cstdint>
#include <string>

namespace tools {

/// The commit the build was configured from, as `git describe` names it.
std::string build_name();

/// The CRC-32 of the firmware's constants, which its self test judges (app/program_block.h).
std::uint32_t firmware_crc();

/// What --version prints.
std::string version_text();

}  // namespace tools
