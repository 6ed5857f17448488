#include "platform/event_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <iterator>
#include <systemc>

namespace platform {

namespace {
constexpr std::size_t buffer_size = 1 << 16;
constexpr std::size_t window_size = 256;

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

struct AppendValue {
  std::string& out;
  WideTime base;
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
  void operator()(std::uint64_t value) const {
    fmt::format_to(std::back_inserter(out), "{}", value);
  }
  void operator()(double value) const {
    if (std::isfinite(value)) {
      fmt::format_to(std::back_inserter(out), "{}", value);
    } else {
      out += "null";  // JSON has no infinity
    }
  }
  void operator()(std::string_view value) const { append_string(out, value); }
  void operator()(models::pins::Instant value) const {
    out += to_decimal(base + static_cast<WideTime>(value.since_zero));
  }
};
}  // namespace

EventLog::EventLog(const std::string& path, WideTime base)
    : path_(path), file_(std::fopen(path.c_str(), "wb")), base_(base) {
  if (file_ == nullptr) fail("be opened", errno);
}

EventLog::EventLog(WideTime base) : remembers_(true), base_(base) {}

EventLog::~EventLog() {
  if (file_ == nullptr) return;
  flush_buffer();
  std::fclose(file_);
}

bool EventLog::comes_later(const Record& a, const Record& b) {
  if (a.t != b.t) return a.t > b.t;
  if (const int order = a.instance.compare(b.instance); order != 0) return order > 0;
  return a.sequence > b.sequence;
}

void EventLog::record(models::pins::Ps t, std::string_view instance, std::string_view event,
                      std::initializer_list<models::pins::Field> fields) {
  if (file_ == nullptr && !remembers_) return;
  std::string rest;
  rest.reserve(64);
  append_string(rest, event);
  for (const models::pins::Field& field : fields) {
    rest += ',';
    append_string(rest, field.name);
    rest += ':';
    std::visit(AppendValue{rest, base_}, field.value);
  }
  window_.push_back(Record{{base_ + t, std::string(instance), std::move(rest)}, next_sequence_++});
  std::push_heap(window_.begin(), window_.end(), comes_later);
  if (window_.size() < window_size) return;
  const models::pins::Ps now = sc_core::sc_time_stamp().value();
  if (now > latest_report_ps) write_before(base_ + (now - latest_report_ps));
}

std::vector<PendingRecord> EventLog::pending(models::pins::Ps from) const {
  std::vector<Record> records;
  for (const Record& record : window_) {
    if (record.t >= base_ + from) records.push_back(record);
  }
  std::sort(records.begin(), records.end(),
            [](const Record& a, const Record& b) { return comes_later(b, a); });
  return {records.begin(), records.end()};
}

void EventLog::take_up(const std::vector<PendingRecord>& records) {
  for (const PendingRecord& record : records) {
    window_.push_back(Record{record, next_sequence_++});
    std::push_heap(window_.begin(), window_.end(), comes_later);
  }
}

void EventLog::write_before(WideTime limit) {
  while (!window_.empty() && window_.front().t < limit) {
    std::pop_heap(window_.begin(), window_.end(), comes_later);
    if (remembers_) {
      window_.pop_back();
      continue;
    }
    const Record& record = window_.back();
    buffer_ += "{\"t\":";
    buffer_ += to_decimal(record.t);
    buffer_ += ",\"instance\":";
    append_string(buffer_, record.instance);
    buffer_ += ",\"event\":";
    buffer_ += record.rest;
    buffer_ += "}\n";
    window_.pop_back();
    if (buffer_.size() >= buffer_size) flush_buffer();
  }
}

void EventLog::flush_buffer() {
  if (file_ != nullptr && !buffer_.empty() &&
      std::fwrite(buffer_.data(), 1, buffer_.size(), file_) != buffer_.size()) {
    fail("be written", errno);
  }
  buffer_.clear();
}

bool EventLog::finish(models::pins::Ps end) {
  write_before(base_ + end);
  window_.clear();
  flush_buffer();
  if (file_ != nullptr) {
    // fclose writes what stdio still holds; only now is it known whether the disk took it.
    std::FILE* file = file_;
    file_ = nullptr;
    if (std::fclose(file) != 0) fail("be written", errno);
  }
  return error_.empty();
}

void EventLog::fail(const char* action, int error_number) {
  if (error_.empty()) {
    error_ = fmt::format("{}: the event log could not {}: {}", path_, action,
                         std::strerror(error_number));
  }
  if (file_ != nullptr) std::fclose(file_);
  file_ = nullptr;
}

}  // namespace platform
