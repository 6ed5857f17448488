// Sampler and oracle on the same source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "modulator_oracle.h"
#include "peripherals/adc/sinc3_sampler.h"

namespace tests {

struct Conversion {
  peripherals::Cycle start = 100'003;
  int offset = 0;
  std::int64_t first = 0;
  int count = 512;
  double full_scale = 800;
};

inline std::vector<std::int32_t> convert(const models::pins::AnalogSource& source,
                                         const RationalClock& clock, const Conversion& how,
                                         int block = 128) {
  peripherals::Sinc3Kernels kernels;
  peripherals::Sinc3Sampler sampler(source, clock, kernels, {how.full_scale});
  std::vector<std::int32_t> codes(static_cast<std::size_t>(how.count));
  for (int k = 0; k < how.count; k += block) {
    const int now = how.count - k < block ? how.count - k : block;
    sampler.convert(how.start, how.offset, how.first + k, now, codes.data() + k);
  }
  return codes;
}

/// Largest difference between the sampler's codes and those of the walked modulator.
inline std::int64_t error_of(const models::pins::AnalogSource& source, const RationalClock& clock,
                             const Conversion& how, int block = 128) {
  return largest_difference(
      convert(source, clock, how, block),
      walk_modulator(source, clock, how.start, how.offset, how.first, how.count, how.full_scale));
}

}  // namespace tests
