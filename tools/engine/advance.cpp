#include "tools/engine/advance.h"

#include <systemc>

#ifdef __SANITIZE_ADDRESS__
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace tools {

#ifdef __SANITIZE_ADDRESS__
namespace {

void name_main_stack() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void* bottom = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  // A switch from the main stack to itself.
  void* fake_stack = nullptr;
  __sanitizer_start_switch_fiber(&fake_stack, bottom, size);
  __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
}

}  // namespace
#endif

void advance(models::pins::Ps duration) {
  sc_core::sc_start(sc_core::sc_time::from_value(duration));
#ifdef __SANITIZE_ADDRESS__
  name_main_stack();
#endif
}

}  // namespace tools
