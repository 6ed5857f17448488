// Which build this is.
#pragma once

#include <cstdint>
#include <string>

namespace tools {

/// The commit the build was configured from, as `git describe` names it.
std::string build_name();

/// CRC-32 (IEEE 802.3) over what the firmware holds in its constants and shows at its ports: every
/// field of every row of the register table in order, the S0 rates with the widths at the table's
/// limits, and the delays of the signal path. [twin] The row that shows a checksum to masters
/// comes with the second generation's map.
std::uint32_t firmware_crc();

/// What --version prints.
std::string version_text();

}  // namespace tools
