#include "models/recordings/csv.h"

#include <cmath>
#include <limits>

#include "models/recordings/text.h"

namespace models::recordings {

namespace {

std::string_view unquoted(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return name;
  return name.substr(1, name.size() - 2);
}

/// A byte order mark is none of the first name.
std::string_view without_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.substr(0, mark.size()) == mark ? text.substr(mark.size()) : text;
}

void add_time(Recording& recording, const Lines& lines, std::string_view field, double& first_s) {
  const std::optional<double> seconds = parse_number(field);
  if (!seconds) lines.refuse(shown(field), "a time in seconds, a number");
  if (recording.at.empty()) first_s = *seconds;
  const double ps = std::round((*seconds - first_s) * 1e12);
  const bool possible = ps >= 0 && ps <= static_cast<double>(pins::ps_max_segment);
  if (!possible || (!recording.at.empty() && static_cast<Ps>(ps) <= recording.at.back())) {
    lines.refuse(shown(field), "a time after the one before it");
  }
  recording.at.push_back(static_cast<Ps>(ps));
}

}  // namespace

Recording read_csv(std::string_view text, const std::string& file, const CsvOptions& options) {
  Recording out;
  out.file = file;
  Lines lines(without_mark(text), {file});
  const std::string_view head = lines.need("the names of the columns");
  const char separator = head.find(';') != std::string_view::npos ? ';' : ',';
  std::vector<std::string_view> fields;
  split(head, separator, fields);
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  std::size_t time = none;
  for (std::size_t k = 0; k < fields.size(); ++k) {
    const std::string_view name = unquoted(fields[k]);
    if (name.empty()) lines.refuse("a column without a name", "a name for each");
    if (out.find(std::string(name)) >= 0) lines.refuse(shown(name) + " again", "each name once");
    if (!options.time_column.empty() && name == options.time_column) time = k;
    out.channels.emplace_back().name = std::string(name);
  }
  if (!options.time_column.empty() && time == none) {
    lines.refuse(shown(head), "a column named " + shown(options.time_column));
  }
  double first_s = 0;
  const std::size_t columns = out.channels.size();
  while (const std::optional<std::string_view> line = lines.next()) {
    if (trimmed(*line).empty()) {
      while (const std::optional<std::string_view> rest = lines.next()) {
        if (!trimmed(*rest).empty()) lines.refuse("data after an empty line", "none");
      }
      break;
    }
    split(*line, separator, fields);
    if (fields.size() != columns) {
      lines.refuse(std::to_string(fields.size()) + " fields", std::to_string(columns));
    }
    if (out.samples >= most_values / columns) {
      lines.refuse("more than " + std::to_string(most_values) + " values", "fewer");
    }
    for (std::size_t k = 0; k < columns; ++k) {
      if (k == time) {
        add_time(out, lines, fields[k], first_s);
        continue;
      }
      const std::optional<double> value = parse_number(fields[k]);
      if (!value && !fields[k].empty()) {
        lines.refuse(shown(fields[k]), "a value of " + shown(out.channels[k].name) + ", a number");
      }
      out.channels[k].samples.push_back(value.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    ++out.samples;
  }
  if (time == none) {
    out.sections.push_back({0, options.rate_Hz});
  } else {
    out.channels.erase(out.channels.begin() + static_cast<std::ptrdiff_t>(time));
  }
  return out;
}

}  // namespace models::recordings
