// Who writes which file: no two outputs may be one file, nor any of them what is read or what the
// program prints to.
#pragma once

#include <set>
#include <string>

namespace tools {

class OutputClaims {
 public:
  /// `path` is read, or written by something that no option names.
  void take(const std::string& path);
  /// `--option` writes to `path`; empty: it does not. Throws UsageError for a path that is taken
  /// or claimed already, or where the standard output or error goes. Devices are everybody's.
  void claim(const std::string& option, const std::string& path);

 private:
  std::set<std::string> taken_;
};

}  // namespace tools
