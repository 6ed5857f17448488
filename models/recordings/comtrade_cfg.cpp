#include "models/recordings/comtrade_cfg.h"

#include <algorithm>
#include <array>
#include <utility>

namespace models::recordings {

namespace {

constexpr std::array<std::string_view, 4> encodings = {"ASCII", "BINARY", "BINARY32", "FLOAT32"};
constexpr std::array<std::int64_t, 3> years = {1991, 1999, 2013};
constexpr std::int64_t most_channels = 999'999;
constexpr std::int64_t most_rates = 999;

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

class Parser {
 public:
  Parser(std::string_view text, const Source& source) : lines_(text, source) {}

  ComtradeConfig parse() {
    revision();
    channels();
    for (std::int64_t k = 0; k < analog_; ++k) analog(k + 1);
    for (std::uint32_t k = 0; k < config_.status_channels; ++k) {
      fields("a status channel");
      if (fields_.size() < 3 || !parse_whole(fields_[0])) refuse_line("a status channel");
    }
    fields("the nominal frequency");
    config_.frequency_Hz = fields_[0].empty() ? 0 : number(0, "the nominal frequency in Hz");
    if (config_.frequency_Hz < 0) refuse(0, "a nominal frequency of 0 Hz or more");
    rates();
    instant("the time of the first sample");
    instant("the time of the trigger");
    encoding();
    if (config_.year > 1991) {
      fields("the timestamp multiplier");
      config_.time_multiplier = number(0, "a timestamp multiplier");
      if (!(config_.time_multiplier > 0)) refuse(0, "a timestamp multiplier above 0");
    }
    return std::move(config_);
  }

 private:
  void fields(const std::string& expected) { split(lines_.need(expected), ',', fields_); }

  [[noreturn]] void refuse(std::size_t field, const std::string& expected) const {
    lines_.refuse(shown(fields_[field]), expected);
  }

  [[noreturn]] void refuse_line(const std::string& expected) const {
    lines_.refuse(std::to_string(fields_.size()) + " fields that are none", expected);
  }

  double number(std::size_t field, const std::string& expected) const {
    const std::optional<double> value = parse_number(fields_[field]);
    if (!value) refuse(field, expected + ", a number");
    return *value;
  }

  std::int64_t whole(std::string_view text, std::size_t field, std::int64_t low, std::int64_t high,
                     const std::string& expected) const {
    const std::optional<std::int64_t> value = parse_whole(text);
    if (!value || *value < low || *value > high) {
      refuse(field, expected + ", a whole number from " + std::to_string(low) + " to " +
                        std::to_string(high));
    }
    return *value;
  }

  void revision() {
    fields("station, device and year");
    if (fields_.size() < 2) refuse_line("station, device and year");
    if (fields_.size() < 3 || fields_[2].empty()) return;
    const std::int64_t year = parse_whole(fields_[2]).value_or(0);
    if (std::find(years.begin(), years.end(), year) == years.end()) {
      refuse(2, "the year 1991, 1999 or 2013");
    }
    config_.year = static_cast<int>(year);
  }

  /// "12A" as 12.
  std::int64_t count_of(std::size_t field, char letter) const {
    std::string_view text = fields_[field];
    if (text.empty() || upper(text.substr(text.size() - 1))[0] != letter) {
      refuse(field, std::string("a number of channels followed by ") + letter);
    }
    text.remove_suffix(1);
    return whole(text, field, 0, most_channels, "a number of channels");
  }

  void channels() {
    fields("the numbers of channels");
    if (fields_.size() != 3) refuse_line("three numbers of channels");
    const std::int64_t total = whole(fields_[0], 0, 1, most_channels, "the number of channels");
    analog_ = count_of(1, 'A');
    const std::int64_t status = count_of(2, 'D');
    if (analog_ + status != total) {
      refuse(0, "the sum of " + std::to_string(analog_) + " analog and " + std::to_string(status) +
                    " status channels");
    }
    config_.status_channels = static_cast<std::uint32_t>(status);
  }

  void analog(std::int64_t n) {
    const std::string expected = "analog channel " + std::to_string(n) + " of " +
                                 std::to_string(config_.year > 1991 ? 13 : 10) + " fields";
    fields(expected);
    const bool rated = fields_.size() == 13;
    if (!rated && (fields_.size() != 10 || config_.year > 1991)) {
      lines_.refuse(std::to_string(fields_.size()) + " fields", expected);
    }
    whole(fields_[0], 0, n, n, "the channel's number");
    ComtradeConfig::Analog channel;
    channel.name = std::string(fields_[1]);
    channel.unit = std::string(fields_[4]);
    channel.a = number(5, "the multiplier a");
    channel.b = number(6, "the offset b");
    channel.skew_us = fields_[7].empty() ? 0 : number(7, "the skew in us");
    if (rated) {
      channel.primary = number(10, "the primary rating");
      channel.secondary = number(11, "the secondary rating");
      if (!(channel.primary > 0)) refuse(10, "a primary rating above 0");
      if (!(channel.secondary > 0)) refuse(11, "a secondary rating above 0");
      const std::string side = upper(fields_[12]);
      if (side != "P" && side != "S") refuse(12, "P or S");
      channel.on_primary = side == "P";
    }
    config_.analog.push_back(std::move(channel));
  }

  void rates() {
    fields("the number of rates");
    const std::int64_t count = whole(fields_[0], 0, 0, most_rates, "the number of rates");
    std::uint64_t before = 0;
    for (std::int64_t k = 0; k < std::max<std::int64_t>(count, 1); ++k) {
      fields("a rate and its last sample");
      if (fields_.size() != 2) refuse_line("a rate and its last sample");
      const double rate = number(0, "a rate in Hz");
      if (rate < 0 || (rate == 0 && count > 1)) refuse(0, "a rate above 0 Hz");
      const auto last =
          static_cast<std::uint64_t>(whole(fields_[1], 1, static_cast<std::int64_t>(before) + 1,
                                           INT64_MAX, "the number of the last sample"));
      before = last;
      if (count > 0 && rate > 0) config_.rates.push_back({rate, last});
    }
    config_.samples = before;
  }

  /// dd/mm/yyyy,hh:mm:ss.ssssss (1991: mm/dd/yy). Only its resolution matters here.
  void instant(const std::string& what) {
    fields(what);
    if (fields_.size() == 1 && fields_[0].empty()) return;  // left out, as many recorders do
    if (fields_.size() != 2) refuse_line(what + " as a date and a time of day");
    std::vector<std::string_view> parts;
    split(fields_[0], '/', parts);
    const auto is_whole = [](std::string_view part) { return parse_whole(part).has_value(); };
    if (parts.size() != 3 || !std::all_of(parts.begin(), parts.end(), is_whole)) {
      refuse(0, what + ", a date of three numbers");
    }
    split(fields_[1], ':', parts);
    if (parts.size() != 3 || !is_whole(parts[0]) || !is_whole(parts[1]) ||
        !parse_number(parts[2])) {
      refuse(1, what + ", a time of day of three numbers");
    }
    const std::size_t point = parts[2].find('.');
    constexpr std::size_t microseconds = 6;
    if (config_.year == 2013 && point != std::string_view::npos &&
        parts[2].size() - point - 1 > microseconds) {
      config_.nanoseconds = true;
    }
  }

  void encoding() {
    fields("the data's encoding");
    const std::string name = upper(fields_[0]);
    const std::size_t known = config_.year == 2013 ? encodings.size() : 2;
    const auto* const end = encodings.begin() + known;
    const auto* const found = std::find(encodings.begin(), end, name);
    if (found == end) {
      refuse(0, known == 2 ? "ASCII or BINARY" : "ASCII, BINARY, BINARY32 or FLOAT32");
    }
    config_.encoding = static_cast<Encoding>(found - encodings.begin());
  }

  Lines lines_;
  std::vector<std::string_view> fields_;
  std::int64_t analog_ = 0;
  ComtradeConfig config_;
};

}  // namespace

std::string_view name_of(Encoding encoding) {
  return encodings[static_cast<std::size_t>(encoding)];
}

ComtradeConfig parse_comtrade_config(std::string_view text, const Source& source) {
  return Parser(text, source).parse();
}

Unit parse_unit(std::string_view text, double& factor) {
  factor = 1;
  if (text.empty()) return Unit::plain;
  double scale = 1;
  if (text.size() == 2) {
    switch (text[0]) {
      case 'k':
      case 'K':
        scale = 1e3;
        break;
      case 'M':
        scale = 1e6;
        break;
      case 'm':
        scale = 1e-3;
        break;
      case 'u':
        scale = 1e-6;
        break;
      default:
        return Unit::other;
    }
  } else if (text.size() != 1) {
    return Unit::other;
  }
  const char unit = text.back();
  if (unit != 'V' && unit != 'v' && unit != 'A' && unit != 'a') return Unit::other;
  factor = scale;
  return unit == 'V' || unit == 'v' ? Unit::volt : Unit::ampere;
}

}  // namespace models::recordings
