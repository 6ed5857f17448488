// A hart with nothing but memory, a little storage behind wait cycles and a control port around it:
// the machine whose RTL the cycle model was measured on.
//
//   base         size       what                                     wait cycles
//   0x0000'0000   128 KiB   flash, read only                         0
//   0x2000'0000    32 KiB   RAM                                      0
//   0x4000'0000   256 MiB   64 words of storage, again and again     2
//   0x5000'0000             control, aligned words only:             0
//                  + 0x04   write: the program ends with this code
//                  + 0x08   read: the number of the cycle, counted from the reset
//                  + 0x10   write v in cycle c: the timer's line is high in every cycle from c + v
//                           on, at the soonest from c + 1, and low until then
//                  + 0x14   write: the timer's line is low from the next cycle on
//                  + 0x18   write: a word of output
//
// Any other access is a bus error, whose response comes a cycle after the request. The timer is
// interrupt 7; the external interrupt's line is never high.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/rv32/debug_view.h"
#include "platform/rv32/hart.h"
#include "tools/isa/elf_image.h"

namespace tools {

/// Addresses base … base + size - 1.
struct MemoryRange {
  std::uint32_t base;
  std::uint32_t size;
};

struct BareMachineSetup {
  /// More RAM without wait states; the program then starts at its entry, else at 0x80. Whole words,
  /// at most `extra_ram_max` bytes, and where nothing else is.
  std::optional<MemoryRange> ram;
  /// A word in RAM by whose writing the program ends, as the public suites of RISC-V tests do.
  std::optional<std::uint32_t> tohost;
  /// The program is stopped before the first instruction that would start later than this many
  /// cycles after the reset.
  platform::rv32::Cycle cycles_max = 1'000'000'000;
};

enum class EndingKind {
  code,           ///< + 0x04 was written; value: what
  tohost,         ///< an odd number was written there; value: which
  host_request,   ///< another number but 0 was: nobody is there to do what it asks for
  out_of_cycles,  ///< `cycles_max` are over
  asleep,         ///< in a wfi that nothing will end
  stopped,        ///< somebody did not want it to go on
};

/// What there was when it ended: the instruction that ends a program does not count any more.
struct Ending {
  EndingKind kind;
  std::uint32_t value;
  std::uint32_t pc;             ///< of the instruction that ended it, or would have been the next
  std::uint64_t instructions;   ///< as minstret has them
  platform::rv32::Cycle cycle;  ///< the first after all that counts
};

class BareMachine : public platform::rv32::DebugView,
                    private platform::rv32::Environment,
                    private platform::rv32::Observer {
 public:
  static constexpr std::uint32_t extra_ram_max = 64U << 20;

  using Cycle = platform::rv32::Cycle;
  using Output = std::function<void(std::uint32_t)>;
  using Retired = std::function<void(const platform::rv32::Retirement&)>;

  /// Loads `image`: each segment where the program finds it and, where that is another place with
  /// memory, where it is loaded. Throws InputError, whose sentence names the program or the option,
  /// when a segment lies in no memory, there is nothing at 0x80 to start with, or `setup` is not
  /// what it must be. `retired`, which may be empty, is told of every instruction, traps included,
  /// but the one that ends the program.
  BareMachine(const ElfImage& image, const BareMachineSetup& setup, Output output, Retired retired);

  /// `onlooker`, who must outlive the run, is told of all that the hart tells.
  void attend(platform::rv32::Observer& onlooker);
  /// Ends the run, for an onlooker; the instruction at hand is still carried out.
  void stop() { end(EndingKind::stopped, 0); }

  /// Runs from reset, in cycle 0, to the program's end. Once only.
  Ending run();

  /// The word at an aligned address of flash or RAM; none: there is no memory.
  std::optional<std::uint32_t> word(std::uint32_t address) const;

  /// Memory and storage; what the control port tells is the hart's time, which a debugger knows.
  std::uint32_t debug_read(std::uint32_t address, std::uint32_t length, unsigned char* bytes,
                           Cycle at) override;
  bool debug_write(std::uint32_t address, std::uint32_t length, const unsigned char* bytes,
                   Cycle at) override;
  /// Nothing: its clock has no frequency.
  std::optional<platform::WideTime> debug_instant(Cycle at) const override;

 private:
  using Access = platform::rv32::Access;
  using AccessResult = platform::rv32::AccessResult;
  using Hart = platform::rv32::Hart;

  struct Memory {
    std::uint32_t base;
    std::vector<unsigned char> bytes;
  };

  AccessResult access(const Access& access, Cycle begin) override;
  void reach(Cycle n) override;
  Cycle horizon() override;
  Cycle direct_until(Cycle begin) override;
  Cycle sleep(Cycle from) override;
  void before(Hart& hart) override;
  void retired(const Hart& hart, const platform::rv32::Retirement& retirement) override;
  void trapped(const Hart& hart, const platform::rv32::Trap& trap) override;
  void accessed(const Hart& hart, const Access& access, const AccessResult& result) override;
  void slept(const Hart& hart, Cycle from, Cycle until) override;

  void add_ram(const MemoryRange& ram);
  void load(const ElfImage& image);
  void require_start(const ElfImage& image) const;
  void require_tohost() const;
  /// The bytes of memory from `address` on, if all `size` are there; else null.
  unsigned char* find(std::uint32_t address, std::uint32_t size);
  const Memory* memory_of(std::uint32_t address, std::uint32_t size) const;

  AccessResult access_storage(const Access& access, Cycle begin);
  AccessResult access_control(const Access& access, Cycle begin);
  AccessResult write_control(const Access& access, Cycle begin);
  void start_timer(std::uint32_t delay, Cycle cycle);
  void end(EndingKind kind, std::uint32_t value);

  BareMachineSetup setup_;
  Output output_;
  Retired retired_;
  platform::rv32::Observer* onlooker_ = nullptr;  ///< null: nobody
  std::uint32_t entry_;
  std::vector<Memory> memories_;  ///< flash first
  std::array<unsigned char, 64 * 4> storage_{};
  Cycle timer_due_;  ///< the edge at which its line rises
  std::optional<Ending> ending_;
  Hart hart_;
};

}  // namespace tools
