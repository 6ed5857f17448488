// A script of the world for tests: things done at exact picoseconds, announced to the meters as
// the scenario engine announces its own, and after all that the peripherals do at that instant.
#pragma once

#include <functional>
#include <map>
#include <systemc>

#include "models/pins/world_schedule.h"
#include "platform/event_log.h"

namespace test {

class Script : public sc_core::sc_module, public models::pins::WorldSchedule {
 public:
  /// A run that ends at `end`.
  explicit Script(models::pins::Ps end, const sc_core::sc_module_name& name = "script")
      : sc_core::sc_module(name), end_(end) {
    sc_core::sc_spawn_options options;
    options.spawn_method();
    options.set_sensitivity(&next_);
    sc_core::sc_spawn([this] { act(); }, "act", &options);
  }

  /// To be called before the run, in any order; things of one instant happen in order of calls.
  void at(models::pins::Ps t, std::function<void()> what) { events_.emplace(t, std::move(what)); }

  models::pins::Ps next_event() const override {
    return events_.empty() ? end_ : std::min(end_, events_.begin()->first);
  }

  /// Runs to the end and then as long as records of before the end may still come.
  void run() {
    const models::pins::Ps stop = end_ + platform::latest_report_ps;
    sc_core::sc_start(sc_core::sc_time::from_value(stop - sc_core::sc_time_stamp().value()));
  }

 private:
  void act() {
    if (!peripherals_done_) {
      peripherals_done_ = true;
      next_.notify(sc_core::SC_ZERO_TIME);
      return;
    }
    peripherals_done_ = false;
    const models::pins::Ps now = sc_core::sc_time_stamp().value();
    while (!events_.empty() && events_.begin()->first <= now) {
      const std::function<void()> what = std::move(events_.begin()->second);
      what();
      events_.erase(events_.begin());
    }
    if (events_.empty()) return;
    next_.notify(sc_core::sc_time::from_value(events_.begin()->first - now));
  }

  models::pins::Ps end_;
  std::multimap<models::pins::Ps, std::function<void()>> events_;
  sc_core::sc_event next_{"next"};
  bool peripherals_done_ = false;  ///< the delta cycle of the present instant's peripherals is over
};

}  // namespace test
