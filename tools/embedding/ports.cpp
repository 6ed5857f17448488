// Whoever includes SystemC first decides whether it has spawned processes.
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include "tools/embedding/ports.h"

namespace vmeter {

void follow(const sc_core::sc_event& event, const char* name, std::function<void()> action) {
  sc_core::sc_spawn_options method;
  method.spawn_method();
  method.dont_initialize();
  method.set_sensitivity(&event);
  sc_core::sc_spawn(std::move(action), sc_core::sc_gen_unique_name(name), &method);
}

}  // namespace vmeter
