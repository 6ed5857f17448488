#include "tools/cli/interrupt.h"

#include <csignal>

namespace tools {
namespace {

// A signal handler can reach nothing but what is global.
volatile std::sig_atomic_t wanted = 0;

void note(int) { wanted = 1; }

}  // namespace

void watch_for_interrupt() {
  struct sigaction action = {};
  action.sa_handler = note;
  sigaction(SIGINT, &action, nullptr);
}

bool interrupt_wanted() { return wanted != 0; }

}  // namespace tools
