#include "tools/profile/profiler.h"

#include <algorithm>

#include "metrology/app/charges.h"
#include "metrology/hal/memory_map.h"

namespace tools::profile {
namespace {

namespace rv32 = platform::rv32;
namespace hal = metrology::hal;
namespace charges = metrology::app::charges;

constexpr HandlerKey main_program{0, 0};
constexpr std::uint32_t external_interrupt = 0x8000'000B;
constexpr std::uint32_t sp_register = 2;
/// No address of code.
constexpr std::uint32_t nowhere = 1;
/// A stack pointer further than this below the stack's top is none.
constexpr std::uint32_t deepest_stack = 1U << 20;

}  // namespace

MachineMap meter_map() { return {0x4000'0000, hal::intc::base + hal::intc::claim}; }

Profiler::Profiler(const ElfImage& image, const MachineMap& machine)
    : code_(image), machine_(machine) {
  profile_.functions.resize(code_.functions().size());
  const ElfSymbol* top = find_symbol(image, "stack_top");
  const ElfSymbol* limit = find_symbol(image, "bss_end");
  if (top != nullptr && limit != nullptr) {
    profile_.stack = StackUse{top->value, limit->value, top->value, 0, 0};
  }
  const ElfSymbol* main = find_symbol(image, "firmware_main");
  const ElfSymbol* handler = find_symbol(image, "firmware_external_interrupt");
  if (main != nullptr && handler != nullptr) {
    landmarks_ = Landmarks{main->value, handler->value, charges::start_up.number,
                           charges::interrupt_entry.number, charges::interrupt_exit.number};
  }
}

Profile Profiler::profile() const {
  Profile out = profile_;
  for (const Context& context : contexts_) {
    leave_calls(out, context, 0, false);
    if (context.key.cause == 0) continue;
    HandlerCost& handler = out.handlers[context.key];
    ++handler.times;
    handler.cycles += context.cycles;
  }
  return out;
}

// --- contexts -----------------------------------------------------------------------------------

void Profiler::open(const HandlerKey& key, Cycle at, std::uint32_t pc, std::uint32_t sp) {
  Context context{};
  context.key = key;
  context.begun = at;
  contexts_.push_back(std::move(context));
  enter_call(contexts_.back(), pc, nowhere, sp);
}

void Profiler::close() {
  Context& context = contexts_.back();
  leave_calls(profile_, context, 0, true);
  HandlerCost& handler = profile_.handlers[context.key];
  ++handler.times;
  handler.cycles += context.cycles;
  handler.worst = std::max(handler.worst, context.cycles);
  handler.worst_with_nested =
      std::max(handler.worst_with_nested, static_cast<std::uint64_t>(accounted_ - context.begun));
  if (landmarks_ && context.in_firmware && context.key.cause == external_interrupt) {
    profile_.charges.add({landmarks_->interrupt_exit, ChargeRecord::none}, 0, context.uncharged);
  }
  contexts_.pop_back();
}

void Profiler::before(rv32::Hart& hart) {
  const rv32::Hart::State& state = hart.state();
  if (begun_ && state.reset_at == reset_at_) return;
  for (const Context& context : contexts_) leave_calls(profile_, context, 0, false);
  contexts_.clear();
  slept_ = 0;
  on_bus_ = false;
  const bool from_reset = state.now == rv32::CycleModel::after_reset(state.reset_at);
  accounted_ = from_reset ? state.reset_at : state.now;
  if (!begun_) profile_.begin = accounted_;
  begun_ = true;
  reset_at_ = state.reset_at;
  open(main_program, accounted_, state.pc, state.x[sp_register]);
  contexts_.back().in_firmware = !from_reset;
  spend(contexts_.back(), state.pc, static_cast<std::uint64_t>(state.now - accounted_), 0);
  accounted_ = profile_.end = state.now;
}

void Profiler::trapped(const rv32::Hart& hart, const rv32::Trap& trap) {
  const Cycle from = accounted_;
  open({trap.cause, 0}, from, trap.handler, hart.state().x[sp_register]);
  accounted_ = profile_.end = trap.begin;
  spend(contexts_.back(), trap.handler, static_cast<std::uint64_t>(trap.begin - from), 0);
}

// --- instructions -------------------------------------------------------------------------------

void Profiler::accessed(const rv32::Hart& /*hart*/, const rv32::Access& access,
                        const rv32::AccessResult& result) {
  on_bus_ = on_bus_ || access.address >= machine_.peripherals;
  if (!access.is_write && access.address == machine_.claim && !contexts_.empty() &&
      contexts_.back().key.source == 0 && !result.is_error) {
    contexts_.back().key.source = result.value;
  }
}

void Profiler::slept(const rv32::Hart& /*hart*/, Cycle from, Cycle until) { slept_ = until - from; }

void Profiler::retired(const rv32::Hart& hart, const rv32::Retirement& retirement) {
  if (contexts_.empty()) {  // put back asleep, and woken just now
    slept_ = 0;
    return;
  }
  Context& context = contexts_.back();
  const Instruction& instruction = code_.instruction(retirement.pc);
  const auto cycles = static_cast<std::uint64_t>(retirement.next - accounted_ - slept_);
  profile_.asleep += static_cast<std::uint64_t>(slept_);
  accounted_ = profile_.end = retirement.next;
  slept_ = 0;

  // What both builds let pass by themselves.
  constexpr std::uint64_t switch_cycles = 3;
  std::uint64_t outside = 0;
  if (on_bus_ || instruction.kind == CodeKind::wait) outside = cycles;
  if (instruction.kind == CodeKind::interrupt_switch) outside = std::min(cycles, switch_cycles);
  on_bus_ = false;
  spend(context, retirement.pc, cycles, outside);

  const std::uint32_t sp = hart.state().x[sp_register];
  if (instruction.kind == CodeKind::charge || instruction.kind == CodeKind::charge_more) {
    charge(context, instruction, hart.state().x[instruction.rs1], retirement.next_pc);
  }
  if (instruction.kind == CodeKind::trap_return && contexts_.size() > 1) {
    close();
    return;
  }
  follow_call(context, instruction, retirement.pc, retirement.next_pc, sp);
  look_at_stack(retirement.pc, sp);
  if (landmarks_ && !context.in_firmware) {
    const bool is_main = contexts_.size() == 1;
    if (retirement.next_pc == (is_main ? landmarks_->main : landmarks_->handler)) {
      context.in_firmware = true;
      profile_.charges.add(
          {is_main ? landmarks_->start_up : landmarks_->interrupt_entry, ChargeRecord::none}, 0,
          context.uncharged);
      context.uncharged = 0;
    }
  }
}

void Profiler::spend(Context& context, std::uint32_t pc, std::uint64_t cycles,
                     std::uint64_t outside) {
  profile_.awake += cycles;
  profile_.functions[code_.function(pc)].own += cycles;
  context.cycles += cycles;
  context.uncharged += cycles - outside;
}

void Profiler::charge(Context& context, const Instruction& instruction, std::uint32_t count,
                      std::uint32_t next_pc) {
  if (instruction.kind == CodeKind::charge_more) {
    if (!context.base) return;
    profile_.charges.add({*context.base, instruction.number}, count, context.uncharged);
    context.base.reset();
  } else if (code_.instruction(next_pc).kind == CodeKind::charge_more) {
    context.base = instruction.number;
    return;
  } else {
    profile_.charges.add({instruction.number, ChargeRecord::none}, 0, context.uncharged);
  }
  context.uncharged = 0;
}

// --- calls --------------------------------------------------------------------------------------

void Profiler::enter_call(Context& context, std::uint32_t pc, std::uint32_t return_address,
                          std::uint32_t sp) {
  const std::uint16_t function = code_.function(pc);
  ++profile_.functions[function].calls;
  context.calls.push_back({function, return_address, sp, context.cycles});
}

void Profiler::follow_call(Context& context, const Instruction& instruction, std::uint32_t pc,
                           std::uint32_t next_pc, std::uint32_t sp) {
  if (instruction.kind == CodeKind::call) {
    enter_call(context, next_pc, pc + instruction.length, sp);
    return;
  }
  const auto ends = [&](const Call& call) {
    return call.return_address == next_pc && call.sp == sp;
  };
  if (ends(context.calls.back())) {
    leave_calls(profile_, context, context.calls.size() - 1, true);
    context.calls.pop_back();
    return;
  }
  if (instruction.kind == CodeKind::jump_back) {
    // Out of several at once.
    const auto outer = std::find_if(context.calls.rbegin(), context.calls.rend(), ends);
    if (outer == context.calls.rend()) return;
    const auto first = static_cast<std::size_t>(context.calls.rend() - outer) - 1;
    leave_calls(profile_, context, first, true);
    context.calls.resize(first);
    return;
  }
  const std::uint16_t function = code_.function(next_pc);
  const Call last = context.calls.back();
  if (function == code_.function(pc) || code_.functions()[function].begin != next_pc ||
      last.sp != sp) {
    return;
  }
  leave_calls(profile_, context, context.calls.size() - 1, true);
  context.calls.pop_back();
  enter_call(context, next_pc, last.return_address, sp);
}

void Profiler::leave_calls(Profile& into, const Context& context, std::size_t first,
                           bool whole) const {
  for (std::size_t n = first; n < context.calls.size(); ++n) {
    const Call& call = context.calls[n];
    const std::uint64_t cycles = context.cycles - call.begun;
    FunctionCost& cost = into.functions[call.function];
    if (whole) cost.worst_call = std::max(cost.worst_call, cycles);
    const auto end = context.calls.begin() + static_cast<std::ptrdiff_t>(n);
    const bool recursive = std::any_of(context.calls.begin(), end, [&](const Call& outer) {
      return outer.function == call.function;
    });
    if (!recursive) cost.inclusive += cycles;
  }
}

void Profiler::look_at_stack(std::uint32_t pc, std::uint32_t sp) {
  if (!profile_.stack) return;
  StackUse& stack = *profile_.stack;
  if (sp >= stack.lowest || stack.top - sp > deepest_stack) return;
  stack.lowest = sp;
  stack.function = code_.function(pc);
  stack.nested = static_cast<std::uint32_t>(contexts_.size()) - 1;
}

}  // namespace tools::profile
