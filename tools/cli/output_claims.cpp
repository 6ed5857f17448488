#include "tools/cli/output_claims.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tools/cli/commands.h"
#include "tools/report/output_file.h"
#include "tools/scenario/input_error.h"

namespace tools {
namespace {

bool is_file_of(int stream, const std::string& path) {
  struct stat a = {};
  struct stat b = {};
  return fstat(stream, &a) == 0 && stat(path.c_str(), &b) == 0 && S_ISREG(a.st_mode) &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

}  // namespace

void OutputClaims::take(const std::string& path) { taken_.insert(output_identity(path)); }

void OutputClaims::claim(const std::string& option, const std::string& path) {
  if (path.empty()) return;
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    if (!is_file_of(stream, path)) continue;
    throw UsageError(fmt::format(
        "--{}: found {}, where the standard output or error goes, expected a file of its own",
        option, in_quotes(path)));
  }
  std::error_code ignored;
  if (std::filesystem::is_character_file(path, ignored)) return;
  if (taken_.insert(output_identity(path)).second) return;
  throw UsageError(
      fmt::format("--{}: found {}, which is read or written already, expected a file of its own",
                  option, in_quotes(path)));
}

}  // namespace tools
