// A folder of a test's own, gone when the test is over.
#pragma once

#include <string>
#include <vector>

#include "tools/scenario/load.h"

namespace tests {

class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();

  std::string path(const std::string& name) const;
  /// Writes a file and returns its path.
  std::string write(const std::string& name, const std::string& text) const;
  std::vector<std::string> names() const;

 private:
  std::string path_;
};

std::string read_all(const std::string& path);
std::string repository(const std::string& path);

/// The scenario that `text` is.
tools::Scenario load(const std::string& text);
/// The sentence that `text` is refused with, without the file's name; "" if it is not.
std::string refusal(const std::string& text);

}  // namespace tests
