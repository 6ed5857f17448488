// What the soak throws where something does not hold: a sentence of what was expected and seen.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/pins/time.h"

namespace soak {

using models::pins::Ps;
using models::pins::ps_per_ms;
using models::pins::ps_per_s;

class Broken : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Bytes = std::vector<std::uint8_t>;

/// "01 03 20 08"
std::string hex(const Bytes& bytes);
/// In seconds, for a message.
std::string seconds(Ps t);

}  // namespace soak
