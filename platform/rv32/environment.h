// What stands around a hart: the bus behind its data port, the passing of time, and sleep. Cycle n
// is the clock period between edges n and n + 1.
#pragma once

#include <cstdint>

#include "peripherals/bus/core_clock.h"

namespace platform::rv32 {

using peripherals::Cycle;

/// One access of the data port, within one aligned word: 1, 2 or 4 bytes, or 3 of a split word.
struct Access {
  std::uint32_t address;
  std::uint32_t length;  ///< bytes, 1 … 4
  bool is_write;
  std::uint32_t value;  ///< what is written, in the low bytes
};

struct AccessResult {
  Cycle commit;  ///< the edge at which it takes effect: begin + g + 1, and what others make it wait
  std::uint32_t value;  ///< what was read, in the low bytes
  bool is_error;        ///< a bus error, whose response comes in the cycle `commit` like any other
};

class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  virtual ~Environment() = default;

  /// Carries out an access whose request is raised in cycle `begin`; all that others do up to its
  /// commit edge has happened then. May throw: the hart is reset next, or thrown away.
  virtual AccessResult access(const Access& access, Cycle begin) = 0;

  /// Returns when everything that others do at or before edge `n` has happened. May throw likewise.
  virtual void reach(Cycle n) = 0;
  /// The first edge at which others may do anything without a `reach` or `access` before; changes
  /// only in the calls of this class.
  virtual Cycle horizon() = 0;
  /// Accesses to what Hart::add_data was given may be made directly as long as they commit at or
  /// before this edge, seen from cycle `begin`; `begin` or less: not now.
  virtual Cycle direct_until(Cycle begin) = 0;

  /// Asleep from cycle `from` on. Returns the first cycle, not before `from`, in which the external
  /// interrupt's line is high; when it has risen again and again, each rise once.
  virtual Cycle sleep(Cycle from) = 0;
};

}  // namespace platform::rv32
