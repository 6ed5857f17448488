#include "tools/scenario/profile_stamps.h"

#include <boost/date_time/gregorian/gregorian_types.hpp>
#include <charconv>
#include <stdexcept>

#include "models/pins/time.h"

namespace tools {
namespace {

constexpr Int128 ps_per_s = models::pins::ps_per_s;
constexpr std::int64_t seconds_a_minute = 60;
constexpr std::int64_t seconds_an_hour = 3600;
constexpr Int128 ps_a_day = 86'400 * ps_per_s;
constexpr std::int64_t most_seconds = 1'000'000'000'000;
constexpr std::size_t date_length = 10;

/// Takes `count` digits from the front.
std::optional<std::int64_t> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = 10 * value + (c - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

/// "7:15", "07:15", "07:15:30.5" from the front: picoseconds, up to 24:00.
std::optional<Int128> take_clock(std::string_view& text) {
  const std::size_t digits = text.size() > 1 && text[1] == ':' ? 1 : 2;
  const auto hours = take_digits(text, digits);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes || *minutes >= 60) return std::nullopt;
  Int128 ps = (*hours * seconds_an_hour + *minutes * seconds_a_minute) * ps_per_s;
  if (take(text, ':')) {
    const std::size_t length = std::min(text.find_first_not_of("0123456789."), text.size());
    const std::optional<Decimal> seconds = parse_decimal(text.substr(0, length));
    const auto in_ps = seconds ? seconds->to_integer(models::pins::ps_per_s) : std::nullopt;
    if (!in_ps || *in_ps >= seconds_a_minute * ps_per_s) return std::nullopt;
    ps += *in_ps;
    text.remove_prefix(length);
  }
  if (ps > ps_a_day) return std::nullopt;
  return ps;
}

/// "Z", "+01:00", "-0530" or nothing: seconds to be taken off.
std::optional<std::int64_t> read_zone(std::string_view text) {
  if (text.empty() || text == "Z") return 0;
  const bool ahead = text.front() == '+';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 14) return std::nullopt;
  std::int64_t seconds = *hours * seconds_an_hour;
  if (!text.empty()) {
    take(text, ':');
    const auto minutes = take_digits(text, 2);
    if (!minutes || *minutes >= 60 || !text.empty()) return std::nullopt;
    seconds += *minutes * seconds_a_minute;
  }
  return ahead ? seconds : -seconds;
}

/// "2026-01-31" or "31.01.2026" from the front: a number that counts days.
std::optional<std::int64_t> take_date(std::string_view& text) {
  std::string_view date = text.substr(0, date_length);
  if (date.size() < date_length) return std::nullopt;
  const bool german = date[2] == '.';
  const char sign = german ? '.' : '-';
  const auto first = take_digits(date, german ? 2 : 4);
  if (!first || !take(date, sign)) return std::nullopt;
  const auto month = take_digits(date, 2);
  if (!month || !take(date, sign)) return std::nullopt;
  const auto last = take_digits(date, german ? 4 : 2);
  if (!last) return std::nullopt;
  text.remove_prefix(date_length);
  try {
    const boost::gregorian::date day(static_cast<unsigned short>(german ? *last : *first),
                                     static_cast<unsigned short>(*month),
                                     static_cast<unsigned short>(german ? *first : *last));
    return static_cast<std::int64_t>(day.day_number());
  } catch (const std::out_of_range&) {
    return std::nullopt;
  }
}

std::optional<Int128> read_date(std::string_view text) {
  const auto day = take_date(text);
  if (!day) return std::nullopt;
  Int128 ps = *day * ps_a_day;
  if (text.empty()) return ps;
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto clock = take_clock(text);
  const auto zone = clock ? read_zone(text) : std::nullopt;
  if (!zone) return std::nullopt;
  return ps + *clock - *zone * ps_per_s;
}

std::optional<Int128> read_seconds(std::string_view text) {
  const std::optional<Decimal> number = parse_decimal(text);
  const std::optional<Int128> ps =
      number ? number->to_integer(models::pins::ps_per_s) : std::nullopt;
  if (!ps || *ps > most_seconds * ps_per_s || *ps < -most_seconds * ps_per_s) return std::nullopt;
  return ps;
}

}  // namespace

std::optional<Int128> ProfileStamps::of_day(std::string_view text) {
  const std::optional<Int128> ps = take_clock(text);
  if (!ps || !text.empty()) return std::nullopt;
  if (*ps <= last_of_day_) ++day_;
  last_of_day_ = *ps;
  return day_ * ps_a_day + *ps;
}

std::optional<Int128> ProfileStamps::read(std::string_view text) {
  if (kind_ == Kind::unknown) {
    kind_ = Kind::seconds;
    if (text.find(':') != std::string_view::npos) kind_ = Kind::time_of_day;
    std::string_view rest = text;
    if (take_date(rest)) kind_ = Kind::date;
  }
  switch (kind_) {
    case Kind::date:
      return read_date(text);
    case Kind::time_of_day:
      return of_day(text);
    default:
      return read_seconds(text);
  }
}

}  // namespace tools
