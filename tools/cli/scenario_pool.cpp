#include "tools/cli/scenario_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "tools/cli/interrupt.h"
#include "tools/cli/progress_bar.h"
#include "tools/cli/version.h"
#include "tools/gdb/debugger.h"
#include "tools/report/output_file.h"
#include "tools/state/state_file.h"

namespace tools {
namespace {

using Json = nlohmann::ordered_json;

/// One line of JSON to the parent.
void send(int pipe, const Json& message) {
  // A broken character must not keep a fault from being told.
  tell_parent(pipe, message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Json fault(const std::string& sentence, ExitStatus status) {
  return {{"fault", sentence}, {"status", static_cast<int>(status)}};
}

Json outcome_of(const Job& job, const RunOptions& options) {
  try {
    RunResult run = run_scenario(job.scenario, options);
    if (options.debugger != nullptr) {
      if (run.interrupted) options.debugger->interrupted(SIGINT);
      options.debugger->over(run.pass ? all_hold : some_fail);
      run.wall_s -= static_cast<double>(options.debugger->halted_ns()) * 1e-9;
    }
    ScenarioResult result;
    result.scenario = job.scenario.name;
    result.pass = run.pass;
    result.expectations = run.verdicts;
    result.simulated_s = static_cast<double>(run.simulated) * 1e-12;
    result.wall_s = run.wall_s;
    result.seed = options.simulation.seed;
    result.build = build_name();
    if (options.loaded) {
      const bool same = options.loaded->use == StateUse::continuation;
      result.loaded_from = {options.loaded->file, options.loaded->instant_ps,
                            same ? "continuation" : "handover"};
    }
    if (!run.saved_at_ps.empty()) {
      result.saved_at = {options.save_state_path, run.saved_at_ps, ""};
    }
    // The published seconds would lose the picoseconds of long runs.
    Json at_ps = Json::array();
    for (const Verdict& verdict : result.expectations) at_ps.push_back(verdict.at.value_or(0));
    return {{"result", to_json(result)},
            {"at_ps", at_ps},
            {"interrupted", run.interrupted},
            {"profile", run.profile}};
  } catch (const OutputRefused& error) {
    return fault(error.what(), wrong_input);
  } catch (const OutputFailed& error) {
    return fault(error.what(), internal_fault);
  } catch (const std::exception& error) {
    std::string what = error.what();
    for (char& c : what) {
      if (c == '\n') c = ' ';
    }
    return fault(fmt::format("{}: internal fault: {}", job.scenario.file, what), internal_fault);
  }
}

}  // namespace

ScenarioPool::ScenarioPool(const std::vector<Job>& jobs, const KernelEntry& kernel,
                           std::size_t parallel, bool show_progress)
    : jobs_(jobs),
      kernel_(kernel),
      parallel_(parallel),
      show_progress_(show_progress),
      outcomes_(jobs.size()) {}

std::vector<Outcome> ScenarioPool::run() {
  std::size_t next = 0;
  while (next < jobs_.size() || !children_.empty()) {
    if (interrupt_wanted()) next = jobs_.size();
    while (next < jobs_.size() && children_.size() < parallel_) start(next++);
    if (!children_.empty()) wait();
  }
  clear_progress();
  return std::move(outcomes_);
}

void ScenarioPool::start(std::size_t job) {
  std::vector<int> siblings;
  for (const Child& child : children_) siblings.push_back(child.process.pipe);
  const ChildProcess process = start_child(siblings, [&](int pipe) { work(jobs_[job], pipe); });
  children_.push_back({job, process, "", 0});
}

void ScenarioPool::work(const Job& job, int pipe) const {
  // The kernel announces itself and its end on the standard streams; results go through the pipe.
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
  RunOptions options = job.options;
  double told = 0;
  options.progress = [&](double done) {
    if (show_progress_ && done >= told + 0.01) {
      told = done;
      send(pipe, {{"done", done}});
    }
    const bool killed = options.debugger != nullptr && options.debugger->killed();
    return !killed && !interrupt_wanted();
  };
  Json outcome =
      fault(job.scenario.file + ": internal fault: the kernel did not start", internal_fault);
  kernel_([&] { outcome = outcome_of(job, options); });
  send(pipe, outcome);
}

void ScenarioPool::wait() {
  std::vector<pollfd> polled;
  for (const Child& child : children_) polled.push_back({child.process.pipe, POLLIN, 0});
  // Not for ever: a signal may come between the last look at the flag and this.
  constexpr int patience_ms = 200;
  const int ready = poll(polled.data(), polled.size(), patience_ms);
  if (interrupt_wanted() && !told_children_) {
    told_children_ = true;
    for (const Child& child : children_) kill(child.process.pid, SIGINT);
  }
  if (ready <= 0) return;
  for (std::size_t i = polled.size(); i-- > 0;) {
    if (polled[i].revents == 0 || receive(children_[i])) continue;
    finish(children_[i]);
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  draw_progress();
}

bool ScenarioPool::receive(Child& child) {
  char buffer[65536];
  const ssize_t n = read(child.process.pipe, buffer, sizeof buffer);
  if (n < 0) return errno == EINTR;
  if (n == 0) return false;
  child.text.append(buffer, static_cast<std::size_t>(n));
  for (;;) {
    const std::size_t end = child.text.find('\n');
    if (end == std::string::npos) return true;
    take_line(child, child.text.substr(0, end));
    child.text.erase(0, end + 1);
  }
}

void ScenarioPool::take_line(Child& child, const std::string& line) {
  const Json message = Json::parse(line);
  if (message.contains("done")) {
    child.done = message["done"];
    return;
  }
  Outcome& outcome = outcomes_[child.job];
  if (message.contains("result")) {
    outcome.result = result_from_json(message["result"]);
    std::size_t i = 0;
    for (Verdict& verdict : outcome.result->expectations) {
      if (verdict.at) verdict.at = message["at_ps"][i].get<Ps>();
      ++i;
    }
    outcome.interrupted = message["interrupted"];
    outcome.profile = message["profile"];
  } else {
    outcome.fault = message["fault"];
    outcome.status = static_cast<ExitStatus>(message["status"].get<int>());
  }
}

void ScenarioPool::finish(Child& child) {
  const int status = end_of(child.process);
  ++finished_;
  Outcome& outcome = outcomes_[child.job];
  if (outcome.result || !outcome.fault.empty()) return;
  // It could not clear away what it had begun to write.
  const RunOptions& options = jobs_[child.job].options;
  for (const std::string* path :
       {&options.log_path, &options.vcd_path, &options.csv_path, &options.gtkw_path,
        &options.samples_path, &options.profile_path, &options.save_state_path}) {
    if (!path->empty()) discard_output(*path);
  }
  for (const MeterSpec& meter : jobs_[child.job].scenario.meters) {
    if (!meter.eeprom_file.empty()) discard_output(meter.eeprom_file);
  }
  const std::string& file = jobs_[child.job].scenario.file;
  outcome.status = internal_fault;
  outcome.fault = WIFSIGNALED(status)
                      ? fmt::format("{}: internal fault: the simulation died of signal {}", file,
                                    WTERMSIG(status))
                      : fmt::format("{}: internal fault: the simulation ended with status {}", file,
                                    WEXITSTATUS(status));
}

void ScenarioPool::draw_progress() {
  if (!show_progress_) return;
  double done = static_cast<double>(finished_);
  for (const Child& child : children_) done += child.done;
  const double share = done / static_cast<double>(jobs_.size());
  std::vector<std::string> running;
  for (const Child& child : children_) running.push_back(jobs_[child.job].scenario.name);
  tools::draw_progress(share, fmt::format("{}", fmt::join(running, " ")));
}

void ScenarioPool::clear_progress() const {
  if (show_progress_) std::fprintf(stderr, "\r\033[K");
}

}  // namespace tools
