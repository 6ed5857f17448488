// Orders from a person or a program while a session runs, one a line, each answered in one line:
// "ok", or what is wrong with it. From the standard input, or from a socket of the file system that
// takes one client at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/live/descriptor.h"

namespace tools::live {

class ControlChannel {
 public:
  /// "-": standard input and output; else a socket is made at this path. Throws OutputRefused.
  explicit ControlChannel(const std::string& target);
  ControlChannel(const ControlChannel&) = delete;
  ControlChannel& operator=(const ControlChannel&) = delete;
  ~ControlChannel();

  /// What poll() is to watch; −1 once the standard input has ended.
  int descriptor() const;
  /// The whole lines that have come, without empty ones and those that begin with '#'.
  std::vector<std::string> read();
  void answer(const std::string& line);
  /// Where a client finds it.
  const std::string& address() const { return target_; }

 private:
  std::string target_;
  bool standard_;
  bool ended_ = false;
  Descriptor listener_;
  Descriptor client_;
  std::string text_;       ///< the begin of a line
  bool too_long_ = false;  ///< its begin was thrown away
};

}  // namespace tools::live
