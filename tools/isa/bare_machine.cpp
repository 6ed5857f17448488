#include "tools/isa/bare_machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/scenario/input_error.h"

namespace tools {

using peripherals::cycle_never;
using platform::rv32::load_bytes;
using platform::rv32::store_bytes;

namespace {

constexpr std::uint32_t boot_address = 0;
constexpr std::uint32_t first_instruction = boot_address + 0x80;

constexpr std::uint32_t flash_base = 0;
constexpr std::uint32_t flash_size = 128 * 1024;
constexpr std::uint32_t ram_base = 0x2000'0000;
constexpr std::uint32_t ram_size = 32 * 1024;
constexpr std::uint32_t storage_base = 0x4000'0000;
constexpr std::uint32_t storage_size = 0x1000'0000;
constexpr platform::rv32::Cycle storage_waits = 2;

constexpr std::uint32_t control_base = 0x5000'0000;
constexpr std::uint32_t control_size = 0x20;
constexpr std::uint32_t end_offset = 0x04;
constexpr std::uint32_t cycle_offset = 0x08;
constexpr std::uint32_t timer_offset = 0x10;
constexpr std::uint32_t timer_off_offset = 0x14;
constexpr std::uint32_t output_offset = 0x18;

/// Where `--ram` may not lie.
constexpr MemoryRange taken[] = {{flash_base, flash_size},
                                 {ram_base, ram_size},
                                 {storage_base, storage_size},
                                 {control_base, control_size}};

bool overlap(const MemoryRange& a, const MemoryRange& b) {
  return a.base - b.base < b.size || b.base - a.base < a.size;
}

std::string range_text(std::uint32_t base, std::uint32_t size) {
  return fmt::format("{} bytes at 0x{:08x}", size, base);
}

std::uint64_t instructions(const platform::rv32::Hart& hart) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  hart.read_csr(platform::rv32::csr::minstret, low);
  hart.read_csr(platform::rv32::csr::minstreth, high);
  return std::uint64_t{high} << 32 | low;
}

}  // namespace

BareMachine::BareMachine(const ElfImage& image, const BareMachineSetup& setup, Output output,
                         Retired retired)
    : setup_(setup),
      output_(std::move(output)),
      retired_(std::move(retired)),
      entry_(image.entry),
      timer_due_(cycle_never),
      hart_(*this) {
  memories_.push_back({flash_base, std::vector<unsigned char>(flash_size, 0xFF)});
  memories_.push_back({ram_base, std::vector<unsigned char>(ram_size)});
  if (setup_.ram) add_ram(*setup_.ram);
  load(image);
  require_start(image);
  if (setup_.tohost) require_tohost();

  hart_.add_constants(flash_base, flash_size, memories_.front().bytes.data());
  for (Memory& memory : memories_) {
    const auto size = static_cast<std::uint32_t>(memory.bytes.size());
    hart_.add_code(memory.base, size, memory.bytes.data());
    if (&memory != &memories_.front()) hart_.add_data(memory.base, size, memory.bytes.data());
  }
  if (retired_ || setup_.tohost) hart_.observe(this);
}

void BareMachine::add_ram(const MemoryRange& ram) {
  const bool fits = std::uint64_t{ram.base} + ram.size <= std::uint64_t{1} << 32;
  if (ram.base % 4 != 0 || ram.size % 4 != 0 || ram.size == 0 || ram.size > extra_ram_max ||
      !fits) {
    throw InputError(fmt::format("--ram: found {}, expected whole words, {} MiB at most",
                                 range_text(ram.base, ram.size), extra_ram_max >> 20));
  }
  for (const MemoryRange& other : taken) {
    if (overlap(ram, other)) {
      throw InputError(
          fmt::format("--ram: found {}, expected a place where nothing is; there are {}",
                      range_text(ram.base, ram.size), range_text(other.base, other.size)));
    }
  }
  memories_.push_back({ram.base, std::vector<unsigned char>(ram.size)});
}

const BareMachine::Memory* BareMachine::memory_of(std::uint32_t address, std::uint32_t size) const {
  for (const Memory& memory : memories_) {
    const std::uint64_t offset = std::uint64_t{address} - memory.base;
    if (address >= memory.base && offset + size <= memory.bytes.size()) return &memory;
  }
  return nullptr;
}

unsigned char* BareMachine::find(std::uint32_t address, std::uint32_t size) {
  const Memory* memory = memory_of(address, size);
  if (memory == nullptr) return nullptr;
  std::vector<unsigned char>& bytes =
      memories_[static_cast<std::size_t>(memory - memories_.data())].bytes;
  return bytes.data() + (address - memory->base);
}

void BareMachine::load(const ElfImage& image) {
  for (const ElfSegment& segment : image.segments) {
    const auto size = static_cast<std::uint32_t>(segment.bytes.size());
    if (unsigned char* loaded = find(segment.physical_address, size)) {
      std::copy(segment.bytes.begin(), segment.bytes.end(), loaded);
    }
  }
  // What a program has in RAM from the first instruction on is there, whether or not it copies it.
  for (const ElfSegment& segment : image.segments) {
    unsigned char* place = find(segment.virtual_address, segment.memory_size);
    if (place == nullptr) {
      throw InputError(fmt::format(
          "{}: found {}, where there is no memory, expected a program for {} KiB at 0x{:08x} and "
          "{} KiB at 0x{:08x}; --ram BASE:SIZE adds more",
          image.path, range_text(segment.virtual_address, segment.memory_size), flash_size >> 10,
          flash_base, ram_size >> 10, ram_base));
    }
    std::copy(segment.bytes.begin(), segment.bytes.end(), place);
  }
}

void BareMachine::require_start(const ElfImage& image) const {
  if (setup_.ram) {
    if (memory_of(entry_ & ~1U, 2) != nullptr) return;
    throw InputError(
        fmt::format("{}: found the entry 0x{:08x}, expected one in memory", image.path, entry_));
  }
  const bool is_there =
      std::any_of(image.segments.begin(), image.segments.end(), [](const ElfSegment& segment) {
        return first_instruction - segment.virtual_address < segment.memory_size ||
               first_instruction - segment.physical_address < segment.bytes.size();
      });
  if (is_there) return;
  throw InputError(
      fmt::format("{}: found nothing at 0x{:x}, expected the first instruction; with --ram "
                  "BASE:SIZE a program starts at its entry",
                  image.path, first_instruction));
}

void BareMachine::require_tohost() const {
  const Memory* memory = memory_of(*setup_.tohost, 4);
  if (*setup_.tohost % 4 == 0 && memory != nullptr && memory != &memories_.front()) return;
  throw InputError(fmt::format("--tohost: found 0x{:08x}, expected the address of a word in RAM",
                               *setup_.tohost));
}

Ending BareMachine::run() {
  hart_.reset(0, boot_address);
  if (setup_.ram) hart_.set_pc(entry_);
  hart_.run();
  return *ending_;
}

std::optional<std::uint32_t> BareMachine::word(std::uint32_t address) const {
  const Memory* memory = memory_of(address, 4);
  if (memory == nullptr) return std::nullopt;
  return load_bytes(memory->bytes.data() + (address - memory->base), 4);
}

void BareMachine::end(EndingKind kind, std::uint32_t value) {
  hart_.stop();
  if (ending_) return;
  const Hart::State& state = hart_.state();
  ending_ = Ending{kind, value, state.pc, instructions(hart_), state.now};
}

// --- the bus ------------------------------------------------------------------------------------

BareMachine::AccessResult BareMachine::access(const Access& access, Cycle begin) {
  if (access.address - storage_base < storage_size) return access_storage(access, begin);
  reach(begin + 1);
  const bool is_control = access.address - control_base < control_size;
  if (is_control && access.address % 4 == 0 && access.length == 4) {
    return access_control(access, begin);
  }
  return {begin + 1, 0, true};
}

BareMachine::AccessResult BareMachine::access_storage(const Access& access, Cycle begin) {
  const Cycle commit = begin + storage_waits + 1;
  reach(commit);
  unsigned char* bytes = storage_.data() + access.address % storage_.size();
  if (access.is_write) store_bytes(bytes, access.length, access.value);
  return {commit, load_bytes(bytes, access.length), false};
}

BareMachine::AccessResult BareMachine::access_control(const Access& access, Cycle begin) {
  if (access.is_write) return write_control(access, begin);
  if (access.address - control_base != cycle_offset) return {begin + 1, 0, true};
  return {begin + 1, static_cast<std::uint32_t>(begin), false};
}

BareMachine::AccessResult BareMachine::write_control(const Access& access, Cycle begin) {
  switch (access.address - control_base) {
    case end_offset:
      end(EndingKind::code, access.value);
      break;
    case timer_offset:
      start_timer(access.value, begin);
      break;
    case timer_off_offset:
      timer_due_ = cycle_never;
      hart_.set_timer_interrupt(false, begin + 1);
      break;
    case output_offset:
      output_(access.value);
      break;
    default:
      return {begin + 1, 0, true};
  }
  return {begin + 1, 0, false};
}

void BareMachine::start_timer(std::uint32_t delay, Cycle cycle) {
  const Cycle soonest = cycle + 1;
  timer_due_ = std::max(cycle + Cycle{delay}, soonest);
  hart_.set_timer_interrupt(false, soonest);
  reach(soonest);
}

// --- time ---------------------------------------------------------------------------------------

void BareMachine::reach(Cycle n) {
  if (timer_due_ <= n) hart_.set_timer_interrupt(true, std::exchange(timer_due_, cycle_never));
  if (n >= setup_.cycles_max) end(EndingKind::out_of_cycles, 0);
}

BareMachine::Cycle BareMachine::horizon() { return std::min(timer_due_, setup_.cycles_max); }

BareMachine::Cycle BareMachine::direct_until(Cycle) { return cycle_never; }

BareMachine::Cycle BareMachine::sleep(Cycle from) {
  if (timer_due_ == cycle_never) {
    end(EndingKind::asleep, 0);
    return from;
  }
  const Cycle rises = std::max(timer_due_, from);
  reach(std::min(rises, setup_.cycles_max));
  return rises;
}

// --- who looks on -------------------------------------------------------------------------------

void BareMachine::attend(platform::rv32::Observer& onlooker) {
  onlooker_ = &onlooker;
  hart_.observe(this);
}

void BareMachine::before(Hart& hart) {
  if (onlooker_ != nullptr) onlooker_->before(hart);
}

void BareMachine::trapped(const Hart& hart, const platform::rv32::Trap& trap) {
  if (onlooker_ != nullptr) onlooker_->trapped(hart, trap);
}

void BareMachine::slept(const Hart& hart, Cycle from, Cycle until) {
  if (onlooker_ != nullptr) onlooker_->slept(hart, from, until);
}

void BareMachine::retired(const Hart& hart, const platform::rv32::Retirement& retirement) {
  if (onlooker_ != nullptr) onlooker_->retired(hart, retirement);
  if (retired_ && !ending_) retired_(retirement);
}

void BareMachine::accessed(const Hart& hart, const Access& access, const AccessResult& result) {
  if (onlooker_ != nullptr) onlooker_->accessed(hart, access, result);
  if (!setup_.tohost || !access.is_write || result.is_error) return;
  if (access.address != *setup_.tohost || access.value == 0) return;
  const bool is_verdict = access.value % 2 == 1;
  end(is_verdict ? EndingKind::tohost : EndingKind::host_request, access.value);
}

std::uint32_t BareMachine::debug_read(std::uint32_t address, std::uint32_t length,
                                      unsigned char* bytes, Cycle) {
  std::uint32_t done = 0;
  for (; done < length; ++done) {
    const std::uint32_t here = address + done;
    if (const unsigned char* byte = find(here, 1)) {
      bytes[done] = *byte;
    } else if (here - storage_base < storage_size) {
      bytes[done] = storage_[here % storage_.size()];
    } else {
      break;
    }
  }
  return done;
}

bool BareMachine::debug_write(std::uint32_t address, std::uint32_t length,
                              const unsigned char* bytes, Cycle) {
  if (length == 0) return true;
  unsigned char* place = find(address, length);
  if (place == nullptr || memory_of(address, length) == &memories_.front()) return false;
  std::copy_n(bytes, length, place);
  hart_.code_changed(address, length);
  return true;
}

std::optional<platform::WideTime> BareMachine::debug_instant(Cycle) const { return std::nullopt; }

}  // namespace tools
