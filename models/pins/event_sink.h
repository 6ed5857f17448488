// Where everything observable is reported: one flat record an event. Who reports knows neither
// file nor format.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <variant>

#include "models/pins/time.h"

namespace models::pins {

/// An instant that an event tells besides its own: picoseconds after kernel time 0, or before it in
/// a run that goes on from a saved state.
struct Instant {
  std::int64_t since_zero;
};

/// One named value of an event. Strings must live until `record` returns.
struct Field {
  std::string_view name;
  std::variant<bool, std::int64_t, std::uint64_t, double, std::string_view, Instant> value;
};

class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  /// An event of `instance` (a dotted path such as "m1.s0_forward") at `t`. Events of one instance
  /// come in order of time; those of different instances need not. `t` is at most one core clock
  /// before, and otherwise at or after, kernel time.
  virtual void record(Ps t, std::string_view instance, std::string_view event,
                      std::initializer_list<Field> fields) = 0;
};

}  // namespace models::pins
