// A small stand-in for the microcontroller, for tests of the whole firmware without SystemC: core
// counter, interrupts with priorities and nesting, ADC and DMA fed with blocks of samples, pulse
// timers, mailbox, front (fake_front.h), back (fake_back.h), bus and infra-red port (fake_uart.h).
// Every access takes four clocks.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "metrology/app/firmware.h"
#include "metrology/hal/bus.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "tests/metrology/fake_back.h"
#include "tests/metrology/fake_front.h"
#include "tests/metrology/fake_uart.h"
#include "tests/metrology/signal_synthesis.h"

namespace tests {

/// A block of codes as the DMA lays it out, given its first set's number.
using SampleSource = std::function<Block(std::int64_t first_set)>;

struct Pulse {
  std::int64_t start;
  std::int64_t width;
  bool late;
};

struct Request {
  std::int64_t at_cycle;
  metrology::hal::MailboxOperation operation;
  std::uint32_t row;
  std::uint32_t first_word;
};

struct Reply {
  std::int64_t at_cycle;
  metrology::hal::MailboxReply status;
  std::array<std::uint32_t, 8> words;

  std::int64_t long_at(std::size_t word) const {
    return static_cast<std::int64_t>((std::uint64_t{words[word]} << 32U) | words[word + 1]);
  }
  double value() const;      ///< of a raw value
  double energy_Wh() const;  ///< of a raw energy, residue included
  double until_s() const;    ///< … and the instant it is booked to, in seconds of core clock
  float row_float() const;   ///< of a floating row
};

class FakeMcu {
 public:
  FakeMcu(const metrology::hal::ParameterPage& page, SampleSource samples);
  FakeMcu(const FakeMcu&) = delete;
  FakeMcu& operator=(const FakeMcu&) = delete;

  /// Resets and runs a new firmware up to core clock `until`, then leaves it by an exception out of
  /// its bus call, as a reset would. Returns its state at that instant.
  metrology::app::State run(std::int64_t until_cycle);

  /// Requests answered in turn; to be given before run() in order of time.
  void request(const Request& request) { requests_.push_back(request); }

  /// Before run(): the core counter begins here instead of at 0.
  void start_counter_at(std::int64_t cycle) { now_ = cycle; }

  /// Multiplies the signal path's charges, to overload the CPU.
  void slow_down(std::uint32_t factor) { charge_factor_ = factor; }
  /// From now on channel `channel` has clipped `count` samples.
  void clip(int channel, std::uint32_t count);
  /// Sees the time of every bus call; may throw.
  void on_every_call(std::function<void(std::int64_t cycle)> hook) { hook_ = std::move(hook); }

  const std::vector<Pulse>& pulses(metrology::hal::PulseChannel channel) const {
    return pulses_[static_cast<std::size_t>(channel)];
  }
  const std::vector<Reply>& replies() const { return replies_; }
  std::int64_t now() const { return now_; }
  /// How long the tariff input's pin has been high by core clock `cycle`; never without it.
  void tariff_input(std::function<std::uint32_t(std::int64_t cycle)> high_time) {
    tariff_input_ = std::move(high_time);
  }
  /// When the watchdog was kicked.
  const std::vector<std::int64_t>& kicks() const { return kicks_; }
  /// Level of an output pin; false for a pin that is none.
  bool output(metrology::hal::GpioPin pin) const { return front_.output(pin); }
  /// Buttons, clock, display.
  FakeFront& front() { return front_; }
  /// EEPROM, supply.
  FakeBack& back() { return back_; }
  /// The UART of the bus and its line.
  FakeUart& uart() { return uart_; }
  /// The UART of the infra-red port and its light.
  FakeUart& ir_uart() { return ir_uart_; }
  /// The meter loses its supply now; run() brings it back, with the supply's `levels`.
  void cut_supply(std::uint32_t seed, std::uint32_t levels = 3) { back_.cut(now_, seed, levels); }
  /// What the firmware programmed as start offset of ADC channel `channel`.
  std::uint32_t adc_offset(int channel) const {
    return adc_offset_[static_cast<std::size_t>(channel)];
  }

 private:
  struct EndOfRun {};
  struct Timer {
    std::uint32_t compare = 0;
    std::uint32_t width = 0;
    bool armed = false;
    bool late = false;
    bool started = false;
    std::int64_t start = 0;
    std::int64_t active_until = 0;
  };

  static const metrology::hal::BusOperations& operations();
  std::uint32_t read(std::uint32_t address);
  void write(std::uint32_t address, std::uint32_t value);
  std::uint32_t read_intc(std::uint32_t offset);
  void write_intc(std::uint32_t offset, std::uint32_t value);
  std::uint32_t read_mailbox(std::uint32_t offset) const;
  void write_mailbox(std::uint32_t offset, std::uint32_t value);
  void write_timer(std::uint32_t channel, std::uint32_t offset, std::uint32_t value);
  void wait_for_interrupt();
  void pass(std::int64_t cycles);
  void fire();
  void deliver();
  std::int64_t next_event() const;
  std::uint32_t pending() const;
  std::uint32_t best_source() const;

  metrology::hal::ParameterPage page_;
  SampleSource samples_;
  metrology::hal::Bus bus_;
  metrology::app::Firmware* firmware_ = nullptr;
  std::function<void(std::int64_t)> hook_;
  std::uint32_t charge_factor_ = 1;

  std::int64_t now_ = 0;
  std::int64_t end_ = 0;
  bool interrupts_enabled_ = false;

  std::uint32_t intc_enable_ = 0;
  std::uint32_t threshold_ = 0;
  std::vector<std::uint32_t> thresholds_below_;
  std::array<std::uint32_t, 16> priority_{};

  bool adc_running_ = false;
  std::int64_t adc_earliest_ = 0;
  std::int64_t adc_start_ = 0;
  std::array<std::uint32_t, 7> adc_offset_{};
  std::uint32_t clip_status_ = 0;
  std::array<std::uint32_t, 7> clip_count_{};
  std::uint32_t dma_status_ = 0;
  std::uint32_t blocks_done_ = 0;
  std::array<std::vector<std::int32_t>, 2> halves_;
  std::uint32_t counter_high_ = 0;

  std::function<std::uint32_t(std::int64_t)> tariff_input_ = [](std::int64_t) { return 0U; };
  std::vector<std::int64_t> kicks_;
  FakeFront front_;
  FakeBack back_;
  FakeUart uart_;
  FakeUart ir_uart_;
  std::array<Timer, 4> timers_;
  std::array<std::vector<Pulse>, 4> pulses_;

  std::deque<Request> requests_;
  std::array<std::uint32_t, 8> response_{};
  std::vector<Reply> replies_;
};

}  // namespace tests
