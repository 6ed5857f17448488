// What a debugger sees of the world around a hart, while the hart stands: nothing here takes
// simulated time or changes what happens later, but for what is written.
#pragma once

#include <cstdint>
#include <optional>

#include "platform/rv32/environment.h"
#include "platform/wide_time.h"

namespace platform::rv32 {

class DebugView {
 public:
  DebugView() = default;
  DebugView(const DebugView&) = delete;
  DebugView& operator=(const DebugView&) = delete;
  virtual ~DebugView() = default;

  /// What loads at edge `at` would read, up to `length` bytes into `bytes`. Returns how many could
  /// be had from `address` on: it ends before what is not there, and before a register whose
  /// reading has effects.
  virtual std::uint32_t debug_read(std::uint32_t address, std::uint32_t length,
                                   unsigned char* bytes, Cycle at) = 0;
  /// RAM's bytes from edge `at` on; false, and nothing is changed, unless all of them lie in RAM.
  virtual bool debug_write(std::uint32_t address, std::uint32_t length, const unsigned char* bytes,
                           Cycle at) = 0;
  /// The instant of edge `at` since the beginning of the world; nothing where edges have none.
  virtual std::optional<WideTime> debug_instant(Cycle at) const = 0;
};

}  // namespace platform::rv32
