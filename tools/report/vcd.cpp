#include "tools/report/vcd.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {

int VcdWriter::add_signal(const std::string& instance) {
  signals_.push_back(instance);
  high_.push_back(false);
  return static_cast<int>(signals_.size()) - 1;
}

bool VcdWriter::comes_later(const Change& a, const Change& b) {
  if (a.t != b.t) return a.t > b.t;
  if (a.signal != b.signal) return a.signal > b.signal;
  return a.sequence > b.sequence;
}

void VcdWriter::change(Ps t, int signal, bool level) {
  waiting_.push_back({t, next_sequence_++, signal, level});
  std::push_heap(waiting_.begin(), waiting_.end(), comes_later);
}

void VcdWriter::write_before(Ps limit) {
  if (!header_written_) write_header();
  while (!waiting_.empty() && waiting_.front().t < limit) {
    std::pop_heap(waiting_.begin(), waiting_.end(), comes_later);
    const Change change = waiting_.back();
    waiting_.pop_back();
    if (change.t != written_time_) file_.write(fmt::format("#{}\n", change.t));
    written_time_ = change.t;
    file_.write(fmt::format("{}{}\n", change.level ? 1 : 0, identifier(change.signal)));
  }
}

void VcdWriter::finish(Ps end) {
  write_before(end);
  waiting_.clear();
  file_.write(fmt::format("#{}\n", end));
}

/// Printable characters from '!' on, as many as it takes.
std::string VcdWriter::identifier(int signal) {
  constexpr int base = '~' - '!' + 1;
  std::string out;
  for (int rest = signal;; rest = rest / base - 1) {
    out += static_cast<char>('!' + rest % base);
    if (rest < base) return out;
  }
}

void VcdWriter::write_header() {
  header_written_ = true;
  file_.write("$timescale 1 ps $end\n");
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const std::size_t dot = signals_[i].find('.');
    std::string name = signals_[i].substr(dot + 1);
    std::replace(name.begin(), name.end(), '.', '_');
    file_.write(fmt::format("$scope module {} $end\n$var wire 1 {} {} $end\n$upscope $end\n",
                            signals_[i].substr(0, dot), identifier(static_cast<int>(i)), name));
  }
  file_.write(fmt::format("$enddefinitions $end\n#{}\n$dumpvars\n", begin_));
  written_time_ = begin_;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    file_.write(fmt::format("{}{}\n", high_[i] ? 1 : 0, identifier(static_cast<int>(i))));
  }
  file_.write("$end\n");
}

}  // namespace tools
