// Which entry of the timeline a master's request is of, and which meter it was meant for: kept in
// the request's tag.
#pragma once

#include <cstddef>
#include <cstdint>

namespace tools {

struct RequestOrigin {
  std::size_t entry = 0;  ///< of the timeline
  int meter = -1;         ///< that was asked; −1: none in particular
};
std::uint64_t tag_of(const RequestOrigin& origin);
RequestOrigin origin_of(std::uint64_t tag);

}  // namespace tools
