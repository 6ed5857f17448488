// The part of the stand-in microcontroller that stands behind the meter's front: GPIO with the two
// buttons, real-time clock, LCD controller.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "metrology/hal/memory_map.h"

namespace tests {

/// From `at_cycle` on the glass shows `common`; nothing while the controller is off.
struct GlassChange {
  std::int64_t at_cycle;
  std::array<std::uint32_t, 4> common;
};

/// From `at_cycle` on an output pin has this level.
struct PinChange {
  std::int64_t at_cycle;
  bool level;
};

class FakeFront {
 public:
  /// Before the run: the pin's level from `at_cycle` on.
  void button(std::int64_t at_cycle, metrology::hal::GpioPin pin, bool level);
  /// Changes seen at frame starts up to `until_cycle`.
  const std::vector<GlassChange>& glass(std::int64_t until_cycle);
  const std::vector<PinChange>& backlight() const { return backlight_; }
  /// Level of an output pin; false for a pin that is none.
  bool output(metrology::hal::GpioPin pin) const;

  void reset();
  /// INT64_MAX if nothing is to come.
  std::int64_t next_event() const;
  void fire(std::int64_t now);
  bool gpio_pending() const { return status_ != 0; }
  bool rtc_pending() const { return rtc_status_ != 0; }
  /// False: not one of these peripherals' bases.
  static bool covers(std::uint32_t base);
  std::uint32_t read(std::uint32_t base, std::uint32_t offset, std::int64_t now) const;
  void write(std::uint32_t base, std::uint32_t offset, std::uint32_t value, std::int64_t now);

 private:
  struct Edge {
    std::int64_t at_cycle;
    std::uint32_t bit;
    bool level;
  };

  void write_gpio(std::uint32_t offset, std::uint32_t value, std::int64_t now);
  void write_rtc(std::uint32_t offset, std::uint32_t value, std::int64_t now);
  void settle_glass(std::int64_t now);

  std::vector<Edge> edges_;
  std::size_t next_edge_ = 0;
  std::uint32_t input_ = 0;
  std::uint32_t output_ = 0;
  std::uint32_t direction_ = 0;
  std::uint32_t rise_enable_ = 0;
  std::uint32_t fall_enable_ = 0;
  std::uint32_t status_ = 0;
  std::vector<PinChange> backlight_;

  bool armed_ = false;
  std::uint32_t alarm_ = 0;
  std::int64_t alarm_due_ = 0;
  std::uint32_t rtc_status_ = 0;

  bool lcd_enabled_ = false;
  std::array<std::uint32_t, 4> segments_{};
  std::array<std::uint32_t, 4> visible_{};
  std::int64_t settled_ = -1;
  std::vector<GlassChange> glass_;
};

}  // namespace tests
