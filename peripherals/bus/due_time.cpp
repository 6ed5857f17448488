#define SC_INCLUDE_DYNAMIC_PROCESSES  // the kernel's headers offer sc_spawn only then
#include "peripherals/bus/due_time.h"

#include <utility>

namespace peripherals {

void DueTime::serve(const char* name, std::function<void(Cycle)> function) {
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&event_);
  sc_core::sc_spawn(
      [this, function = std::move(function)] {
        const Cycle due = take();
        if (due != cycle_never) function(due);
      },
      name, &options);
}

}  // namespace peripherals
