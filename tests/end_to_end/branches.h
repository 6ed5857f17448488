// Many futures of one simulation: each is a forked process that goes on from here, with everything
// that stands in memory, the kernel included. The parent stays where it is and may go on itself.
#pragma once

#include <sys/types.h>

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace end_to_end {

class Branches {
 public:
  /// `at_once`: how many branches run side by side; 0: as many as the machine has cores.
  explicit Branches(unsigned at_once = 0);
  Branches(const Branches&) = delete;
  Branches& operator=(const Branches&) = delete;
  ~Branches();

  /// Runs `future` in a branch. What it returns, or the message of what it throws, is a complaint,
  /// kept with `label`; an empty string is none. A branch that dies is a complaint too.
  void run(const std::string& label, const std::function<std::string()>& future);
  /// Waits for all of them.
  void finish();

  int count() const { return count_; }
  /// The first of them, for a message.
  std::string complaints() const;

  /// Runs `future` in a branch, to its end, and returns what it returns. Throws std::runtime_error
  /// with the message if it throws or dies.
  static std::string ask(const std::function<std::string()>& future);

 private:
  struct Running {
    pid_t process;
    int pipe;
    std::string label;
  };
  static Running begin(const std::string& label, const std::function<std::string()>& future);
  static bool end(const Running& running, std::string& message);
  void reap_oldest();

  unsigned at_once_;
  int count_ = 0;
  std::deque<Running> running_;
  std::vector<std::string> complaints_;
};

}  // namespace end_to_end
