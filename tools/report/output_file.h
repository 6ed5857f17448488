// A file that appears whole or not at all: written beside its place and renamed when complete. What
// is there already and is no regular file (a pipe, a device) is written directly.
#pragma once

#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tools {

/// A file cannot be created: the user asked for what is not possible (status 2).
class OutputRefused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writing failed later: the disk is full, or worse (status 3).
class OutputFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The place to write to before `place_output` puts it at `path` (or at what that links to): `path`
/// itself for a device. Throws OutputRefused for what can be no file.
std::string staging_path(const std::string& path);
/// The same, and creates it there. Throws OutputRefused when there is no such folder or it cannot
/// be written.
std::string make_staging(const std::string& path);
/// The same text for every path of one file.
std::string output_identity(const std::string& path);
/// Renames what was written at staging_path(path). Throws OutputFailed.
void place_output(const std::string& path);
/// Removes it instead.
void discard_output(const std::string& path);

class OutputFile {
 public:
  /// Throws OutputRefused.
  explicit OutputFile(std::string path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  /// Discards what was not committed.
  ~OutputFile();

  /// Throws OutputFailed.
  void write(std::string_view text);
  /// Puts the file in its place. Throws OutputFailed, after which nothing is left behind.
  void commit();

 private:
  [[noreturn]] void fail(int error_number);

  std::string path_;
  std::FILE* file_;
};

/// All of it at once.
void write_file(const std::string& path, std::string_view text);

}  // namespace tools
