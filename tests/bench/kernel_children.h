// A benchmark with several set-ups of the kernel: it elaborates once a process.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

namespace bench {

/// Runs `run` of each of `cases` in a child process, one after the other; false when one failed.
template <typename Cases, typename Run>
bool each_in_a_child(const Cases& cases, Run run) {
  for (const auto& one : cases) {
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      run(one);
      std::fflush(nullptr);
      _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) return false;
  }
  return true;
}

}  // namespace bench
