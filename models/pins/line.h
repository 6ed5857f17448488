// What crosses the two wires of a serial line: mark and space, and whether an end drives at all.
//
// An end announces what it will do as soon as it knows, a whole character at its start bit, so
// instants may lie in the future; what is announced can be taken back until it has come.
#pragma once

#include <cstdint>

#include "models/pins/time.h"

namespace models::pins {

/// What one end does to the wires.
enum class LineDrive : std::uint8_t { released, mark, space };

/// Where an end is connected, as its driver and its receiver see it.
class LinePort {
 public:
  LinePort() = default;
  LinePort(const LinePort&) = delete;
  LinePort& operator=(const LinePort&) = delete;
  virtual ~LinePort() = default;

  /// From `t` on the end does `what`. Instants of one end rise strictly; none lies before kernel
  /// time. At first every end has let go.
  virtual void drive(Ps t, LineDrive what) = 0;
  /// Takes back what was announced for `t`, at or after kernel time, and later; from `t` on the end
  /// lets go.
  virtual void cut(Ps t) = 0;

  /// What the receiver sees at `count` (at most 64) instants, which do not fall and of which none
  /// lies after kernel time nor further back than 100 ms: bit n is 1 for a mark at the n-th.
  virtual std::uint64_t marks_at(const Ps* instants, int count) const = 0;
  /// The first instant at or after `from` (at most 100 ms ago) at which what the receiver sees
  /// changes from mark to space, as far as announced; ps_never when none is.
  virtual Ps next_fall(Ps from) const = 0;
};

/// The receiver of an end.
class LineListener {
 public:
  LineListener() = default;
  LineListener(const LineListener&) = delete;
  LineListener& operator=(const LineListener&) = delete;
  virtual ~LineListener() = default;

  /// What this end's receiver sees from `from` on, at or after kernel time, is known anew: ask
  /// next_fall. Called only when a fall was added or taken away.
  virtual void line_changed(Ps from) = 0;
};

}  // namespace models::pins
