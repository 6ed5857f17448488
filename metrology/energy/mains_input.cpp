#include "metrology/energy/mains_input.h"

namespace metrology::energy {

bool take_reading(MainsInput& input, const MainsReading& reading) {
  if (input.readings < mains_judged_blocks) {
    input.reading[input.readings] = reading;
    ++input.readings;
    return false;
  }
  // Differences of counters that wrap.
  constexpr std::uint64_t permille = 1000;
  const std::uint64_t time = reading.at_cycle - input.reading[0].at_cycle;
  const std::uint64_t high = reading.high_cycles - input.reading[0].high_cycles;
  const std::uint32_t limit = input.on ? mains_off_permille : mains_on_permille;
  input.on = permille * high >= limit * time;
  input.reading[0] = input.reading[1];
  input.reading[1] = reading;
  return true;
}

}  // namespace metrology::energy
