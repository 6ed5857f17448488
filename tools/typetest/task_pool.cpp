#include "tools/typetest/task_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <stdexcept>

#include "tools/cli/interrupt.h"

namespace tools::typetest {
namespace {

using Json = nlohmann::json;

const std::string interrupted_fault = "interrupted";

/// To the parent, who reads until the pipe is closed.
void send(int pipe, const Json& message) {
  // A broken character must not keep a fault from being told.
  const std::string text = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t n = write(pipe, text.data() + sent, text.size() - sent);
    if (n > 0) {
      sent += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      _exit(internal_fault);  // nobody listens any more
    }
  }
}

Json outcome_of(const Task& task) {
  try {
    return {{"result", task.run()}};
  } catch (const std::exception& error) {
    return {{"fault", error.what()}};
  }
}

class Pool {
 public:
  Pool(const std::vector<Task>& tasks, const KernelEntry& kernel, const PoolSettings& settings)
      : tasks_(tasks), kernel_(kernel), settings_(settings), outcomes_(tasks.size()) {
    // The longest first, so that none of them is alone at the end.
    order_.resize(tasks.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&tasks](std::size_t a, std::size_t b) {
      return tasks[a].simulated_s > tasks[b].simulated_s;
    });
  }

  std::vector<TaskOutcome> run() {
    for (TaskOutcome& outcome : outcomes_) outcome.fault = interrupted_fault;
    const std::size_t jobs = std::max<std::size_t>(settings_.jobs, 1);
    std::size_t next = 0;
    bool goes_on = true;
    while (!children_.empty() || (goes_on && next < order_.size())) {
      if (interrupt_wanted()) goes_on = false;
      if (!goes_on) end_children();
      while (goes_on && next < order_.size() && children_.size() < jobs) start(order_[next++]);
      if (!children_.empty() && wait() && settings_.progress) {
        goes_on = settings_.progress(finished_, tasks_.size()) && goes_on;
      }
    }
    return std::move(outcomes_);
  }

 private:
  struct Child {
    std::size_t task;
    pid_t pid;
    int pipe;
    std::string text;
  };

  void start(std::size_t task) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error(fmt::format("no pipe: {}", std::strerror(errno)));
    std::cout.flush();
    std::fflush(nullptr);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) throw std::runtime_error(fmt::format("no process: {}", std::strerror(errno)));
    if (pid == 0) {
      end_with_parent(parent);
      // A measurement leaves nothing behind, so it may end at once.
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
      close(ends[0]);
      for (const Child& child : children_) close(child.pipe);
      work(tasks_[task], ends[1]);
    }
    close(ends[1]);
    children_.push_back({task, pid, ends[0], ""});
  }

  [[noreturn]] void work(const Task& task, int pipe) const {
    // The kernel announces itself and its end on the standard streams.
    setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
    Json outcome = {{"fault", "the kernel did not start"}};
    kernel_([&] { outcome = outcome_of(task); });
    send(pipe, outcome);
    _exit(0);  // without the parent's buffers and destructors
  }

  /// Reads what children say, until one has said something or ended. Returns whether one has ended.
  bool wait() {
    std::vector<pollfd> polled;
    polled.reserve(children_.size());
    for (const Child& child : children_) polled.push_back({child.pipe, POLLIN, 0});
    // Not for ever: a signal may come between the last look at the flag and this.
    constexpr int patience_ms = 200;
    if (poll(polled.data(), polled.size(), patience_ms) <= 0) return false;
    bool ended = false;
    for (std::size_t i = polled.size(); i-- > 0;) {
      if (polled[i].revents == 0 || receive(children_[i])) continue;
      finish(children_[i]);
      children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
      ended = true;
    }
    return ended;
  }

  static bool receive(Child& child) {
    char buffer[65536];
    const ssize_t n = read(child.pipe, buffer, sizeof buffer);
    if (n < 0) return errno == EINTR;
    child.text.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }

  void finish(const Child& child) {
    close(child.pipe);
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR) {
    }
    ++finished_;
    TaskOutcome& outcome = outcomes_[child.task];
    const Json message = Json::parse(child.text, nullptr, false);
    if (message.is_object() && message.contains("result")) {
      outcome = {message["result"].dump(), ""};
    } else if (message.is_object() && message.contains("fault")) {
      outcome.fault = message["fault"];
    } else if (told_to_end_) {
      outcome.fault = interrupted_fault;
    } else if (WIFSIGNALED(status)) {
      outcome.fault = fmt::format("the measurement died of {}", strsignal(WTERMSIG(status)));
    } else {
      outcome.fault = fmt::format("the measurement ended with status {}", WEXITSTATUS(status));
    }
  }

  /// Again and again: a child that has just been made hears it with its parent's handler.
  void end_children() {
    told_to_end_ = true;
    for (const Child& child : children_) kill(child.pid, SIGTERM);
  }

  const std::vector<Task>& tasks_;
  const KernelEntry& kernel_;
  const PoolSettings& settings_;
  std::vector<std::size_t> order_;
  std::vector<Child> children_;
  std::vector<TaskOutcome> outcomes_;
  std::size_t finished_ = 0;
  bool told_to_end_ = false;
};

}  // namespace

std::vector<TaskOutcome> run_tasks(const std::vector<Task>& tasks, const KernelEntry& kernel,
                                   const PoolSettings& settings) {
  return Pool(tasks, kernel, settings).run();
}

}  // namespace tools::typetest
