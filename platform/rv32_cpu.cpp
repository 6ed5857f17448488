#define SC_INCLUDE_DYNAMIC_PROCESSES  // the kernel's headers offer sc_spawn only then
#include "platform/rv32_cpu.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <utility>

#include "metrology/hal/memory_map.h"
#include "metrology/storage/crc32.h"
#include "platform/decode_table.h"

namespace platform {

namespace hal = metrology::hal;

namespace {

/// RAM that no DMA writes: whose words stand as the CPU left them.
constexpr std::uint32_t plain_ram_base = hal::sample_buffer_base + hal::sample_buffer_bytes;
constexpr std::uint32_t plain_ram_size = hal::ram_base + hal::ram_size - plain_ram_base;

constexpr std::uint32_t mret = 0x3020'0073;

const unsigned char* bytes_of(const peripherals::ReadOnlyMemory& memory) {
  return reinterpret_cast<const unsigned char*>(memory.image().data());
}
std::uint32_t size_of(const peripherals::ReadOnlyMemory& memory) {
  return static_cast<std::uint32_t>(memory.image().size() * 4);
}

bool is_ram(std::uint32_t address) { return address - hal::ram_base < hal::ram_size; }

/// What Rv32Cpu gives as its program's state.
struct ProgramState {
  std::uint32_t image_checksum;
  rv32::Hart::State hart;
};
static_assert(std::is_trivially_copyable_v<ProgramState>);

/// Tells an interrupt's entry and exit to the trace, and everything to whoever looks on besides.
class InterruptTrace : public rv32::Observer {
 public:
  using Tell = std::function<void(Cycle, const char*)>;
  InterruptTrace(Tell tell, const peripherals::ReadOnlyMemory& flash, rv32::Observer* next)
      : tell_(std::move(tell)), flash_(flash), next_(next) {}

  void before(rv32::Hart& hart) override {
    if (next_ != nullptr) next_->before(hart);
  }
  void retired(const rv32::Hart& hart, const rv32::Retirement& retirement) override {
    const std::uint32_t offset = retirement.pc - hal::flash_base;
    std::uint32_t word = 0;
    if (offset <= hal::flash_size - sizeof word) {
      std::memcpy(&word, bytes_of(flash_) + offset, sizeof word);
    }
    if (word == mret) tell_(retirement.next, "interrupt_exit");
    if (next_ != nullptr) next_->retired(hart, retirement);
  }
  void trapped(const rv32::Hart& hart, const rv32::Trap& trap) override {
    if (trap.cause >> 31 != 0) tell_(trap.begin, "interrupt_entry");
    if (next_ != nullptr) next_->trapped(hart, trap);
  }
  void accessed(const rv32::Hart& hart, const rv32::Access& access,
                const rv32::AccessResult& result) override {
    if (next_ != nullptr) next_->accessed(hart, access, result);
  }
  void slept(const rv32::Hart& hart, Cycle from, Cycle until) override {
    if (next_ != nullptr) next_->slept(hart, from, until);
  }

 private:
  Tell tell_;
  const peripherals::ReadOnlyMemory& flash_;
  rv32::Observer* next_;
};

}  // namespace

Rv32Cpu::Rv32Cpu(const sc_core::sc_module_name& name, Pace& pace, ResetUnit& resets,
                 const ClockTree& clock, CpuTrace trace)
    : Cpu(name, pace, resets, clock, std::move(trace)) {
  sc_core::sc_spawn_options options;
  thread_ = sc_core::sc_spawn([this] { run(); }, "run", &options);
}

void Rv32Cpu::connect(const Memories& memories, rv32::Observer* observer) {
  memories_.emplace(memories);
  auto* plain_ram =
      reinterpret_cast<unsigned char*>(memories.ram.words()) + (plain_ram_base - hal::ram_base);
  hart_.add_code(hal::flash_base, size_of(memories.flash), bytes_of(memories.flash));
  hart_.add_code(plain_ram_base, plain_ram_size, plain_ram);
  hart_.add_data(plain_ram_base, plain_ram_size, plain_ram);
  hart_.add_constants(hal::flash_base, size_of(memories.flash), bytes_of(memories.flash));
  hart_.add_constants(hal::parameter_page_base, size_of(memories.parameter_page),
                      bytes_of(memories.parameter_page));
  // Its last word may be the checksum itself, which would make all images alike.
  image_checksum_ =
      metrology::storage::crc32(bytes_of(memories.flash), size_of(memories.flash) - 4);
  if (tracing()) {
    interrupt_trace_ = std::make_unique<InterruptTrace>(
        [this](Cycle at, const char* event) {
          now_ = at;
          trace_event(event);
        },
        memories.flash, observer);
    observer = interrupt_trace_.get();
  }
  hart_.observe(observer);
}

void Rv32Cpu::run() {
  Cycle reset_at = cycle_never;
  while (true) {
    try {
      now_ = reset_at == cycle_never ? pace_.begin() : std::exchange(reset_at, cycle_never);
      if (!asleep_at_start_) {
        hart_.code_changed(plain_ram_base, plain_ram_size);
        hart_.reset(now_, hal::flash_base);
      }
      hart_.run();
    } catch (const Reset& reset) {
      reset_at = reset.at;
    } catch (const Pace::Restarted&) {
    }
  }
}

void Rv32Cpu::set(bool level) {
  // Out of the CPU's own access it comes at the commit edge, which kernel time may not have
  // reached; else the kernel stands at the edge.
  const bool own = sc_core::sc_get_current_process_handle() == thread_;
  const Cycle at = own ? commit_.cycle : clock_.at_or_after(sc_core::sc_time_stamp().value());
  hart_.set_external_interrupt(level, at);
  if (level) pace_.wake();
}

void Rv32Cpu::reach(Cycle n) {
  now_ = n;
  pace_.reach(n);
}

Cycle Rv32Cpu::direct_until(Cycle begin) {
  peripherals::Dma& dma = memories_->dma;
  if (tracing() || dma.state().destination != hal::sample_buffer_base) return begin;
  return std::min(pace_.horizon() - 1, dma.bus_free_until(begin));
}

rv32::AccessResult Rv32Cpu::read_ram(const rv32::Access& access, Cycle begin) {
  now_ = memories_->dma.bus_free_at(begin, 1) + 1;
  pace_.reach(now_);
  memories_->ram.catch_up(now_);
  rv32::AccessResult result{now_, 0, false};
  std::memcpy(&result.value,
              reinterpret_cast<const unsigned char*>(memories_->ram.words()) +
                  (access.address - hal::ram_base),
              access.length);
  return result;
}

rv32::AccessResult Rv32Cpu::access(const rv32::Access& access, Cycle begin) {
  if (!access.is_write && !tracing() && is_ram(access.address)) return read_ram(access, begin);
  now_ = begin;
  rv32::AccessResult result{0, access.value, false};
  result.is_error = !transfer(access.is_write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND,
                              access.address, access.length, &result.value);
  result.commit = now_;
  take_requested_reset();
  if (access.is_write && is_ram(access.address)) hart_.code_changed(access.address, access.length);
  return result;
}

Cycle Rv32Cpu::sleep(Cycle from) {
  if (!std::exchange(asleep_at_start_, false)) {
    now_ = from;
    return now_ = pace_.sleep();
  }
  return now_ = pace_.sleep_on();
}

std::vector<std::uint8_t> Rv32Cpu::program_state() const {
  if (pace_.halted()) return {};
  const ProgramState state{image_checksum_, hart_.state()};
  std::vector<std::uint8_t> bytes(sizeof state);
  std::memcpy(bytes.data(), &state, bytes.size());
  return bytes;
}

void Rv32Cpu::restore(const State& state, const std::vector<std::uint8_t>* program) {
  now_ = state.now;
  if (program == nullptr) {
    pace_.stay_halted(now_);
    return;
  }
  ProgramState restored;
  if (program->size() != sizeof restored) {
    throw std::invalid_argument("a saved state is not one of a meter that runs the flashed image");
  }
  std::memcpy(&restored, program->data(), sizeof restored);
  if (restored.image_checksum != image_checksum_) {
    throw std::invalid_argument("a saved state is one of another image");
  }
  hart_.restore(restored.hart);
  asleep_at_start_ = true;
  pace_.sleep_since(now_);
}

void Rv32Cpu::code_changed(std::uint32_t address, std::uint32_t length) {
  hart_.code_changed(address, length);
}

}  // namespace platform
