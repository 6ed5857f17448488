// What is said of input that cannot be used: one sentence with the place it stands at.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>

namespace tools {

/// A place in a text file. Lines and columns count from 1; line 0 means "the file as a whole".
struct Position {
  std::shared_ptr<const std::string> file;
  int line = 0;
  int column = 0;
};

/// "file:line:column", or only the file's name for line 0.
std::string to_string(const Position& position);

/// The input is at fault; `what()` is the whole sentence for the user, ending the program with
/// status 2.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& sentence) : std::runtime_error(sentence) {}
  InputError(const Position& position, const std::string& what);
};

/// `text` in quotes, shortened if it is long, with control characters and bytes outside ASCII
/// shown as \xNN: safe to print whatever a file held.
std::string in_quotes(const std::string& text);

}  // namespace tools
