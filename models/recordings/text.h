// Lines, fields and numbers of recordings that are text. Strict, and never by the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace models::recordings {

/// Where a text came from, for errors.
struct Source {
  std::string file;
  int first_line = 1;  ///< the number of the text's first line in that file
};

/// Walks a text line by line. A line ends with CR LF, LF or the text; a Ctrl-Z ends the text.
class Lines {
 public:
  Lines(std::string_view text, Source source);

  /// The next line without its end, or nothing after the last one.
  std::optional<std::string_view> next();
  /// The same, where the text must go on: `expected` says with what.
  std::string_view need(const std::string& expected);
  /// The number of the line that `next` gave last.
  int number() const { return number_; }
  /// Throws "FILE:LINE: found …, expected …" of the line that `next` gave last.
  [[noreturn]] void refuse(const std::string& found, const std::string& expected) const;
  /// Bytes of the text that have been passed.
  std::size_t passed() const { return passed_; }

 private:
  std::string_view text_;
  Source source_;
  std::size_t passed_ = 0;
  int number_ = 0;
};

/// `text` without blanks and tabs at its ends.
std::string_view trimmed(std::string_view text);

/// The parts of a line between separators, trimmed; at least one.
void split(std::string_view line, char separator, std::vector<std::string_view>& fields);

/// A finite number in the form of C, all of `text`; a point is the decimal sign.
std::optional<double> parse_number(std::string_view text);

/// A whole number, all of `text`.
std::optional<std::int64_t> parse_whole(std::string_view text);

/// `text` in quotes for an error: shortened, and bytes that are not printable ASCII as \xNN.
std::string shown(std::string_view text);

/// The bytes of a file of at most `most_file_bytes`. Throws RecordingError.
std::string read_bytes(const std::string& path);

}  // namespace models::recordings
