// What became of an expectation.
#pragma once

#include <optional>
#include <string>

#include "models/pins/time.h"

namespace tools {

using models::pins::Ps;

struct Verdict {
  std::string name;
  bool pass = false;
  std::string expected;
  std::optional<std::string> seen;  ///< none: not reached
  std::optional<Ps> at;             ///< when it was seen, or would have been
};

}  // namespace tools
