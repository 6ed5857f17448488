#include "tools/typetest/task_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tools/cli/child_process.h"
#include "tools/cli/interrupt.h"

namespace tools::typetest {
namespace {

using Json = nlohmann::json;

const std::string interrupted_fault = "interrupted";

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
    ChildProcess process;
    std::string text;
  };

  void start(std::size_t task) {
    std::vector<int> siblings;
    siblings.reserve(children_.size());
    for (const Child& child : children_) siblings.push_back(child.process.pipe);
    const ChildProcess process = start_child(siblings, [&](int pipe) { work(tasks_[task], pipe); });
    children_.push_back({task, process, ""});
  }

  void work(const Task& task, int pipe) const {
    // A measurement leaves nothing behind, so it may end at once.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, SIG_DFL);
    // The kernel announces itself and its end on the standard streams.
    setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
    Json outcome = {{"fault", "the kernel did not start"}};
    kernel_([&] { outcome = outcome_of(task); });
    // A broken character must not keep a fault from being told.
    tell_parent(pipe, outcome.dump(-1, ' ', false, Json::error_handler_t::replace));
  }

  /// Reads what children say, until one has said something or ended. Returns whether one has ended.
  bool wait() {
    std::vector<pollfd> polled;
    polled.reserve(children_.size());
    for (const Child& child : children_) polled.push_back({child.process.pipe, POLLIN, 0});
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
    const ssize_t n = read(child.process.pipe, buffer, sizeof buffer);
    if (n < 0) return errno == EINTR;
    child.text.append(buffer, static_cast<std::size_t>(n));
    return n > 0;
  }

  void finish(const Child& child) {
    const int status = end_of(child.process);
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
    for (const Child& child : children_) kill(child.process.pid, SIGTERM);
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
