#include "tools/state/run_state.h"

#include <sstream>
#include <stdexcept>

#include "tools/state/archive.h"

namespace tools {

std::string to_bytes(const RunState& state) {
  std::ostringstream out(std::ios::binary);
  cereal::BinaryOutputArchive archive(out);
  archive(state);
  return out.str();
}

RunState run_state_from(const std::string& bytes) {
  std::istringstream in(bytes, std::ios::binary);
  RunState state;
  cereal::BinaryInputArchive archive(in);
  archive(state);
  if (in.peek() != std::char_traits<char>::eof()) {
    throw std::runtime_error("a saved state has bytes behind its end");
  }
  return state;
}

}  // namespace tools
