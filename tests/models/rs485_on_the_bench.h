// An RS-485 segment by value.
#pragma once

#include "models/lines/rs485_network.h"

namespace tests {

class Rs485Segment final : public models::lines::Segment {
 public:
  Rs485Segment(const models::lines::CableSpec& cable,
               const std::vector<models::lines::EndSpec>& ends, std::uint64_t run_seed = 0,
               const std::string& name = "bus")
      : Segment(std::make_unique<models::lines::Rs485Network>(cable, ends), run_seed, name) {}
};

}  // namespace tests
