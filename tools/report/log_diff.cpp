#include "tools/report/log_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "tools/scenario/input_error.h"
#include "tools/scenario/units.h"

namespace tools {
namespace {

/// No record is nearly as long.
constexpr std::size_t longest_line = 65'536;

/// Last parts of instances that no terminal shows.
constexpr std::string_view inner_parts[] = {".registers", ".eeprom", ".cpu"};

bool is_inner(const std::string& instance) {
  return std::any_of(std::begin(inner_parts), std::end(inner_parts), [&](std::string_view part) {
    return instance.size() > part.size() &&
           instance.compare(instance.size() - part.size(), part.size(), part) == 0;
  });
}

/// A log read line by line, each one looked at.
class LogReader {
 public:
  LogReader(const std::string& path, LogScope scope)
      : scope_(scope),
        path_(std::make_shared<const std::string>(path)),
        stream_(path, std::ios::binary) {
    std::error_code error;
    const bool directory = std::filesystem::is_directory(path, error);
    if (!stream_ || directory) {
      const int why = directory ? EISDIR : errno;
      throw InputError(path + ": cannot be read: " + std::generic_category().message(why));
    }
  }

  std::optional<std::string> next() {
    for (;;) {
      bool is_compared = false;
      std::optional<std::string> line = read_line(is_compared);
      if (!line || is_compared) return line;
    }
  }

 private:
  std::optional<std::string> read_line(bool& is_compared) {
    // Within bounds: what is no log may have no lines either.
    stream_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    const auto got = static_cast<std::size_t>(stream_.gcount());
    if (stream_.fail() && got == longest_line) {
      throw InputError({path_, number_ + 1, 1},
                       "found more than 64 KiB in a line, expected a record of an event log");
    }
    if (stream_.bad()) throw InputError(*path_ + ": cannot be read to its end");
    if (got == 0) return std::nullopt;
    const std::string line(buffer_.data(), stream_.eof() ? got : got - 1);  // without its end
    ++number_;
    const std::string instance = instance_of(line);
    is_compared = scope_ == LogScope::all || !is_inner(instance);
    return line;
  }

  /// Of what must be a record of an event log.
  std::string instance_of(const std::string& line) const {
    const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
    const bool record = json.is_object() && json.contains("t") && json["t"].is_number_integer() &&
                        json.contains("instance") && json["instance"].is_string() &&
                        json.contains("event") && json["event"].is_string();
    if (!record) {
      throw InputError({path_, number_, 1},
                       "found " + in_quotes(line) + ", expected a record of an event log");
    }
    return json["instance"];
  }

  LogScope scope_;
  std::shared_ptr<const std::string> path_;
  std::ifstream stream_;
  std::vector<char> buffer_ = std::vector<char>(longest_line + 1);
  int number_ = 0;
};

std::vector<std::string> following(LogReader& log, std::size_t count) {
  std::vector<std::string> out;
  while (out.size() < count) {
    std::optional<std::string> line = log.next();
    if (!line) break;
    out.push_back(std::move(*line));
  }
  return out;
}

}  // namespace

std::optional<LogDifference> first_difference(const std::string& first, const std::string& second,
                                              std::size_t context, LogScope scope) {
  LogReader a(first, scope);
  LogReader b(second, scope);
  LogDifference out;
  std::deque<std::string> before;
  for (;;) {
    std::optional<std::string> line_a = a.next();
    std::optional<std::string> line_b = b.next();
    ++out.line;
    if (!line_a && !line_b) return std::nullopt;
    if (line_a == line_b) {
      before.push_back(std::move(*line_a));
      if (before.size() > context) before.pop_front();
      continue;
    }
    out.before.assign(before.begin(), before.end());
    out.only_first = std::move(line_a);
    out.only_second = std::move(line_b);
    out.after_first = following(a, context);
    out.after_second = following(b, context);
    return out;
  }
}

std::string describe(const LogDifference& difference, const std::string& first,
                     const std::string& second) {
  std::string out =
      fmt::format("--- {}\n+++ {}\nfirst difference in line {}\n", first, second, difference.line);
  for (const std::string& line : difference.before) out += "  " + line + "\n";
  out += "- " + difference.only_first.value_or("(the log ends)") + "\n";
  for (const std::string& line : difference.after_first) out += "- " + line + "\n";
  out += "+ " + difference.only_second.value_or("(the log ends)") + "\n";
  for (const std::string& line : difference.after_second) out += "+ " + line + "\n";
  return out;
}

}  // namespace tools
