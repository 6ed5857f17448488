#include "tools/engine/request_origin.h"

namespace tools {

std::uint64_t tag_of(const RequestOrigin& origin) {
  return std::uint64_t{origin.entry} << 32 | static_cast<std::uint64_t>(origin.meter + 1);
}

RequestOrigin origin_of(std::uint64_t tag) {
  return {static_cast<std::size_t>(tag >> 32), static_cast<int>(tag & 0xFFFF'FFFF) - 1};
}

}  // namespace tools
