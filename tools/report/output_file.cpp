#include "tools/report/output_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace tools {
namespace {

std::string reason(int error_number) { return std::generic_category().message(error_number); }

bool is_device(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status) &&
         !std::filesystem::is_directory(status);
}

}  // namespace

std::string staging_path(const std::string& path) {
  if (std::filesystem::is_directory(path)) {
    throw OutputRefused(path + ": cannot be written: it is a directory");
  }
  std::string staging = is_device(path) ? path : path + ".part";
  std::FILE* file = std::fopen(staging.c_str(), "wb");
  if (file == nullptr) {
    throw OutputRefused(fmt::format("{}: cannot be written: {}", path, reason(errno)));
  }
  std::fclose(file);
  return staging;
}

void place_output(const std::string& path) {
  if (is_device(path)) return;
  std::error_code error;
  std::filesystem::rename(path + ".part", path, error);
  if (error) {
    discard_output(path);
    throw OutputFailed(fmt::format("{}: could not be put in place: {}", path, error.message()));
  }
}

void discard_output(const std::string& path) {
  if (is_device(path)) return;
  std::error_code ignored;
  std::filesystem::remove(path + ".part", ignored);
}

OutputFile::OutputFile(std::string path) : path_(std::move(path)) {
  const std::string staging = staging_path(path_);
  file_ = std::fopen(staging.c_str(), "wb");
  if (file_ == nullptr) {
    throw OutputRefused(fmt::format("{}: cannot be written: {}", path_, reason(errno)));
  }
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
