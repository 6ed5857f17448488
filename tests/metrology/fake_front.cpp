#include "tests/metrology/fake_front.h"

#include <algorithm>
#include <stdexcept>

namespace tests {

using namespace metrology;

namespace {

constexpr std::int64_t tick_cycles = hal::rtc::core_cycles_per_tick;
constexpr std::int64_t frame_cycles = hal::lcd::ticks_per_frame * tick_cycles;

std::uint32_t bit(hal::GpioPin pin) { return 1U << static_cast<unsigned>(pin); }

}  // namespace

void FakeFront::button(std::int64_t at_cycle, hal::GpioPin pin, bool level) {
  const auto later = [](std::int64_t at, const Edge& edge) { return at < edge.at_cycle; };
  edges_.insert(std::upper_bound(edges_.begin(), edges_.end(), at_cycle, later),
                {at_cycle, bit(pin), level});
}

bool FakeFront::output(hal::GpioPin pin) const { return (output_ & direction_ & bit(pin)) != 0; }

void FakeFront::reset() {
  output_ = direction_ = rise_enable_ = fall_enable_ = status_ = 0;
  armed_ = false;
  rtc_status_ = 0;
  lcd_enabled_ = false;
  segments_ = {};
}

std::int64_t FakeFront::next_event() const {
  std::int64_t next = INT64_MAX;
  if (next_edge_ < edges_.size()) next = edges_[next_edge_].at_cycle;
  if (armed_) next = std::min(next, alarm_due_);
  return next;
}

void FakeFront::fire(std::int64_t now) {
  for (; next_edge_ < edges_.size() && edges_[next_edge_].at_cycle <= now; ++next_edge_) {
    const Edge& edge = edges_[next_edge_];
    const std::uint32_t before = input_;
    input_ = edge.level ? input_ | edge.bit : input_ & ~edge.bit;
    status_ |= (input_ & ~before & rise_enable_) | (before & ~input_ & fall_enable_);
  }
  if (armed_ && alarm_due_ <= now) {
    armed_ = false;
    rtc_status_ = hal::rtc::status_alarm;
  }
}

bool FakeFront::covers(std::uint32_t base) {
  return base == hal::gpio::base || base == hal::rtc::base || base == hal::lcd::base;
}

std::uint32_t FakeFront::read(std::uint32_t base, std::uint32_t offset, std::int64_t now) const {
  if (base == hal::gpio::base) {
    switch (offset) {
      case hal::gpio::input:
        return input_;
      case hal::gpio::output:
        return output_;
      case hal::gpio::direction:
        return direction_;
      case hal::gpio::rise_enable:
        return rise_enable_;
      case hal::gpio::fall_enable:
        return fall_enable_;
      case hal::gpio::status:
        return status_;
      default:
        break;
    }
  }
  if (base == hal::rtc::base && offset == hal::rtc::count) {
    return static_cast<std::uint32_t>(now / tick_cycles);
  }
  throw std::logic_error("read of a register that is not there");
}

void FakeFront::write(std::uint32_t base, std::uint32_t offset, std::uint32_t value,
                      std::int64_t now) {
  if (base == hal::gpio::base) {
    write_gpio(offset, value, now);
  } else if (base == hal::rtc::base) {
    write_rtc(offset, value, now);
  } else {
    settle_glass(now);
    if (offset == hal::lcd::control) {
      lcd_enabled_ = (value & hal::lcd::control_enable) != 0;
      if (!lcd_enabled_ && visible_ != decltype(visible_){}) {
        visible_ = {};
        glass_.push_back({now + 1, visible_});
      }
    } else {
      segments_.at((offset - hal::lcd::segment_0) / 4) = value;
    }
  }
}

void FakeFront::write_gpio(std::uint32_t offset, std::uint32_t value, std::int64_t now) {
  const bool light = output(hal::GpioPin::backlight);
  switch (offset) {
    case hal::gpio::output:
      output_ = value;
      break;
    case hal::gpio::direction:
      direction_ = value;
      break;
    case hal::gpio::rise_enable:
      rise_enable_ = value;
      break;
    case hal::gpio::fall_enable:
      fall_enable_ = value;
      break;
    case hal::gpio::status:
      status_ &= ~value;
      break;
    default:
      throw std::logic_error("write to a GPIO register that is not there");
  }
  const bool light_now = output(hal::GpioPin::backlight);
  if (light_now != light) backlight_.push_back({now, light_now});
}

void FakeFront::write_rtc(std::uint32_t offset, std::uint32_t value, std::int64_t now) {
  if (offset == hal::rtc::alarm) {
    alarm_ = value;
  } else if (offset == hal::rtc::status) {
    rtc_status_ &= ~value;
  } else {
    armed_ = (value & hal::rtc::control_arm) != 0;
    const std::int64_t tick = now / tick_cycles;
    const auto distance = static_cast<std::int32_t>(alarm_ - static_cast<std::uint32_t>(tick));
    alarm_due_ = distance <= 0 ? now + 1 : (tick + distance) * tick_cycles;
  }
}

/// Frames that have begun by `now` took over what stood in the segment RAM.
void FakeFront::settle_glass(std::int64_t now) {
  const std::int64_t frame = now / frame_cycles;
  const std::int64_t first_new = settled_ / frame_cycles + 1;
  settled_ = std::max(settled_, now);
  if (frame < first_new || !lcd_enabled_ || visible_ == segments_) return;
  visible_ = segments_;
  glass_.push_back({first_new * frame_cycles, visible_});
}

const std::vector<GlassChange>& FakeFront::glass(std::int64_t until_cycle) {
  settle_glass(until_cycle);
  return glass_;
}

}  // namespace tests
