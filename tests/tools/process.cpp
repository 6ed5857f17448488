#include "tests/tools/process.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>

#include "tests/tools/files.h"

namespace tests {
namespace {

[[noreturn]] void become(const std::vector<std::string>& command, const ProcessOptions& options,
                         const std::string& out, const std::string& err) {
  if (!options.folder.empty() && chdir(options.folder.c_str()) != 0) _exit(126);
  const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(out_file, STDOUT_FILENO);
  dup2(err_file, STDERR_FILENO);
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& argument : command) {
    arguments.push_back(const_cast<char*>(argument.c_str()));
  }
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command, const ProcessOptions& options) {
  const Folder folder;
  const std::string out = options.stdout_path.empty() ? folder.path("out") : options.stdout_path;
  const std::string err = folder.path("err");
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("no process for the test");
  if (pid == 0) become(command, options, out, err);
  if (options.interrupt_after_ms > 0) {
    usleep(static_cast<useconds_t>(options.interrupt_after_ms) * 1000);
    kill(pid, options.signal);
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  ProcessResult result;
  result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  if (options.stdout_path.empty()) result.out = read_all(out);
  result.err = read_all(err);
  return result;
}

ProcessResult vmeter(std::vector<std::string> arguments, const ProcessOptions& options) {
  arguments.insert(arguments.begin(), PRO380_VMETER);
  return run_process(arguments, options);
}

}  // namespace tests
