#include "models/recordings/comtrade_dat.h"

#include <cmath>
#include <cstring>
#include <limits>

namespace models::recordings {

namespace {

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint32_t no_timestamp = 0xFFFF'FFFF;

template <typename Word>
Word little_endian(const char* bytes) {
  Word word = 0;
  for (std::size_t k = sizeof(Word); k-- > 0;) {
    word = static_cast<Word>(static_cast<Word>(word << 8) | static_cast<unsigned char>(bytes[k]));
  }
  return word;
}

class DataReader {
 public:
  DataReader(const ComtradeConfig& config, std::string_view data, const std::string& file,
             const Source& source)
      : config_(config), data_(data), source_(source) {
    out_.file = file;
  }

  Recording read() {
    if (config_.analog.empty()) {
      throw RecordingError(out_.file + ": found no analog channel, expected one at the least");
    }
    claim();
    for (const ComtradeConfig::Analog& analog : config_.analog) add_channel(analog);
    if (config_.encoding == Encoding::ascii) {
      read_text();
    } else {
      read_binary();
    }
    finish();
    return std::move(out_);
  }

 private:
  [[noreturn]] void refuse(const std::string& found, const std::string& expected) const {
    throw RecordingError(source_.file + ": record " + std::to_string(done_ + 1) + ": found " +
                         found + ", expected " + expected);
  }

  std::size_t value_bytes() const { return config_.encoding == Encoding::binary ? 2 : 4; }
  std::size_t record_bytes() const {
    return 8 + config_.analog.size() * value_bytes() +
           (std::size_t{config_.status_channels} + 15) / 16 * 2;
  }

  /// Holds what the configuration claims against what can be there at all.
  void claim() const {
    const std::size_t channels = config_.analog.size();
    // An ASCII record has a comma between any two of its fields, and an end.
    const std::size_t least = config_.encoding == Encoding::ascii
                                  ? channels + config_.status_channels + 2
                                  : record_bytes();
    if (config_.samples > (data_.size() + least) / least) {
      throw RecordingError(source_.file + ": found " + std::to_string(data_.size()) +
                           " bytes, expected " + std::to_string(config_.samples) +
                           " records of at least " + std::to_string(least) + " bytes");
    }
    if (config_.samples > most_values / channels) {
      throw RecordingError(source_.file + ": found " + std::to_string(config_.samples) +
                           " records of " + std::to_string(channels) +
                           " channels, expected at most " + std::to_string(most_values) +
                           " values");
    }
  }

  void add_channel(const ComtradeConfig::Analog& analog) {
    Channel& channel = out_.channels.emplace_back();
    channel.name = analog.name;
    channel.unit_text = analog.unit;
    double factor = 1;
    channel.unit = parse_unit(analog.unit, factor);
    scales_.push_back({analog.a * factor, analog.b * factor});
    if (analog.primary > 0) channel.ratio = analog.primary / analog.secondary;
    channel.primary = analog.on_primary;
    channel.skew_s = analog.skew_us * 1e-6;
    channel.samples.reserve(static_cast<std::size_t>(config_.samples));
  }

  void add(std::size_t channel, double number) {
    out_.channels[channel].samples.push_back(scales_[channel].a * number + scales_[channel].b);
  }

  /// A record's number follows the one before it.
  bool follows(std::int64_t number) {
    if (done_ == 0) first_number_ = number;
    return number == first_number_ + static_cast<std::int64_t>(done_);
  }
  std::string next_number() const {
    return "record number " + std::to_string(first_number_ + static_cast<std::int64_t>(done_));
  }

  /// Whether the timestamp can be: rising, and within a segment.
  bool add_time(double ticks) {
    if (!config_.rates.empty()) return true;
    const long double ps = static_cast<long double>(ticks) * config_.time_multiplier *
                           (config_.nanoseconds ? 1e3L : 1e6L);
    if (done_ == 0) first_ps_ = ps;
    const long double since = ps - first_ps_;
    if (!(since >= 0 && since <= static_cast<long double>(pins::ps_max_segment))) return false;
    const auto at = static_cast<Ps>(std::round(since));
    if (done_ > 0 && at <= out_.at.back()) return false;
    out_.at.push_back(at);
    return true;
  }

  void read_text() {
    Lines lines(data_, source_);
    std::vector<std::string_view> fields;
    const std::size_t wanted = 2 + config_.analog.size() + config_.status_channels;
    for (; done_ < config_.samples; ++done_) {
      const std::string_view line = lines.need("record " + std::to_string(done_ + 1) + " of " +
                                               std::to_string(config_.samples));
      split(line, ',', fields);
      if (fields.size() != wanted) {
        lines.refuse(std::to_string(fields.size()) + " fields", std::to_string(wanted));
      }
      const std::optional<std::int64_t> number = parse_whole(fields[0]);
      if (!number || *number < 0 || *number > INT32_MAX || !follows(*number)) {
        lines.refuse(shown(fields[0]), next_number());
      }
      text_time(lines, fields[1]);
      for (std::size_t k = 0; k < config_.analog.size(); ++k) text_value(lines, k, fields[2 + k]);
    }
    while (const std::optional<std::string_view> rest = lines.next()) {
      if (!trimmed(*rest).empty()) {
        lines.refuse("more data", "the end after record " + std::to_string(config_.samples));
      }
    }
  }

  void text_time(const Lines& lines, std::string_view field) {
    if (field.empty() && !config_.rates.empty()) return;
    const std::optional<double> ticks = parse_number(field);
    if (!ticks) lines.refuse(shown(field), "a timestamp, a number");
    if (!add_time(*ticks)) lines.refuse(shown(field), "a timestamp after the one before it");
  }

  void text_value(const Lines& lines, std::size_t channel, std::string_view field) {
    const bool old_mark = config_.year == 1991 && field == "99999";
    if (old_mark || (config_.year > 1991 && field.empty())) {
      out_.channels[channel].samples.push_back(missing);
      return;
    }
    const std::optional<double> value = parse_number(field);
    if (!value) {
      lines.refuse(shown(field),
                   "a value of " + shown(config_.analog[channel].name) + ", a number");
    }
    add(channel, *value);
  }

  void read_binary() {
    const std::size_t length = record_bytes();
    const std::size_t whole = static_cast<std::size_t>(config_.samples) * length;
    for (; done_ < config_.samples; ++done_) {
      if (data_.size() - done_ * length < length) {
        refuse(std::to_string(data_.size() - done_ * length) + " bytes",
               std::to_string(length) + " of record " + std::to_string(done_ + 1) + " of " +
                   std::to_string(config_.samples));
      }
      const char* record = data_.data() + done_ * length;
      const auto number = little_endian<std::uint32_t>(record);
      if (!follows(number)) refuse("the number " + std::to_string(number), next_number());
      const auto ticks = little_endian<std::uint32_t>(record + 4);
      if (config_.rates.empty() && ticks == no_timestamp) refuse("no timestamp", "one");
      if (!add_time(ticks)) {
        refuse("the timestamp " + std::to_string(ticks), "one after that of the record before it");
      }
      for (std::size_t k = 0; k < config_.analog.size(); ++k) {
        add(k, binary_value(record + 8 + k * value_bytes()));
      }
    }
    // Text editors and old systems put a Ctrl-Z behind whatever they copy.
    const std::string_view rest = data_.substr(whole);
    if (rest.find_first_not_of('\x1A') != std::string_view::npos) {
      refuse(std::to_string(rest.size()) + " bytes more",
             "the end after record " + std::to_string(config_.samples));
    }
  }

  double binary_value(const char* bytes) const {
    if (config_.encoding == Encoding::binary) {
      const auto word = little_endian<std::uint16_t>(bytes);
      const std::uint16_t mark = config_.year == 1991 ? 0xFFFF : 0x8000;
      return word == mark ? missing : static_cast<std::int16_t>(word);
    }
    const auto word = little_endian<std::uint32_t>(bytes);
    if (config_.encoding == Encoding::binary32) {
      return word == 0x8000'0000 ? missing : static_cast<std::int32_t>(word);
    }
    float value = 0;
    std::memcpy(&value, &word, sizeof value);
    return std::abs(value) < std::numeric_limits<float>::max() ? static_cast<double>(value)
                                                               : missing;
  }

  void finish() {
    out_.samples = done_;
    out_.frequency_Hz = config_.frequency_Hz;
    std::size_t first = 0;
    for (const ComtradeConfig::Rate& rate : config_.rates) {
      out_.sections.push_back({first, rate.rate_Hz});
      first = static_cast<std::size_t>(rate.last);
    }
  }

  struct Scale {
    double a;
    double b;
  };

  const ComtradeConfig& config_;
  std::string_view data_;
  Source source_;
  Recording out_;
  std::vector<Scale> scales_;
  std::size_t done_ = 0;  ///< records
  std::int64_t first_number_ = 1;
  long double first_ps_ = 0;
};

}  // namespace

Recording read_comtrade_data(const ComtradeConfig& config, std::string_view data,
                             const std::string& file, const Source& data_source) {
  return DataReader(config, data, file, data_source).read();
}

}  // namespace models::recordings
