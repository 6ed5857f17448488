#include "models/recordings/cff.h"

#include <algorithm>

#include "models/recordings/recording.h"

namespace models::recordings {

namespace {

constexpr std::string_view edge = "---";
constexpr const char* expected_header =
    "--- file type: CFG, INF, HDR, DAT ASCII or DAT BINARY: n ---";

bool is_header(std::string_view line) { return trimmed(line).substr(0, edge.size()) == edge; }

std::string squeezed_upper(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '\t') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

/// What a header names, without blanks and in capitals: "DATBINARY:4096".
std::string type_of(const Lines& lines, std::string_view line) {
  constexpr std::string_view begin = "---FILETYPE:";
  std::string text = squeezed_upper(line);
  if (text.size() < begin.size() + edge.size() || text.substr(0, begin.size()) != begin ||
      text.substr(text.size() - edge.size()) != edge) {
    lines.refuse(shown(line), expected_header);
  }
  return text.substr(begin.size(), text.size() - begin.size() - edge.size());
}

}  // namespace

CffSections split_cff(std::string_view bytes, const std::string& file) {
  CffSections out;
  bool has_config = false;
  bool has_data = false;
  Lines lines(bytes, {file});
  std::optional<std::string_view> line = lines.next();
  while (line) {
    if (!is_header(*line)) {
      if (!trimmed(*line).empty()) lines.refuse(shown(*line), expected_header);
      line = lines.next();
      continue;
    }
    const std::string type = type_of(lines, *line);
    const std::size_t begin = lines.passed();
    const Source source{file, lines.number() + 1};
    const bool is_data = type.substr(0, 3) == "DAT";
    if (is_data ? has_data : type == "CFG" && has_config) {
      lines.refuse(shown(*line), "each part once");
    }
    constexpr std::string_view binary = "DATBINARY:";
    if (type.substr(0, binary.size()) == binary) {
      const std::optional<std::int64_t> size =
          parse_whole(std::string_view(type).substr(binary.size()));
      if (!size || *size < 0) lines.refuse(shown(*line), "a number of bytes");
      const std::string_view rest = bytes.substr(begin);
      if (static_cast<std::uint64_t>(*size) > rest.size()) {
        lines.refuse("a part of " + std::to_string(*size) + " bytes",
                     "at most the " + std::to_string(rest.size()) + " that are left");
      }
      has_data = true;
      out.binary = true;
      out.data = rest.substr(0, static_cast<std::size_t>(*size));
      out.data_source = {file, 1};
      // Behind binary data lines cannot be counted; the data are the last part anyway.
      if (rest.substr(out.data.size()).find_first_not_of("\r\n\x1A") != std::string_view::npos) {
        lines.refuse("more than " + std::to_string(*size) + " bytes after it",
                     "the file's end there");
      }
      break;
    }
    std::size_t end = begin;
    while ((line = lines.next()) && !is_header(*line)) end = lines.passed();
    const std::string_view part = bytes.substr(begin, end - begin);
    if (type == "CFG") {
      has_config = true;
      out.config = part;
      out.config_source = source;
    } else if (type == "DATASCII") {
      has_data = true;
      out.data = part;
      out.data_source = source;
    } else if (type != "INF" && type != "HDR") {
      throw RecordingError(file + ":" + std::to_string(source.first_line - 1) + ": found " +
                           shown(type) + ", expected CFG, INF, HDR, DAT ASCII or DAT BINARY: n");
    }
  }
  if (!has_config || !has_data) {
    throw RecordingError(file + ": found no part " + (has_config ? "DAT" : "CFG") +
                         ", expected both CFG and DAT");
  }
  return out;
}

}  // namespace models::recordings
