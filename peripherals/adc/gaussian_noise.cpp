#include "peripherals/adc/gaussian_noise.h"

#include <array>
#include <cmath>
#include <cstddef>

namespace peripherals {

namespace {

constexpr std::uint64_t golden = 0x9E3779B97F4A7C15u;
constexpr std::size_t layers = 256;
/// Where the tail begins: the value with which 256 layers of one area fill the bell.
constexpr double tail = 3.6541528853610088;

double bell(double x) { return std::exp(-x * x / 2); }

/// A mixed 64-bit word for a counter: the output function of splitmix64.
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

/// (0, 1]
double unit(std::uint64_t word) { return 0x1p-53 * static_cast<double>((word >> 11) + 1); }

/// Layer i reaches from 0 to width[i] at the height of its lower edge, to width[i + 1] at that of
/// its upper one. Layer 0 has the tail in it, so it counts as wider than it is.
struct Ziggurat {
  std::array<double, layers + 1> width;
  std::array<double, layers + 1> height;
};

Ziggurat make_ziggurat() {
  const double tail_area = std::sqrt(std::acos(-1.0) / 2) * std::erfc(tail / std::sqrt(2.0));
  const double area = tail * bell(tail) + tail_area;
  Ziggurat out{};
  out.width[0] = area / bell(tail);
  out.width[1] = tail;
  for (std::size_t i = 2; i < layers; ++i) {
    out.width[i] = std::sqrt(-2 * std::log(bell(out.width[i - 1]) + area / out.width[i - 1]));
  }
  out.width[layers] = 0;
  for (std::size_t i = 0; i <= layers; ++i) out.height[i] = bell(out.width[i]);
  return out;
}

const Ziggurat& ziggurat() {
  static const Ziggurat table = make_ziggurat();
  return table;
}

/// More words from one.
struct Chain {
  std::uint64_t state;
  std::uint64_t next() { return mix(state += golden); }
};

/// What is left when a word's point lies outside the part of its layer that is all below the bell.
double decide(const Ziggurat& table, std::uint64_t word) {
  Chain chain{word};
  while (true) {
    const auto layer = static_cast<std::size_t>(word % layers);
    const double sign = (word & layers) != 0 ? -1 : 1;
    const double x = unit(word) * table.width[layer];
    if (x < table.width[layer + 1]) return sign * x;
    if (layer == 0) {
      double beyond = 0;
      double limit = 0;
      do {
        beyond = -std::log(unit(chain.next())) / tail;
        limit = -std::log(unit(chain.next()));
      } while (2 * limit < beyond * beyond);
      return sign * (tail + beyond);
    }
    const double y =
        table.height[layer] + unit(chain.next()) * (table.height[layer + 1] - table.height[layer]);
    if (y < bell(x)) return sign * x;
    word = chain.next();
  }
}

}  // namespace

GaussianNoise::GaussianNoise(std::uint64_t seed, double rms)
    : origin_(mix(seed + golden)), rms_(rms) {}

void GaussianNoise::add(std::int64_t first, int count, double* values) const {
  const Ziggurat& table = ziggurat();
  std::uint64_t counter = origin_ + golden * static_cast<std::uint64_t>(first);
  for (int k = 0; k < count; ++k, counter += golden) {
    const std::uint64_t word = mix(counter);
    const auto layer = static_cast<std::size_t>(word % layers);
    const double x = unit(word) * table.width[layer];
    if (x < table.width[layer + 1]) {
      // The sign from the word without a branch, which would be wrong half of the time.
      constexpr std::array<double, 2> signs = {1, -1};
      values[k] += rms_ * signs[(word / layers) % 2] * x;
    } else {
      values[k] += rms_ * decide(table, word);
    }
  }
}

}  // namespace peripherals
