#include "platform/native_cpu.h"

#include <algorithm>
#include <utility>

#include "platform/decode_table.h"

namespace platform {

const metrology::hal::BusOperations NativeCpu::operations = {
    [](void* cpu, std::uint32_t address) { return static_cast<NativeCpu*>(cpu)->read(address); },
    [](void* cpu, std::uint32_t address, std::uint32_t value) {
      static_cast<NativeCpu*>(cpu)->write(address, value);
    },
    [](void* cpu, metrology::hal::Charge charge) {
      static_cast<NativeCpu*>(cpu)->charge(charge.cycles);
    },
    [](void* cpu) { static_cast<NativeCpu*>(cpu)->wait_for_interrupt(); },
    [](void* cpu, bool enabled) { static_cast<NativeCpu*>(cpu)->set_interrupts_enabled(enabled); },
    [](void* cpu, std::uint32_t address) {
      auto* self = static_cast<NativeCpu*>(cpu);
      return self->memory_.words(address, self->now_);
    },
};

NativeCpu::NativeCpu(const sc_core::sc_module_name& name, FirmwareFactory factory,
                     const CycleCosts& costs, Pace& pace, ResetUnit& resets, DirectMemory& memory,
                     const ClockTree& clock, CpuTrace trace)
    : Cpu(name, pace, resets, clock, std::move(trace)),
      factory_(std::move(factory)),
      costs_(costs),
      memory_(memory),
      bus_(this, operations) {
  sc_core::sc_spawn_options options;
  sc_core::sc_spawn([this] { run(); }, "run", &options);
}

void NativeCpu::run() {
  Cycle reset_at = cycle_never;
  while (true) {
    try {
      now_ = reset_at == cycle_never ? pace_.begin() : std::exchange(reset_at, cycle_never);
      if (std::exchange(asleep_at_start_, false)) {
        now_ = pace_.sleep_on();
        wake_up();
        firmware_->resume();
      }
      depth_ = 0;
      interrupts_enabled_ = false;
      charge(costs_.start_up);
      firmware_ = factory_(bus_);
      firmware_->run();
    } catch (const Reset& reset) {
      reset_at = reset.at;
    } catch (const Pace::Restarted&) {
    }
    firmware_.reset();
  }
}

void NativeCpu::set(bool level) {
  interrupt_line_ = level;
  if (level) pace_.wake();
}

void NativeCpu::access(tlm::tlm_command command, std::uint32_t address, unsigned length,
                       void* data) {
  if (!transfer(command, address, length, data)) {
    ++now_;
    pace_.reach(now_);
    take_reset(now_, ResetCause::bus_error);
  }
  take_requested_reset();
}

void NativeCpu::finish_access() {
  ++now_;
  pace_.reach(now_);
  sample_interrupts();
}

namespace {
/// Bytes of a misaligned access that lie in the first of its two words; 0 for one that is not
/// split.
unsigned bytes_before_split(std::uint32_t address) {
  const unsigned within = address % 4;
  if (within == 0) return 0;
  const BusRegion* region = decode(address);
  return region != nullptr && region->is_memory ? 4 - within : 0;
}
}  // namespace

std::uint32_t NativeCpu::read(std::uint32_t address) {
  std::uint32_t value = 0;
  if (const unsigned first = bytes_before_split(address); first != 0) {
    std::uint32_t rest = 0;
    access(tlm::TLM_READ_COMMAND, address, first, &value);
    access(tlm::TLM_READ_COMMAND, address + first, 4 - first, &rest);
    value |= rest << 8 * first;
  } else {
    access(tlm::TLM_READ_COMMAND, address, 4, &value);
  }
  finish_access();
  return value;
}

void NativeCpu::write(std::uint32_t address, std::uint32_t value) {
  if (const unsigned first = bytes_before_split(address); first != 0) {
    std::uint32_t rest = value >> 8 * first;
    access(tlm::TLM_WRITE_COMMAND, address, first, &value);
    access(tlm::TLM_WRITE_COMMAND, address + first, 4 - first, &rest);
  } else {
    access(tlm::TLM_WRITE_COMMAND, address, 4, &value);
  }
  finish_access();
}

void NativeCpu::charge(std::uint32_t cycles) {
  Cycle left = cycles;
  while (left > 0) {
    // Nothing that could interrupt changes before the horizon; what already waits does so at once.
    const bool taken_next = interrupts_enabled_ && interrupt_line_;
    const Cycle step = taken_next ? 1 : std::min(left, pace_.cycles_ahead(now_));
    now_ += step;
    left -= step;
    pace_.reach(now_);
    sample_interrupts();
  }
}

void NativeCpu::pass(std::uint32_t cycles) {
  now_ += cycles;
  pace_.reach(now_);
}

void NativeCpu::wait_for_interrupt() {
  pass(costs_.sleep_entry);
  if (!interrupt_line_) now_ = pace_.sleep();
  wake_up();
}

void NativeCpu::wake_up() {
  pass(costs_.sleep_exit);
  sample_interrupts();
}

std::vector<std::uint8_t> NativeCpu::program_state() const {
  return firmware_ == nullptr ? std::vector<std::uint8_t>{} : firmware_->state();
}

void NativeCpu::restore(const State& state, const std::vector<std::uint8_t>* program) {
  now_ = state.now;
  interrupts_enabled_ = state.interrupts_enabled;
  if (program == nullptr) {
    pace_.stay_halted(now_);
    return;
  }
  firmware_ = factory_(bus_);
  firmware_->restore(*program);
  asleep_at_start_ = true;
  pace_.sleep_since(now_);
}

void NativeCpu::set_interrupts_enabled(bool enabled) {
  interrupts_enabled_ = false;
  pass(costs_.interrupt_switch);
  interrupts_enabled_ = enabled;
  sample_interrupts();
}

void NativeCpu::sample_interrupts() {
  while (interrupts_enabled_ && interrupt_line_) take_interrupt();
}

void NativeCpu::take_interrupt() {
  trace_event("interrupt_entry");
  interrupts_enabled_ = false;
  ++depth_;
  pass(costs_.interrupt_entry);
  firmware_->external_interrupt();
  interrupts_enabled_ = false;
  pass(costs_.interrupt_exit);
  --depth_;
  trace_event("interrupt_exit");
  interrupts_enabled_ = true;
}

}  // namespace platform
