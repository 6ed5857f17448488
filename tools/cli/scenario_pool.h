// Runs scenarios in child processes, one each, several at a time. The kernel elaborates once a
// process, and a fault in one scenario must not end the others.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/cli/child_process.h"
#include "tools/cli/commands.h"
#include "tools/engine/run.h"
#include "tools/report/result.h"

namespace tools {

struct Job {
  Scenario scenario;
  RunOptions options;
};

struct Outcome {
  std::optional<ScenarioResult> result;
  bool interrupted = false;
  nlohmann::ordered_json profile;  ///< where RunOptions::gives_profile
  /// Without a result: what went wrong, and the status it asks for. Empty: it was never started.
  std::string fault;
  ExitStatus status = internal_fault;
};

class ScenarioPool {
 public:
  ScenarioPool(const std::vector<Job>& jobs, const KernelEntry& kernel, std::size_t parallel,
               bool show_progress);

  /// Outcomes in the order of the jobs. An interrupt is passed on to the children, and no more are
  /// started.
  std::vector<Outcome> run();

 private:
  struct Child {
    std::size_t job;
    ChildProcess process;
    std::string text;  ///< received and not yet a whole line
    double done = 0;
  };

  void start(std::size_t job);
  void work(const Job& job, int pipe) const;
  /// Reads what children say, until one of them has said something or ended.
  void wait();
  bool receive(Child& child);
  void take_line(Child& child, const std::string& line);
  void finish(Child& child);
  void draw_progress();
  void clear_progress() const;

  const std::vector<Job>& jobs_;
  const KernelEntry& kernel_;
  std::size_t parallel_;
  bool show_progress_;
  std::vector<Child> children_;
  std::vector<Outcome> outcomes_;
  std::size_t finished_ = 0;
  bool told_children_ = false;
};

}  // namespace tools
