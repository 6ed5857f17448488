// Meters and loads for the tests of the whole firmware.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "metrology/hal/parameter_page.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/signal_synthesis.h"

namespace tests {

inline constexpr double core_hz = 25'165'824.0;
constexpr std::int64_t cycles(double seconds) {
  return static_cast<std::int64_t>(seconds * core_hz);
}

inline metrology::hal::ParameterPage page_of(metrology::hal::MeterVariant variant,
                                             std::uint32_t s0_rate_centi = 100'000) {
  metrology::hal::ParameterPage page{};
  page.magic = metrology::hal::parameter_page_magic;
  page.variant = variant;
  page.serial_hi = 0x0257;
  page.serial_lo = 0x14501234;
  page.s0_rate_centi = s0_rate_centi;
  return page;
}

/// 3 × 230 V, 50 Hz, with a current per phase that lags by `lag_deg`.
inline SixChannels load(std::array<double, 3> amperes, double lag_deg,
                        double full_scale_A = direct_full_scale_A) {
  SixChannels channels = three_phase_voltages(230.0, 50.0, full_scale_A);
  for (std::size_t phase = 0; phase < 3; ++phase) {
    const Tone& voltage = channels[phase].tones.front();
    channels[phase + 3].tones = {{50.0, amperes[phase], voltage.phase_rad - lag_deg * pi / 180.0}};
  }
  return channels;
}

inline SampleSource steady(const SixChannels& channels) {
  return [channels](std::int64_t first_set) { return synthesise(channels, first_set); };
}

/// The same blocks for many runs, each made once.
inline SampleSource remembered(SampleSource source) {
  auto blocks = std::make_shared<std::vector<Block>>();
  return [blocks, source = std::move(source)](std::int64_t first_set) {
    const auto wanted = static_cast<std::size_t>(first_set / metrology::hal::block_samples);
    while (blocks->size() <= wanted) {
      blocks->push_back(
          source(static_cast<std::int64_t>(blocks->size()) * metrology::hal::block_samples));
    }
    return (*blocks)[wanted];
  };
}

}  // namespace tests
