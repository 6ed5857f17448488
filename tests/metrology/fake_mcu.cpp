#include "tests/metrology/fake_mcu.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "metrology/app/charges.h"
#include "metrology/app/program_block.h"

namespace tests {

using namespace metrology;
using hal::Irq;

namespace {

constexpr std::int64_t access_cycles = 4;
constexpr std::int64_t entry_cycles = 40;
constexpr std::uint32_t tariff_input_time =
    hal::gpio::high_time_0 + 4 * static_cast<std::uint32_t>(hal::GpioPin::tariff_input);

std::uint32_t bit(Irq irq) { return 1U << static_cast<unsigned>(irq); }

}  // namespace

double Reply::value() const {
  const std::int64_t bits = long_at(1);
  double value = 0;
  std::memcpy(&value, &bits, sizeof(value));
  return value;
}

double Reply::energy_Wh() const {
  return static_cast<double>(long_at(1)) * 1e-6 + words[3] * 1e-12;
}

double Reply::until_s() const {
  return (static_cast<double>(long_at(4)) + words[6] * 0x1p-32) / 25'165'824.0;
}

float Reply::row_float() const {
  float value = 0;
  std::memcpy(&value, words.data(), sizeof(value));
  return value;
}

FakeMcu::FakeMcu(const hal::ParameterPage& page, SampleSource samples)
    : page_(page), samples_(std::move(samples)), bus_(this, operations()) {}

const hal::BusOperations& FakeMcu::operations() {
  static const hal::BusOperations operations{
      [](void* cpu, std::uint32_t address) { return static_cast<FakeMcu*>(cpu)->read(address); },
      [](void* cpu, std::uint32_t address, std::uint32_t value) {
        static_cast<FakeMcu*>(cpu)->write(address, value);
      },
      [](void* cpu, hal::Charge charge) {
        auto& mcu = *static_cast<FakeMcu*>(cpu);
        const bool of_signal_path = charge.number == app::charges::signal_path_phase.number ||
                                    charge.number == app::charges::delayed_phase.number;
        mcu.pass(std::int64_t{charge.cycles} * (of_signal_path ? mcu.charge_factor_ : 1));
      },
      [](void* cpu) { static_cast<FakeMcu*>(cpu)->wait_for_interrupt(); },
      [](void* cpu, bool enabled) {
        auto& mcu = *static_cast<FakeMcu*>(cpu);
        mcu.interrupts_enabled_ = enabled;
        mcu.pass(3);
      },
      [](void* cpu, std::uint32_t address) -> const std::int32_t* {
        auto& mcu = *static_cast<FakeMcu*>(cpu);
        if (address == hal::parameter_page_base) {
          return reinterpret_cast<const std::int32_t*>(&mcu.page_);
        }
        if (address == hal::program_block_base) {
          return reinterpret_cast<const std::int32_t*>(app::program_block());
        }
        if (address == hal::sample_buffer_base) return mcu.halves_[0].data();
        if (address == hal::sample_buffer_base + hal::sample_buffer_bytes / 2) {
          return mcu.halves_[1].data();
        }
        throw std::logic_error("words() of an address that is neither page nor block");
      }};
  return operations;
}

app::State FakeMcu::run(std::int64_t until_cycle) {
  end_ = until_cycle;
  interrupts_enabled_ = false;
  intc_enable_ = 0;
  threshold_ = 0;
  thresholds_below_.clear();
  adc_running_ = false;
  dma_status_ = 0;
  blocks_done_ = 0;
  timers_ = {};
  front_.reset();
  back_.reset();
  uart_.reset();
  ir_uart_.reset();
  app::Firmware firmware(bus_);
  firmware_ = &firmware;
  try {
    firmware.run();
  } catch (const EndOfRun&) {
    return firmware.state();
  }
}

void FakeMcu::clip(int channel, std::uint32_t count) {
  clip_status_ |= 1U << static_cast<unsigned>(channel);
  clip_count_[static_cast<std::size_t>(channel)] += count;
}

// --- time ---------------------------------------------------------------------------------------

std::int64_t FakeMcu::next_event() const {
  const std::int64_t soonest = std::min(
      {front_.next_event(), back_.next_event(), uart_.next_event(), ir_uart_.next_event()});
  std::int64_t next = std::min(end_, std::max(soonest, now_ + 1));
  if (adc_running_) {
    const std::int64_t last_set = (std::int64_t{blocks_done_} + 1) * hal::block_samples - 1;
    next = std::min(next, adc_start_ + last_set * hal::core_cycles_per_sample +
                              hal::dma_request_latency_cycles + hal::dma_set_cycles);
  }
  for (const Timer& timer : timers_) {
    if (timer.armed) next = std::min(next, timer.start);
  }
  if (!requests_.empty() && requests_.front().at_cycle > now_) {
    next = std::min(next, requests_.front().at_cycle);
  }
  return next;
}

void FakeMcu::fire() {
  if (now_ >= end_) throw EndOfRun{};
  front_.fire(now_);
  back_.fire(now_, output(hal::GpioPin::eeprom_write_protect));
  uart_.fire(now_);
  ir_uart_.fire(now_);
  if (adc_running_) {
    const std::int64_t last_set = (std::int64_t{blocks_done_} + 1) * hal::block_samples - 1;
    const std::int64_t due = adc_start_ + last_set * hal::core_cycles_per_sample +
                             hal::dma_request_latency_cycles + hal::dma_set_cycles;
    if (due <= now_) {
      halves_[blocks_done_ & 1U] = samples_(std::int64_t{blocks_done_} * hal::block_samples);
      if ((dma_status_ & hal::dma::status_done) != 0) dma_status_ |= hal::dma::status_overrun;
      dma_status_ |= hal::dma::status_done;
      ++blocks_done_;
    }
  }
  for (std::size_t channel = 0; channel < timers_.size(); ++channel) {
    Timer& timer = timers_[channel];
    if (!timer.armed || timer.start > now_) continue;
    timer.armed = false;
    timer.started = true;
    timer.active_until = timer.start + timer.width;
    pulses_[channel].push_back({timer.start, timer.width, timer.late});
  }
}

void FakeMcu::pass(std::int64_t cycles) {
  std::int64_t left = cycles;
  while (left > 0) {
    const std::int64_t step = std::clamp<std::int64_t>(next_event() - now_, 1, left);
    now_ += step;
    left -= step;
    fire();
    deliver();
  }
}

void FakeMcu::deliver() {
  while (interrupts_enabled_ && best_source() != 0) {
    interrupts_enabled_ = false;
    now_ += entry_cycles;
    firmware_->external_interrupt();
    now_ += entry_cycles;
    interrupts_enabled_ = true;
  }
}

void FakeMcu::wait_for_interrupt() {
  if (hook_) hook_(now_);
  while (best_source() == 0) {
    now_ = std::max(now_ + 1, next_event());
    fire();
  }
}

// --- interrupt controller -----------------------------------------------------------------------

std::uint32_t FakeMcu::pending() const {
  std::uint32_t levels = 0;
  if ((dma_status_ & hal::dma::status_done) != 0) levels |= bit(Irq::dma_block);
  for (const Timer& timer : timers_) {
    if (timer.started) levels |= bit(Irq::pulse);
  }
  if (!requests_.empty() && requests_.front().at_cycle <= now_) levels |= bit(Irq::debug_mailbox);
  if (front_.gpio_pending()) levels |= bit(Irq::gpio);
  if (front_.rtc_pending()) levels |= bit(Irq::rtc);
  if (back_.i2c_pending()) levels |= bit(Irq::i2c);
  if (back_.power_pending()) levels |= bit(Irq::power);
  if (uart_.pending()) levels |= bit(Irq::uart_bus);
  if (ir_uart_.pending()) levels |= bit(Irq::uart_ir);
  return levels;
}

std::uint32_t FakeMcu::best_source() const {
  const std::uint32_t levels = pending() & intc_enable_;
  std::uint32_t best = 0;
  std::uint32_t best_priority = threshold_;
  for (std::uint32_t source = 1; source < 16; ++source) {
    if (((levels >> source) & 1U) == 0 || priority_[source] <= best_priority) continue;
    best = source;
    best_priority = priority_[source];
  }
  return best;
}

std::uint32_t FakeMcu::read_intc(std::uint32_t offset) {
  if (offset == hal::intc::enable) return intc_enable_;
  if (offset != hal::intc::claim) throw std::logic_error("intc read");
  const std::uint32_t source = best_source();
  if (source == 0) return 0;
  thresholds_below_.push_back(threshold_);
  threshold_ = priority_[source];
  return source;
}

void FakeMcu::write_intc(std::uint32_t offset, std::uint32_t value) {
  if (offset == hal::intc::enable) {
    intc_enable_ = value;
  } else if (offset == hal::intc::threshold) {
    threshold_ = value;
  } else if (offset == hal::intc::complete) {
    threshold_ = thresholds_below_.back();
    thresholds_below_.pop_back();
  } else {
    priority_.at((offset - hal::intc::priority_0) / 4) = value;
  }
}

// --- accesses -----------------------------------------------------------------------------------

std::uint32_t FakeMcu::read(std::uint32_t address) {
  if (hook_) hook_(now_);
  pass(access_cycles);
  const std::uint32_t base = address & ~0xFFFU;
  const std::uint32_t offset = address & 0xFFFU;
  switch (base) {
    case hal::adc::base:
      if (offset == hal::adc::start_time_lo) return static_cast<std::uint32_t>(adc_start_);
      if (offset == hal::adc::start_time_hi) return static_cast<std::uint32_t>(adc_start_ >> 32);
      if (offset == hal::adc::clip_status) return clip_status_;
      return clip_count_.at((offset - hal::adc::clip_count_0) / 4);
    case hal::dma::base:
      if (offset == hal::dma::blocks_done) return blocks_done_;
      return dma_status_;
    case hal::intc::base:
      return read_intc(offset);
    case hal::sysctrl::base:
      if (offset == hal::sysctrl::counter_hi) return counter_high_;
      counter_high_ = static_cast<std::uint32_t>(now_ >> 32);
      return static_cast<std::uint32_t>(now_);
    case hal::pulse::base: {
      const Timer& timer = timers_.at(offset / hal::pulse::stride);
      return (timer.started ? hal::pulse::status_started : 0U) |
             (now_ < timer.active_until ? hal::pulse::status_active : 0U) |
             (timer.late ? hal::pulse::status_late : 0U);
    }
    case hal::mailbox::base:
      return read_mailbox(offset);
    case hal::uart::bus_base:
      return uart_.read(offset, now_);
    case hal::uart::ir_base:
      return ir_uart_.read(offset, now_);
    case hal::gpio::base:
      if (offset == tariff_input_time) return tariff_input_(now_);
      return front_.read(base, offset, now_);
    default:
      if (FakeFront::covers(base)) return front_.read(base, offset, now_);
      if (FakeBack::covers(base)) return back_.read(base, offset);
      throw std::logic_error("read of nowhere");
  }
}

void FakeMcu::write(std::uint32_t address, std::uint32_t value) {
  if (hook_) hook_(now_);
  pass(access_cycles);
  const std::uint32_t base = address & ~0xFFFU;
  const std::uint32_t offset = address & 0xFFFU;
  switch (base) {
    case hal::adc::base:
      if (offset == hal::adc::control) {
        adc_running_ = (value & hal::adc::control_run) != 0;
        adc_start_ = std::max(now_, adc_earliest_);
      } else if (offset == hal::adc::start_delay) {
        adc_earliest_ = value;
      } else if (offset == hal::adc::clip_status) {
        clip_status_ &= ~value;
      } else if (offset != hal::adc::start_delay) {  // it starts at once

        if (adc_running_) throw std::logic_error("offset of a running ADC");
        adc_offset_.at((offset - hal::adc::offset_0) / 4) = value;
      }
      return;
    case hal::dma::base:
      if (offset == hal::dma::status) dma_status_ &= ~value;
      return;
    case hal::intc::base:
      write_intc(offset, value);
      return;
    case hal::pulse::base:
      write_timer(offset / hal::pulse::stride, offset % hal::pulse::stride, value);
      return;
    case hal::mailbox::base:
      write_mailbox(offset, value);
      return;
    case hal::uart::bus_base:
      uart_.write(offset, value, now_);
      return;
    case hal::uart::ir_base:
      ir_uart_.write(offset, value, now_);
      return;
    case hal::watchdog::base:
      if (offset == hal::watchdog::kick && value != hal::watchdog::kick_key) {
        throw std::logic_error("a wrong key for the watchdog");
      }
      if (offset == hal::watchdog::kick) kicks_.push_back(now_);
      return;
    default:
      if (FakeFront::covers(base)) {
        front_.write(base, offset, value, now_);
      } else if (FakeBack::covers(base)) {
        back_.write(base, offset, value, now_);
      } else {
        throw std::logic_error("write to nowhere");
      }
  }
}

void FakeMcu::write_timer(std::uint32_t channel, std::uint32_t offset, std::uint32_t value) {
  Timer& timer = timers_.at(channel);
  if (offset == hal::pulse::compare) {
    timer.compare = value;
  } else if (offset == hal::pulse::width) {
    timer.width = value;
  } else if (offset == hal::pulse::status) {
    if ((value & hal::pulse::status_started) != 0) timer.started = false;
    if ((value & hal::pulse::status_late) != 0) timer.late = false;
  } else {
    timer.armed = (value & hal::pulse::control_arm) != 0;
    if (!timer.armed) return;
    const auto distance =
        static_cast<std::int32_t>(timer.compare - static_cast<std::uint32_t>(now_));
    timer.late = distance <= 0;
    timer.start = timer.late ? now_ + 1 : now_ + distance;
    if (timer.start < timer.active_until) {
      timer.start = timer.active_until;
      timer.late = true;
    }
  }
}

std::uint32_t FakeMcu::read_mailbox(std::uint32_t offset) const {
  const Request& request = requests_.front();
  if (offset == hal::mailbox::operation) return static_cast<std::uint32_t>(request.operation);
  if (offset == hal::mailbox::row) return request.row;
  if (offset == hal::mailbox::shown) return static_cast<std::uint32_t>(request.at_cycle);
  return offset == hal::mailbox::request_0 ? request.first_word : 0;
}

void FakeMcu::write_mailbox(std::uint32_t offset, std::uint32_t value) {
  if (offset == hal::mailbox::note) return;
  if (offset != hal::mailbox::reply) {
    response_.at((offset - hal::mailbox::response_0) / 4) = value;
    return;
  }
  replies_.push_back({now_, static_cast<hal::MailboxReply>(value), response_});
  requests_.pop_front();
}

}  // namespace tests
