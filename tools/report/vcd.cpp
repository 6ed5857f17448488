#include "tools/report/vcd.h"

#include <fmt/format.h>

#include <algorithm>

namespace tools {
namespace {

struct Unit {
  Ps ps;
  const char* name;
};
constexpr Unit units[] = {
    {models::pins::ps_per_us, "us"}, {models::pins::ps_per_ns, "ns"}, {1, "ps"}};

const Unit& unit_of(Ps step) {
  return *std::find_if(std::begin(units), std::end(units),
                       [step](const Unit& unit) { return step >= unit.ps; });
}

}  // namespace

bool VcdWriter::is_step(Ps step) {
  if (step == 0) return false;
  const Ps count = step / unit_of(step).ps;
  return step % unit_of(step).ps == 0 && (count == 1 || count == 10 || count == 100);
}

std::string VcdWriter::wire_name(const std::string& instance) {
  std::string name = instance;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::string VcdWriter::scope_name(const std::string& instance) {
  return instance.substr(0, instance.find('.'));
}

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

void VcdWriter::take_back(Ps t, int signal) {
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(),
                                [&](const Change& c) { return c.signal == signal && c.t >= t; }),
                 waiting_.end());
  std::make_heap(waiting_.begin(), waiting_.end(), comes_later);
}

void VcdWriter::write_before(Ps limit) {
  if (!header_written_) write_header();
  while (!waiting_.empty() && waiting_.front().t < limit) {
    std::pop_heap(waiting_.begin(), waiting_.end(), comes_later);
    const Change change = waiting_.back();
    waiting_.pop_back();
    const auto signal = static_cast<std::size_t>(change.signal);
    if (high_[signal] == change.level) continue;
    high_[signal] = change.level;
    const std::uint64_t time = steps(change.t);
    if (time != written_time_) file_.write(fmt::format("#{}\n", time));
    written_time_ = time;
    file_.write(fmt::format("{}{}\n", change.level ? 1 : 0, identifier(change.signal)));
  }
}

void VcdWriter::finish(Ps end) {
  write_before(end);
  waiting_.clear();
  if (steps(end) != written_time_) file_.write(fmt::format("#{}\n", steps(end)));
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
  const Unit& unit = unit_of(step_);
  file_.write(fmt::format("$timescale {} {} $end\n", step_ / unit.ps, unit.name));
  std::vector<std::size_t> order(signals_.size());
  std::vector<std::string> scopes;
  scopes.reserve(signals_.size());
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    order[i] = i;
    scopes.push_back(scope_name(signals_[i]));
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return scopes[a] < scopes[b]; });
  for (std::size_t n = 0; n < order.size(); ++n) {
    const std::size_t i = order[n];
    if (n == 0 || scopes[i] != scopes[order[n - 1]]) {
      file_.write(fmt::format("$scope module {} $end\n", scopes[i]));
    }
    file_.write(fmt::format("$var wire 1 {} {} $end\n", identifier(static_cast<int>(i)),
                            wire_name(signals_[i])));
    if (n + 1 == order.size() || scopes[i] != scopes[order[n + 1]]) {
      file_.write("$upscope $end\n");
    }
  }
  written_time_ = steps(begin_);
  file_.write(fmt::format("$enddefinitions $end\n#{}\n$dumpvars\n", written_time_));
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    file_.write(fmt::format("{}{}\n", high_[i] ? 1 : 0, identifier(static_cast<int>(i))));
  }
  file_.write("$end\n");
}

}  // namespace tools
