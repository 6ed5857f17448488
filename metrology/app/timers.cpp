#include "metrology/app/timers.h"

#include "metrology/hal/memory_map.h"

namespace metrology::app {

namespace {

constexpr int index_of(Timer timer) { return static_cast<int>(timer); }

/// Arms the alarm for the first deadline. The RTC compares for equality, so a deadline that came
/// while it was being armed is found by looking again.
void arm_first(Timers& timers, hal::Bus& bus) {
  std::uint32_t now = read_ticks(bus);
  for (;;) {
    expire(timers, now);
    std::uint32_t deadline = 0;
    if (!first_deadline(timers, now, deadline)) {
      if (timers.armed) bus.write(hal::rtc::base + hal::rtc::control, 0);
      timers.armed = false;
      return;
    }
    if (!timers.armed || timers.armed_for != deadline) {
      bus.write(hal::rtc::base + hal::rtc::control, 0);
      bus.write(hal::rtc::base + hal::rtc::alarm, deadline);
      bus.write(hal::rtc::base + hal::rtc::control, hal::rtc::control_arm);
      timers.armed = true;
      timers.armed_for = deadline;
    }
    now = read_ticks(bus);
    if (!has_come(deadline, now)) return;
    timers.armed = false;
  }
}

}  // namespace

void start(Timers& timers, Timer timer, std::uint32_t deadline) {
  timers.deadline[index_of(timer)] = deadline;
  timers.running[index_of(timer)] = true;
  timers.expired[index_of(timer)] = false;
}

void stop(Timers& timers, Timer timer) {
  timers.running[index_of(timer)] = false;
  timers.expired[index_of(timer)] = false;
}

void expire(Timers& timers, std::uint32_t now) {
  for (int n = 0; n < timer_count; ++n) {
    if (!timers.running[n] || !has_come(timers.deadline[n], now)) continue;
    timers.running[n] = false;
    timers.expired[n] = true;
  }
}

bool first_deadline(const Timers& timers, std::uint32_t now, std::uint32_t& deadline) {
  bool any = false;
  for (int n = 0; n < timer_count; ++n) {
    if (!timers.running[n]) continue;
    const std::uint32_t candidate = timers.deadline[n];
    if (any &&
        static_cast<std::int32_t>(candidate - now) >= static_cast<std::int32_t>(deadline - now)) {
      continue;
    }
    deadline = candidate;
    any = true;
  }
  return any;
}

bool take_expired(Timers& timers, Timer timer) {
  // Cleared only when set: the handler may set it between.
  if (!timers.expired[index_of(timer)]) return false;
  timers.expired[index_of(timer)] = false;
  return true;
}

bool work_pending(const Timers& timers) {
  if (timers.alarm) return true;
  for (const bool expired : timers.expired) {
    if (expired) return true;
  }
  return false;
}

std::uint32_t read_ticks(hal::Bus& bus) { return bus.read(hal::rtc::base + hal::rtc::count); }

void set_timer(Timers& timers, hal::Bus& bus, Timer timer, std::uint32_t deadline) {
  bus.disable_interrupts();
  start(timers, timer, deadline);
  arm_first(timers, bus);
  bus.enable_interrupts();
}

void cancel_timer(Timers& timers, hal::Bus& bus, Timer timer) {
  bus.disable_interrupts();
  stop(timers, timer);
  arm_first(timers, bus);
  bus.enable_interrupts();
}

void note_alarm(Timers& timers, hal::Bus& bus) {
  bus.write(hal::rtc::base + hal::rtc::status, hal::rtc::status_alarm);
  timers.alarm = true;
}

void serve_timers(Timers& timers, hal::Bus& bus) {
  if (!timers.alarm) return;
  timers.alarm = false;
  timers.armed = false;
  arm_first(timers, bus);
}

}  // namespace metrology::app
