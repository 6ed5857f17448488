// A child process of vmeter that does one piece of work and tells its parent of it through a pipe.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string_view>
#include <vector>

namespace tools {

struct ChildProcess {
  pid_t pid;
  int pipe;  ///< what it says, until it is closed
};

/// Forks. The child, which ends with its parent, does `work` with the pipe's other end and is over,
/// without the parent's buffers and destructors; `siblings` are pipes it must not hold open. Throws
/// std::runtime_error when the machine has no pipe or no process left.
ChildProcess start_child(const std::vector<int>& siblings,
                         const std::function<void(int pipe)>& work);

/// In the child: all of `text` to the parent. When nobody listens any more the process ends.
void tell_parent(int pipe, std::string_view text);

/// Closes the pipe, waits for the child's end and returns its status as waitpid has it.
int end_of(const ChildProcess& child);

}  // namespace tools
