// Pieces of a campaign in child processes, several at a time: the kernel elaborates once a process,
// and a fault in one measurement must not end the others.
#pragma once

#include <cstddef>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tools/cli/commands.h"

namespace tools::typetest {

struct Task {
  std::string id;
  /// Runs in the child, inside the kernel; what it returns is handed to the parent. What it throws
  /// becomes the outcome's fault.
  std::function<nlohmann::json()> run;
  double simulated_s = 0;  ///< an estimate: the longest are started first
};

struct TaskOutcome {
  std::string json;   ///< what the task returned, as text; empty with a fault
  std::string fault;  ///< why there is no result
};

struct PoolSettings {
  std::size_t jobs = 1;
  /// Told after each task how many of all are done; returns false to end. May be empty.
  std::function<bool(std::size_t done, std::size_t all)> progress;
};

/// Outcomes in the order of the tasks. After an interrupt, or when `progress` says so, tasks that
/// were not finished have the fault "interrupted".
std::vector<TaskOutcome> run_tasks(const std::vector<Task>& tasks, const KernelEntry& kernel,
                                   const PoolSettings& settings);

}  // namespace tools::typetest
