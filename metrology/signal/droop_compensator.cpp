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

// A delay of t samples in 2^-32 of 1/16 LSB per unit of the differences it weighs.
struct Delay {
  std::int32_t slope;   // 16 t / 48 · 2^32
  std::int32_t square;  // 16 t² / 2 · 2^32
};

Delay delay_of(std::int32_t delay) {
  if (delay > fine_delay_max) delay = fine_delay_max;
  if (delay < -fine_delay_max) delay = -fine_delay_max;
  // Rounded to nearest; the first stays below 2^28, the second below 2^30.
  const std::int32_t slope = delay * 65536 / 3 + (delay * 65536 % 3) / 2;
  return {slope, 8 * delay * delay};
}

// What a delay adds: −t · slope − t²/2 · d2, rounded once. The differences stay below 2^30.
inline std::int32_t delayed_by(const std::int32_t* x, const Delay& delay) {
  const std::int32_t slope = 38 * (x[3] - x[1]) - 7 * (x[4] - x[0]);
  const std::int32_t d2 = 2 * x[2] - x[1] - x[3];
  constexpr std::int64_t half = std::int64_t{1} << 31;
  const std::int64_t sum =
      half - std::int64_t{slope} * delay.slope - std::int64_t{d2} * delay.square;
  return static_cast<std::int32_t>(sum >> 32);
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
  const Delay weights = delay_of(delay);
  over_block(state, codes, output,
             [&weights](const std::int32_t* x) { return compensated(x) + delayed_by(x, weights); });
}

}  // namespace metrology::signal
