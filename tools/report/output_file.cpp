#include "tools/report/output_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tools {
namespace {

std::string reason(int error_number) { return std::generic_category().message(error_number); }

/// What `path` stands for, links followed. What is not there yet counts as a file.
std::filesystem::file_type type_of(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::none) {
    throw OutputRefused(path + ": cannot be written: " + error.message());
  }
  return status.type();
}

bool is_device(const std::string& path) {
  const std::filesystem::file_type type = type_of(path);
  return type != std::filesystem::file_type::regular &&
         type != std::filesystem::file_type::not_found &&
         type != std::filesystem::file_type::directory;
}

/// The file that a link stands for, whether it is there already or not: the link itself stays.
std::string behind_links(const std::string& path) {
  constexpr int links_max = 40;
  std::filesystem::path out = path;
  std::error_code error;
  for (int i = 0; i < links_max && std::filesystem::is_symlink(out, error); ++i) {
    const std::filesystem::path to = std::filesystem::read_symlink(out, error);
    if (error) break;
    out = to.is_absolute() ? to : out.parent_path() / to;
  }
  return out.string();
}

std::string part_of(const std::string& path) { return behind_links(path) + ".part"; }

/// Opened once only: who reads a pipe takes its first end for the last.
std::FILE* open_or_refuse(const std::string& path, const std::string& staging) {
  std::FILE* file = std::fopen(staging.c_str(), "wb");
  if (file == nullptr) {
    throw OutputRefused(fmt::format("{}: cannot be written: {}", path, reason(errno)));
  }
  return file;
}

}  // namespace

std::string staging_path(const std::string& path) {
  if (path.empty()) throw OutputRefused("found an output without a name, expected a file's");
  if (type_of(path) == std::filesystem::file_type::directory) {
    throw OutputRefused(path + ": cannot be written: it is a directory");
  }
  return is_device(path) ? path : part_of(path);
}

std::string make_staging(const std::string& path) {
  std::string staging = staging_path(path);
  if (staging != path) std::fclose(open_or_refuse(path, staging));
  return staging;
}

std::string output_identity(const std::string& path) {
  if (is_device(path)) return path;
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(behind_links(path), error);
  return error ? path : whole.string();
}

void place_output(const std::string& path) {
  if (is_device(path)) return;
  std::error_code error;
  std::filesystem::rename(part_of(path), behind_links(path), error);
  if (error) {
    discard_output(path);
    throw OutputFailed(fmt::format("{}: could not be put in place: {}", path, error.message()));
  }
}

void discard_output(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_type type = std::filesystem::status(path, ignored).type();
  if (type != std::filesystem::file_type::regular &&
      type != std::filesystem::file_type::not_found) {
    return;
  }
  std::filesystem::remove(part_of(path), ignored);
}

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  file_ = open_or_refuse(path_, staging_path(path_));
}

OutputFile::~OutputFile() {
  if (file_ == nullptr) return;
  std::fclose(file_);
  discard_output(path_);
}

void OutputFile::fail(int error_number) {
  if (file_ != nullptr) std::fclose(file_);
  file_ = nullptr;
  discard_output(path_);
  throw OutputFailed(fmt::format("{}: could not be written: {}", path_, reason(error_number)));
}

void OutputFile::write(std::string_view text) {
  if (file_ == nullptr) return;
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) fail(errno);
}

void OutputFile::commit() {
  std::FILE* file = file_;
  file_ = nullptr;
  if (std::fclose(file) != 0) fail(errno);
  place_output(path_);
}

void write_file(const std::string& path, std::string_view text) {
  OutputFile file(path);
  file.write(text);
  file.commit();
}

}  // namespace tools
