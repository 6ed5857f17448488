#include "models/recordings/text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <utility>

#include "models/recordings/recording.h"

namespace models::recordings {

namespace {

constexpr char end_of_text = '\x1A';
constexpr std::size_t longest_shown = 40;

std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

Lines::Lines(std::string_view text, Source source)
    : text_(text), source_(std::move(source)), number_(source_.first_line - 1) {}

std::optional<std::string_view> Lines::next() {
  if (passed_ >= text_.size() || text_[passed_] == end_of_text) return std::nullopt;
  const std::size_t end = std::min(text_.find('\n', passed_), text_.size());
  std::string_view line = text_.substr(passed_, end - passed_);
  const std::size_t stop = line.find(end_of_text);
  if (stop != std::string_view::npos) {
    line = line.substr(0, stop);
    passed_ += stop;
  } else {
    passed_ = std::min(end + 1, text_.size());
  }
  ++number_;
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string_view Lines::need(const std::string& expected) {
  const std::optional<std::string_view> line = next();
  if (!line) {
    ++number_;
    refuse("the end", expected);
  }
  return *line;
}

void Lines::refuse(const std::string& found, const std::string& expected) const {
  throw RecordingError(source_.file + ":" + std::to_string(number_) + ": found " + found +
                       ", expected " + expected);
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void split(std::string_view line, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  for (;;) {
    const std::size_t end = line.find(separator);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

std::optional<double> parse_number(std::string_view text) {
  text = without_plus(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return {};
  return value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  text = without_plus(text);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return {};
  return value;
}

std::string shown(std::string_view text) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : text.substr(0, longest_shown)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += "\\x";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out + (text.size() > longest_shown ? "…\"" : "\"");
}

std::string read_bytes(const std::string& path) {
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (status.type() != std::filesystem::file_type::regular) {
    throw RecordingError(path + ": found " +
                         (status.type() == std::filesystem::file_type::not_found
                              ? "nothing"
                              : "something that is no file") +
                         ", expected a file that can be read");
  }
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > most_file_bytes) {
    throw RecordingError(path + ": found " + std::to_string(size) + " bytes, expected at most " +
                         std::to_string(most_file_bytes));
  }
  std::string bytes(error ? 0 : static_cast<std::size_t>(size), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (error || !file) {
    throw RecordingError(path + ": found a file that cannot be read, expected one that can");
  }
  return bytes;
}

}  // namespace models::recordings
