#include "peripherals/interrupt_controller/interrupt_controller.h"

namespace peripherals {

namespace intc = metrology::hal::intc;

namespace {
constexpr std::uint32_t priority_mask = 7;
constexpr std::uint32_t sources_mask = (1u << intc::source_count) - 2;  // source 0 is "none"
constexpr std::uint32_t priority_first = intc::priority_0 + 4;
constexpr std::uint32_t priority_end = intc::priority_0 + 4 * intc::source_count;
}  // namespace

InterruptController::InterruptController(const sc_core::sc_module_name& name, IrqLine& output)
    : RegisterTarget(name), output_(output) {
  for (int source = 0; source < intc::source_count; ++source) {
    Line& line = lines_[static_cast<std::size_t>(source)];
    line.controller = this;
    line.source = source;
  }
}

IrqLine& InterruptController::line(metrology::hal::Irq source) {
  return lines_[static_cast<std::size_t>(source)];
}

void InterruptController::set_level(int source, bool level) {
  const std::uint32_t bit = 1u << source;
  state_.levels = level ? state_.levels | bit : state_.levels & ~bit;
  tell_output();
}

int InterruptController::best() const {
  const std::uint32_t candidates = state_.levels & state_.enable;
  if (candidates == 0) return 0;
  int found = 0;
  std::uint32_t found_priority = state_.threshold;
  for (int source = 1; source < intc::source_count; ++source) {
    const std::uint32_t priority = state_.priority[static_cast<std::size_t>(source)];
    if ((candidates >> source & 1) != 0 && priority > found_priority) {
      found = source;
      found_priority = priority;
    }
  }
  return found;
}

std::uint32_t InterruptController::claim() {
  const int source = best();
  if (source == 0 || state_.depth == state_.stack.size()) return 0;
  state_.stack[state_.depth++] = static_cast<std::uint8_t>(state_.threshold);
  state_.threshold = state_.priority[static_cast<std::size_t>(source)];
  tell_output();
  return static_cast<std::uint32_t>(source);
}

void InterruptController::complete() {
  if (state_.depth == 0) return;
  state_.threshold = state_.stack[--state_.depth];
  tell_output();
}

void InterruptController::tell_output() {
  const bool level = best() != 0;
  if (level == told_) return;
  told_ = level;
  output_.set(level);
}

bool InterruptController::read(std::uint32_t offset, Cycle, std::uint32_t& value) {
  if (offset >= priority_first && offset < priority_end) {
    value = state_.priority[(offset - intc::priority_0) / 4];
    return true;
  }
  switch (offset) {
    case intc::pending:
      value = state_.levels;
      return true;
    case intc::enable:
      value = state_.enable;
      return true;
    case intc::threshold:
      value = state_.threshold;
      return true;
    case intc::claim:
      value = claim();
      return true;
    default:
      return false;
  }
}

bool InterruptController::write(std::uint32_t offset, Cycle, std::uint32_t value) {
  if (offset == intc::complete) {
    complete();
    return true;
  }
  if (offset == intc::enable) {
    if ((value & ~sources_mask) != 0) return false;
    state_.enable = value;
  } else if (offset == intc::threshold) {
    if (value > priority_mask) return false;
    state_.threshold = value;
  } else if (offset >= priority_first && offset < priority_end) {
    if (value > priority_mask) return false;
    state_.priority[(offset - intc::priority_0) / 4] = static_cast<std::uint8_t>(value);
  } else {
    return false;
  }
  tell_output();
  return true;
}

void InterruptController::reset(Cycle) {
  const std::uint32_t levels = state_.levels;
  state_ = State{};
  state_.levels = levels;
  tell_output();
}

void InterruptController::restore(const State& state) {
  state_ = state;
  tell_output();
}

}  // namespace peripherals
