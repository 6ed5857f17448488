#include "metrology/signal/quadrature.h"

namespace metrology::signal {
namespace {

constexpr int group = quadrature_decimation;
constexpr int groups_per_block = hal::block_samples / group;
static_assert(hal::block_samples % group == 0);
constexpr int history_length = quadrature_taps - 1;

// Samples come in 1/16 LSB; eight of them weighted by up to eight fit int32 in 1/2 LSB. The
// decimated sample is halved again, so that the difference of two fits: its unit is 1/64 LSB.
constexpr int sample_shift = 3;

// A triangle of 15 taps, twice a moving sum of 8: it rises over one group of samples (1…8) and
// falls over the next (7…0).
void decimate(DecimatedChannel& channel, const std::int32_t* samples, std::int32_t* decimated) {
  std::int32_t rising_half = channel.rising_half;
  const std::int32_t* s = samples;
  for (int m = 0; m < groups_per_block; ++m, s += group) {
    std::int32_t sum = 0;
    std::int32_t sum_of_sums = 0;  // Σ (8 - j)·s[j]
    for (int j = 0; j < group; ++j) {
      sum += s[j] >> sample_shift;
      sum_of_sums += sum;
    }
    decimated[m] = (rising_half + (sum_of_sums - sum) + 1) >> 1;
    rising_half = (group + 1) * sum - sum_of_sums;
  }
  channel.rising_half = rising_half;
}

// The sample a quarter of a cycle late, `line` pointing at the oldest tap.
std::int32_t quarter_late(const std::int32_t* line) {
  const std::int32_t* middle = line + quadrature_half_taps;
  std::int64_t sum = 0;
#pragma GCC unroll 23
  for (int k = 0; k < quadrature_half_taps; ++k) {
    sum += std::int64_t{middle[-1 - k] - middle[1 + k]} * quadrature_coefficients[k];
  }
  return static_cast<std::int32_t>(sum >> quadrature_coefficient_bits);
}

// A channel's delay line over the block: what it remembers, then the block's decimated samples.
struct DelayLine {
  std::int32_t samples[history_length + groups_per_block];
};

void fill(DelayLine& line, DecimatedChannel& channel, const std::int32_t* samples) {
  for (int k = 0; k < history_length; ++k) line.samples[k] = channel.history[k];
  decimate(channel, samples, line.samples + history_length);
  for (int k = 0; k < history_length; ++k) {
    channel.history[k] = line.samples[groups_per_block + k];
  }
}

// Products of a block with the two before it. Product k stands at sample 8k - 5 of the block: the
// content of the newest one of a group that ends with sample n is centred 8 samples before n (the
// triangle's top) and 23 decimated samples more, 192 in all, and the promise is
// `reactive_extra_delay_samples`.
constexpr int kept = 2;
constexpr SampleTime first_stamp = -5 * one_sample;
static_assert(int{first_stamp / one_sample} + group * kept ==
              group - 1 - (group + group * quadrature_half_taps) + reactive_extra_delay_samples);

// Unit 1/4096 LSB²; a sixteenth of it, 1/256 LSB², lets a window of them fit.
constexpr int product_shift = 4;

std::int64_t cross_product(const std::int32_t* u, const std::int32_t* i) {
  const std::int64_t u_delayed = u[quadrature_half_taps];
  const std::int64_t i_delayed = i[quadrature_half_taps];
  return (i_delayed * quarter_late(u) - u_delayed * quarter_late(i)) >> product_shift;
}

}  // namespace

void add_block(QuadratureState& state, const std::int32_t* u, const std::int32_t* i,
               const Boundary* boundaries, int count, std::int64_t* closed) {
  DelayLine u_line;
  DelayLine i_line;
  fill(u_line, state.u, u);
  fill(i_line, state.i, i);

  std::int64_t products[kept + groups_per_block];
  for (int k = 0; k < kept; ++k) products[k] = state.recent[k];
  for (int m = 0; m < groups_per_block; ++m) {
    products[kept + m] = cross_product(u_line.samples + m, i_line.samples + m);
  }
  for (int k = 0; k < kept; ++k) state.recent[k] = products[groups_per_block + k];

  // Product 0 is in the open sum already; the last one waits for the next block.
  std::int64_t sum = state.open;
  int next = 1;
  for (int k = 0; k < count; ++k) {
    const SampleTime at = (SampleTime{boundaries[k].first_after} - 1) * one_sample +
                          boundaries[k].fraction - first_stamp;
    const int cell = static_cast<int>(at / (group * one_sample));
    const auto fraction = static_cast<std::int32_t>((at / group) % one_sample);
    for (; next <= cell; ++next) sum += products[next];
    const std::int64_t moved =
        split_amount(split_shares(fraction), products[cell], products[cell + 1]);
    closed[k] = sum + moved;
    sum = -moved;
  }
  for (; next <= groups_per_block; ++next) sum += products[next];
  state.open = sum;
}

std::int64_t reactive_sum(std::int64_t products, std::int32_t gain) {
  // A product is twice the reactive power and stands for 8 samples.
  return group / 2 * scaled_by_gain(products, gain);
}

}  // namespace metrology::signal
