#include "metrology/signal/droop_compensator.h"

namespace metrology::signal {
namespace {

constexpr int taps = 2 * compensator_delay_samples + 1;
constexpr int remembered = taps - 1;

// x points at the oldest of five codes, the output belongs to x[2]. All steps fit int32: with
// |x| <= 2^23, |d2| <= 2^25 and |d4| <= 2^27.
inline std::int32_t compensated(const std::int32_t* x) {
  const std::int32_t d2 = 2 * x[2] - x[1] - x[3];
  const std::int32_t d4 = x[0] + x[4] - 4 * (x[1] + x[3]) + 6 * x[2];
  // 79/256 of d4 as (5 - 1/16) / 16.
  return 16 * x[2] + 2 * d2 + ((5 * d4 - (d4 >> 4) + 8) >> 4);
}

// What a delay adds: minus the slope between the neighbours, (x[3] - x[1]) / 2 per sample, times
// the delay, in 1/16 LSB. The slope's bits below 16 LSB are worth less than 1/16 LSB here.
inline std::int32_t delayed_by(const std::int32_t* x, std::int32_t delay) {
  return (((x[1] - x[3]) >> 4) * delay + 256) >> 9;
}

// Runs `output_of` over the block: the first outputs need the codes remembered from the last one.
template <typename OutputOf>
void over_block(CompensatorState& state, const std::int32_t* codes, std::int32_t* output,
                OutputOf output_of) {
  // Oldest first: the remembered codes, then as many new ones.
  std::int32_t seam[2 * remembered];
  for (int n = 0; n < remembered; ++n) {
    seam[n] = state.codes[n];
    seam[remembered + n] = codes[n];
  }
  for (int n = 0; n < remembered; ++n) output[n] = output_of(seam + n);
  for (int n = 0; n < hal::block_samples - remembered; ++n) {
    output[remembered + n] = output_of(codes + n);
  }
  for (int n = 0; n < remembered; ++n) {
    state.codes[n] = codes[hal::block_samples - remembered + n];
  }
}

}  // namespace

void compensate(CompensatorState& state, const std::int32_t* codes, std::int32_t* output) {
  over_block(state, codes, output, [](const std::int32_t* x) { return compensated(x); });
}

void compensate_and_delay(CompensatorState& state, std::int32_t delay, const std::int32_t* codes,
                          std::int32_t* output) {
  if (delay > fine_delay_max) delay = fine_delay_max;
  if (delay < -fine_delay_max) delay = -fine_delay_max;
  over_block(state, codes, output,
             [delay](const std::int32_t* x) { return compensated(x) + delayed_by(x, delay); });
}

}  // namespace metrology::signal
