#include "tools/cli/interrupt.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

namespace tools {
namespace {

// A signal handler can reach nothing but what is global.
volatile std::sig_atomic_t wanted = 0;

void note(int) { wanted = 1; }

void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  sigaction(signal, &action, nullptr);
}

}  // namespace

void watch_for_interrupt() {
  handle(SIGINT, note);
  handle(SIGTERM, note);
  handle(SIGPIPE, SIG_IGN);
  struct sigaction before = {};
  sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler != SIG_IGN) handle(SIGHUP, note);
}

bool interrupt_wanted() { return wanted != 0; }

void end_with_parent(int parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) wanted = 1;  // it died before it could be asked
}

}  // namespace tools
