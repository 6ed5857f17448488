#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/checks/judge.h"
#include "tools/checks/judge_parts.h"

namespace tools {
namespace {

constexpr double joules_per_kWh = 3.6e6;
constexpr double led_rate = 10'000;

const PulseTrain& train_of(const MeterEvidence& meter, Output output) {
  return meter.pulses[static_cast<std::size_t>(output)];
}

std::string plural(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string show_deviation(std::int64_t ps) {
  return fmt::format("{}{}", ps < 0 ? "-" : "+", show_time(static_cast<Ps>(std::llabs(ps))));
}

std::int64_t difference(Ps a, Ps b) {
  return a >= b ? static_cast<std::int64_t>(a - b) : -static_cast<std::int64_t>(b - a);
}

Ps earlier_by(Ps t, Ps latency) { return t > latency ? t - latency : 0; }

/// What energy drifts the count by at the promised accuracy.
double drift_allowance(double owed) { return owed * energy_accuracy; }

/// Interval from start to start, and which.
struct Interval {
  Ps start;
  Ps length;
};

std::vector<Interval> intervals_in(const PulseTrain& train, Ps from, Ps to) {
  const PulseRange range = starting_in(train, from, to);
  std::vector<Interval> out;
  for (std::size_t i = range.first + 1; i < range.last; ++i) {
    out.push_back({train[i - 1].start, train[i].start - train[i - 1].start});
  }
  return out;
}

}  // namespace

PulseRange starting_in(const PulseTrain& train, Ps from, Ps to) {
  const auto before = [](const Pulse& pulse, Ps t) { return pulse.start < t; };
  const auto first = std::lower_bound(train.begin(), train.end(), from, before);
  const auto last = std::lower_bound(first, train.end(), to, before);
  return {static_cast<std::size_t>(first - train.begin()),
          static_cast<std::size_t>(last - train.begin())};
}

double owed_pulses(const MeterEvidence& meter, Output output, Ps from, Ps to) {
  const Ps latency = output == Output::led_reactive ? reactive_latency : active_latency;
  const auto energy = [&](Ps a, Ps b) {
    return meter.truth->output_energy(output, earlier_by(a, latency), earlier_by(b, latency));
  };
  if (output == Output::led_active || output == Output::led_reactive) {
    return energy(from, to) * led_rate / joules_per_kWh;
  }
  double pulses = 0;
  for (std::size_t i = 0; i < meter.s0_rates.size(); ++i) {
    const Ps begin = std::max(from, meter.s0_rates[i].from);
    const Ps end = i + 1 < meter.s0_rates.size() ? std::min(to, meter.s0_rates[i + 1].from) : to;
    if (begin < end) pulses += energy(begin, end) * meter.s0_rates[i].rate / joules_per_kWh;
  }
  return pulses;
}

void judge(const ExpectCount& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  const double owed = e.equals ? 0 : owed_pulses(meter, e.output, e.from, std::min(e.to, end));
  verdict.at = e.to;
  verdict.expected = e.equals ? fmt::format("{}", *e.equals) : fmt::format("{:.3f}", owed);
  const double allowed = static_cast<double>(e.tolerance) + drift_allowance(owed);
  if (!e.equals) {
    verdict.expected += fmt::format(" ± {:.3f} (truth)", allowed);
  } else if (e.tolerance != 0) {
    verdict.expected += fmt::format(" ± {}", e.tolerance);
  }
  if (e.to > end) return;
  const PulseRange range = starting_in(train_of(meter, e.output), e.from, e.to);
  const auto count = static_cast<std::int64_t>(range.last - range.first);
  verdict.seen = fmt::format("{}", count);
  if (e.equals) {
    verdict.pass = std::llabs(count - *e.equals) <= e.tolerance;
  } else {
    verdict.pass = std::fabs(static_cast<double>(count) - owed) <= allowed;
  }
}

void judge(const ExpectFollowsTruth& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  verdict.expected = fmt::format("within {:g} of the truth", e.within);
  verdict.at = e.to;
  if (e.to > end) return;
  const PulseTrain& train = train_of(meter, e.output);
  const PulseRange range = starting_in(train, e.from, e.to);
  double owed = 0;
  Ps since = e.from;
  // Pulses that came too much, or were missing, and how many may, at the worst instant.
  double worst = 0;
  double allowed = e.within;
  const auto note = [&](double ahead, Ps t) {
    const double allowed_here = e.within + drift_allowance(owed);
    if (std::fabs(ahead) - allowed_here <= std::fabs(worst) - allowed) return;
    worst = ahead;
    allowed = allowed_here;
    verdict.at = t;
  };
  double count = 0;
  for (std::size_t i = range.first; i < range.last; ++i) {
    const Ps t = train[i].start;
    owed += owed_pulses(meter, e.output, since, t);
    since = t;
    note(count - owed, t);
    count += 1;
    note(count - owed, t);
  }
  owed += owed_pulses(meter, e.output, since, e.to);
  note(count - owed, e.to);
  verdict.expected = fmt::format("within {:.3f} of the truth", allowed);
  verdict.pass = std::fabs(worst) <= allowed;
  verdict.seen = fmt::format("{:+.3f} at worst, {} of {:.3f}", worst,
                             plural(range.last - range.first, "pulse"), owed);
}

void judge(const ExpectWidth& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  using metrology::hal::core_hz;
  // The width in core clocks, to the nearest: what the meter's timer was given.
  const double exact = static_cast<double>(e.equals) * (static_cast<double>(core_hz) / 1e12);
  const std::int64_t wanted = std::llround(exact);
  verdict.expected = fmt::format("{} ± {}", show_time(e.equals),
                                 e.tolerance ? show_time(*e.tolerance) : "1 core clock");
  verdict.at = e.to;
  if (e.to > end) return;
  const PulseTrain& train = train_of(meter, e.output);
  const PulseRange range = starting_in(train, e.from, e.to);
  std::size_t judged = 0;
  std::size_t wrong = 0;
  std::int64_t worst = 0;
  Ps worst_width = 0;
  for (std::size_t i = range.first; i < range.last; ++i) {
    const bool lasts = train[i].end == models::pins::ps_never;
    const Ps stop = lasts ? end : train[i].end;
    const Ps width = stop - train[i].start;
    const std::int64_t off = e.tolerance ? difference(width, e.equals)
                                         : meter.clock->at_or_after(stop) -
                                               meter.clock->at_or_after(train[i].start) - wanted;
    const std::int64_t allowed = e.tolerance ? static_cast<std::int64_t>(*e.tolerance) : 1;
    if (lasts && off <= allowed) continue;  // it may still end in time
    if (std::llabs(off) > allowed) ++wrong;
    if (judged == 0 || std::llabs(off) > std::llabs(worst)) {
      worst = off;
      worst_width = width;
      verdict.at = train[i].start;
    }
    ++judged;
  }
  verdict.pass = judged > 0 && wrong == 0;
  verdict.seen = judged == 0 ? "no pulse"
                             : fmt::format("{}{}, worst {}", plural(judged, "pulse"),
                                           wrong > 0 ? fmt::format(", {} wrong", wrong) : "",
                                           show_time(worst_width));
}

void judge(const ExpectInterval& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  verdict.expected = fmt::format("{} ± {}", show_time(e.equals), show_time(e.tolerance));
  verdict.at = e.to;
  if (e.to > end) return;
  const std::vector<Interval> intervals = intervals_in(train_of(meter, e.output), e.from, e.to);
  std::int64_t worst = 0;
  Ps worst_length = 0;
  for (const Interval& interval : intervals) {
    const std::int64_t off = difference(interval.length, e.equals);
    if (worst_length != 0 && std::llabs(off) <= std::llabs(worst)) continue;
    worst = off;
    worst_length = interval.length;
    verdict.at = interval.start;
  }
  verdict.pass = !intervals.empty() && std::llabs(worst) <= static_cast<std::int64_t>(e.tolerance);
  verdict.seen = intervals.empty()
                     ? "fewer than two pulses"
                     : fmt::format("{}, worst {}", plural(intervals.size(), "interval"),
                                   show_time(worst_length));
}

void judge(const ExpectJitter& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  verdict.expected = fmt::format("within {}", show_time(e.within));
  verdict.at = e.to;
  if (e.to > end) return;
  const std::vector<Interval> intervals = intervals_in(train_of(meter, e.output), e.from, e.to);
  double worst = 0;
  bool owed_everywhere = true;
  for (const Interval& interval : intervals) {
    const double owed =
        owed_pulses(meter, e.output, interval.start, interval.start + interval.length);
    if (!(owed > 0)) {
      owed_everywhere = false;
      verdict.at = interval.start;
      break;
    }
    // An even flow of `owed` pulses in this interval has one every length / owed.
    const double deviation = static_cast<double>(interval.length) * (1 - 1 / owed);
    if (std::fabs(deviation) <= std::fabs(worst)) continue;
    worst = deviation;
    verdict.at = interval.start;
  }
  if (intervals.empty()) {
    verdict.seen = "fewer than two pulses";
  } else if (!owed_everywhere) {
    verdict.seen = "pulses that no energy owes";
  } else {
    verdict.seen = fmt::format("{}, worst {}", plural(intervals.size(), "interval"),
                               show_deviation(std::llround(worst)));
    verdict.pass = std::fabs(worst) <= static_cast<double>(e.within);
  }
}

void judge(const ExpectSilent& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  verdict.expected = "no pulse";
  verdict.at = e.to;
  if (e.to > end) return;
  const PulseTrain& train = train_of(meter, e.output);
  const PulseRange range = starting_in(train, e.from, e.to);
  verdict.pass = range.first == range.last;
  if (!verdict.pass) verdict.at = train[range.first].start;
  verdict.seen = verdict.pass ? "no pulse" : plural(range.last - range.first, "pulse");
}

void judge(const ExpectDiagnostic& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  verdict.expected = fmt::format("{}", e.equals);
  verdict.at = e.to;
  if (e.to > end) return;
  std::int64_t count = 0;
  const auto found = meter.diagnostics.find(e.event);
  if (found != meter.diagnostics.end()) {
    for (const Ps t : found->second) {
      if (t >= e.from && t < e.to) ++count;
    }
  }
  verdict.seen = fmt::format("{}", count);
  verdict.pass = count == e.equals;
}

}  // namespace tools
