#include "tools/cli/child_process.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <stdexcept>

#include "tools/cli/commands.h"
#include "tools/cli/interrupt.h"

namespace tools {

ChildProcess start_child(const std::vector<int>& siblings,
                         const std::function<void(int pipe)>& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error(fmt::format("no pipe: {}", std::strerror(errno)));
  std::cout.flush();
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error(fmt::format("no process: {}", std::strerror(errno)));
  if (pid == 0) {
    end_with_parent(parent);
    close(ends[0]);
    for (const int sibling : siblings) close(sibling);
    try {
      work(ends[1]);
    } catch (...) {
      _exit(internal_fault);  // a child must not go on with its parent's work
    }
    _exit(0);
  }
  close(ends[1]);
  return {pid, ends[0]};
}

void tell_parent(int pipe, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(pipe, text.data(), text.size());
    if (n > 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      _exit(internal_fault);
    }
  }
}

int end_of(const ChildProcess& child) {
  close(child.pipe);
  int status = 0;
  while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace tools
