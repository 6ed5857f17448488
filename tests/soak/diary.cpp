#include "tests/soak/diary.h"

#include <algorithm>
#include <systemc>

namespace soak {

namespace {

constexpr const char* output_names[] = {"m1.led_active", "m1.led_reactive", "m1.s0_forward",
                                        "m1.s0_reverse"};
/// A core clock of the slowest crystal: a record comes at most so late (models/pins/event_sink.h).
constexpr Ps latest_report = 39'800;

}  // namespace

std::string hex(const Bytes& bytes) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : bytes) {
    if (!text.empty()) text += ' ';
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

std::string seconds(Ps t) {
  const std::string fraction = std::to_string(t % ps_per_s);
  return std::to_string(t / ps_per_s) + '.' + std::string(12 - fraction.size(), '0') + fraction +
         " s";
}

Diary::Diary(const std::string& log_path) {
  if (!log_path.empty()) log_.emplace(log_path);
}

void Diary::record(Ps t, std::string_view instance, std::string_view event,
                   std::initializer_list<models::pins::Field> fields) {
  if (log_) log_->record(t, instance, event, fields);
  check_order(t, instance, event);
  if (event == "edge" && std::get<bool>(fields.begin()->value)) {
    const auto* output = std::find(std::begin(output_names), std::end(output_names), instance);
    if (output != std::end(output_names)) {
      ++started[static_cast<std::size_t>(output - output_names)];
    }
  } else if (event == "write" && instance == "m1.eeprom") {
    last_write = t;
  } else if (event == "mains" && !std::get<bool>(fields.begin()->value)) {
    warnings.push_back(t);
  } else if (event == "reset") {
    const auto cause = std::get<std::string_view>(fields.begin()->value);
    if (cause == "power_on") {
      ++power_ups;
    } else {
      wrong_reset = cause;
    }
  }
}

void Diary::finish(Ps end) {
  if (!log_) return;
  if (!log_->finish(end)) throw std::runtime_error(log_->error());
}

void Diary::check_order(Ps t, std::string_view instance, std::string_view event) {
  if (!disorder.empty()) return;
  const Ps now = sc_core::sc_time_stamp().value();
  auto last = last_.find(instance);
  if (last == last_.end()) last = last_.emplace(std::string(instance), 0).first;
  if (t < last->second || t + latest_report < now) {
    disorder = std::string(instance) + ' ' + std::string(event) + " of " + seconds(t) +
               " was reported at " + seconds(now) + " after one of " + seconds(last->second);
  }
  last->second = t;
}

}  // namespace soak
