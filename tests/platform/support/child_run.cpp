#include "tests/platform/support/child_run.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>

namespace test {

std::string log_of(const std::function<models::pins::Ps(platform::EventLog&)>& simulate) {
  char path[] = "/tmp/pro380-log-XXXXXX";
  const int descriptor = mkstemp(path);
  if (descriptor < 0) return "FAILED: no temporary file";
  close(descriptor);
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    int status = 1;
    try {
      platform::EventLog log(path);
      const models::pins::Ps end = simulate(log);
      status = log.finish(end) ? 0 : 1;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "child: %s\n", error.what());
    }
    std::fflush(nullptr);
    _exit(status);
  }
  int status = -1;
  if (child > 0) waitpid(child, &status, 0);
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  std::remove(path);
  if (status != 0) return "FAILED: the simulation ended with status " + std::to_string(status);
  return text.str();
}

std::string first_difference(const std::string& a, const std::string& b) {
  if (a == b) return {};
  std::istringstream lines_a(a);
  std::istringstream lines_b(b);
  std::string line_a;
  std::string line_b;
  for (int number = 1;; ++number) {
    const bool more_a = static_cast<bool>(std::getline(lines_a, line_a));
    const bool more_b = static_cast<bool>(std::getline(lines_b, line_b));
    if (!more_a) line_a = "(end)";
    if (!more_b) line_b = "(end)";
    if (line_a != line_b || !more_a || !more_b) {
      std::ostringstream found;
      found << "line " << number << "\n  a: " << line_a << "\n  b: " << line_b;
      return found.str();
    }
  }
}

std::size_t line_count(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace test
