// A meter with an M-Bus on the stand-in for its microcontroller, and the times of its answers.
#pragma once

#include <cstdint>
#include <vector>

#include "metrology/storage/image.h"
#include "tests/metrology/fake_mcu.h"
#include "tests/metrology/firmware_loads.h"
#include "tests/metrology/mbus_bytes.h"

namespace tests {

inline constexpr int all_bauds[] = {9600, 4800, 2400, 1200, 600, 300};

/// `bits` bit times in core clocks, rounded up.
constexpr std::int64_t bits(std::int64_t bits, std::int64_t baud = 9600) {
  return (bits * 25'165'824 + baud - 1) / baud;
}

/// 10 ms: 251 658.24 clocks, rounded up.
inline constexpr std::int64_t ten_ms = 251'659;

/// 33 bit times at 9600 Bd are 86 507.52 clocks: both rounded up.
inline constexpr std::int64_t default_reply = 86'508 + ten_ms;
static_assert(default_reply == 338'167 && bits(33) == 86'508);

/// A character at 9600 Bd as the divider of 41 943/16 clocks a bit has it.
inline constexpr std::int64_t character_cycles = (std::int64_t{11} * 41'943 + 8) / 16;

inline const SampleSource& quiet_load() {
  static const SampleSource source = remembered(steady(load({5.0, 5.0, 5.0}, 25.84)));
  return source;
}

inline metrology::registers::Settings settings_of(const metrology::hal::ParameterPage& page) {
  return metrology::registers::factory_settings(page);
}
inline metrology::registers::Settings settings_at(const metrology::hal::ParameterPage& page,
                                                  int baud) {
  metrology::registers::Settings settings = settings_of(page);
  settings.baud = static_cast<std::uint16_t>(baud);
  return settings;
}

/// A meter with an EEPROM that holds `settings`: it answers from about 30 ms after power-up on.
struct BusMeter {
  explicit BusMeter(
      const metrology::hal::ParameterPage& page_in = page_of(metrology::hal::MeterVariant::mb))
      : BusMeter(page_in, settings_of(page_in)) {}
  BusMeter(const metrology::hal::ParameterPage& page_in,
           const metrology::registers::Settings& settings)
      : mcu(page_in, quiet_load()) {
    mcu.back().eeprom.emplace();
    metrology::storage::make_image(settings, {}, {}, mcu.back().eeprom->bytes.data());
  }

  /// The request's end.
  std::int64_t ask(double at_s, const Bytes& bytes, LineFormat format = {}) {
    return mcu.uart().say(cycles(at_s), bytes, format);
  }
  const std::vector<FakeUart::Transmission>& run(double until_s) {
    state = mcu.run(cycles(until_s));
    return mcu.uart().sent();
  }

  FakeMcu mcu;
  metrology::app::State state{};
};

}  // namespace tests
