// What the outputs owe: pulses + debt = floor(energy played · rate), in the engine's rows, at every
// look, through random loads, directions and rates.
//
// The energy played is the meter's own, read as the booked counters: between two readings power is
// constant (or a load step lies between, and then only their order is used), and a window is played
// evenly, so the line through the readings, 320 samples later (reactive 516), is what was played.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>

#include "models/random/random.h"
#include "tests/end_to_end/pulse_counts.h"
#include "tests/end_to_end/workbench.h"

using namespace end_to_end;

namespace {

constexpr Ps first_look = 500 * ps_per_ms;
constexpr Ps first_judged = ps_per_s;  ///< by then what the first look saw booked is played
constexpr Ps run_length = 90 * ps_per_s;
constexpr int output_count = 4;
constexpr int s0_forward = 2;
const char* const output_names[output_count] = {"m1.led_active", "m1.led_reactive", "m1.s0_forward",
                                                "m1.s0_reverse"};
constexpr double led_rate = 10'000;

constexpr std::uint32_t debt_row(int output) {
  return 0xF000 + 4 * static_cast<std::uint32_t>(output);
}
constexpr std::uint32_t count_row(int output) {
  return 0xF010 + 4 * static_cast<std::uint32_t>(output);
}

/// A kind of energy of both directions up to an instant of playing.
struct Knot {
  Ps played;
  std::array<double, 2> Wh;
};

/// At least and at most.
struct Range {
  double low;
  double high;
};

/// The counters' course as read now and again.
class Course {
 public:
  /// `spread`: how far a load step reaches in time, a window and half of the longest filter.
  Course(Ps latency, Ps spread) : latency_(latency), spread_(spread) {}

  void add(const BookedEnergy& forward, const BookedEnergy& reverse) {
    REQUIRE(forward.until == reverse.until);
    const Ps played = forward.until + latency_;
    if (!knots_.empty() && knots_.back().played == played) return;
    knots_.push_back({played, {forward.Wh, reverse.Wh}});
  }

  /// Energy played by `t`, by both directions' weights. Between two knots with a load step near it
  /// is only known to lie between theirs.
  Range at(Ps t, const std::array<double, 2>& weights, const std::vector<Ps>& steps) const {
    const auto after =
        std::lower_bound(knots_.begin(), knots_.end(), t,
                         [](const Knot& knot, Ps when) { return knot.played < when; });
    REQUIRE(after != knots_.begin());
    REQUIRE(after != knots_.end());
    const Knot& before = *(after - 1);
    const double low = weigh(before, weights);
    const double high = weigh(*after, weights);
    for (const Ps step : steps) {
      const Ps played = step + latency_;
      if (before.played < played + spread_ && played < after->played + spread_) return {low, high};
    }
    const double share =
        static_cast<double>(t - before.played) / static_cast<double>(after->played - before.played);
    const double Wh = low + share * (high - low);
    return {Wh, Wh};
  }

 private:
  static double weigh(const Knot& knot, const std::array<double, 2>& weights) {
    return weights[0] * knot.Wh[0] + weights[1] * knot.Wh[1];
  }

  Ps latency_;
  Ps spread_;
  std::vector<Knot> knots_;
};

/// An output's rows: the count before the debt and after it.
struct Look {
  int output;
  Ps earliest, latest;  ///< the debt was read between
  std::uint32_t before, debt, after;
};

/// The S0 rate from an instant on, which lies between two.
struct RateChange {
  Ps earliest, latest;
  double imp_per_kWh;
};

struct Record {
  std::vector<Ps> steps;
  std::vector<RateChange> rates;
  std::vector<Look> looks;
  Ps end = 0;  ///< of the looks to be judged
  Course active{active_latency, 128 * sample_ps + 4 * sample_ps};
  Course reactive{reactive_latency, 128 * sample_ps + 200 * sample_ps};
};

const Course& course_of(const Record& record, int output) {
  return output == 1 ? record.reactive : record.active;
}

/// Of forward and reverse primary energy. LEDs tell secondary energy.
std::array<double, 2> weights_of(int output, double ratio) {
  if (output < s0_forward) return {1 / ratio, 1 / ratio};
  return output == s0_forward ? std::array<double, 2>{1, 0} : std::array<double, 2>{0, 1};
}

/// Whole pulses that the energy played by the look has made, at least and at most: each stretch of
/// one rate counts at its own, fractions go on.
Range due_by(const Record& record, double ratio, const Look& look) {
  const Course& course = course_of(record, look.output);
  const auto weights = weights_of(look.output, ratio);
  const auto played = [&](Ps earliest, Ps latest) {
    return Range{course.at(earliest, weights, record.steps).low,
                 course.at(latest, weights, record.steps).high};
  };
  const Range now = played(look.earliest, look.latest);
  double rate = look.output < s0_forward ? led_rate : record.rates.front().imp_per_kWh;
  Range due{now.low * rate / 1000, now.high * rate / 1000};
  for (std::size_t n = 1; look.output >= s0_forward && n < record.rates.size(); ++n) {
    const RateChange& change = record.rates[n];
    if (change.earliest >= look.earliest) break;
    // From the change on, what is played counts at the new rate instead of the old one.
    const double more = (change.imp_per_kWh - rate) / 1000;
    const Range then = played(change.earliest, change.latest);
    due.low += more > 0 ? more * (now.low - then.high) : more * (now.low - then.low);
    due.high += more > 0 ? more * (now.high - then.low) : more * (now.high - then.high);
    rate = change.imp_per_kWh;
  }
  return due;
}

/// A load with a direction and a power factor for each phase, from a hundredth of Imax on.
void schedule_random(Workbench& bench, models::random::Random& random, double imax_A, Ps at) {
  for (int phase = 0; phase < 3; ++phase) {
    models::grid::VoltageSpec voltage;
    voltage.rms_V = 230;
    voltage.angle_deg = -120.0 * phase;
    bench.grid().schedule_voltage(phase, at, voltage);
    models::grid::CurrentSpec current;
    current.rms_A = imax_A * std::pow(10.0, -2 * random.uniform());
    current.lag_deg = random.uniform() * 360;
    bench.grid().schedule_current(phase, at, current);
  }
}

void look(Workbench& bench, Record& record) {
  std::vector<std::uint32_t> rows;
  for (int output = 0; output < output_count; ++output) {
    for (const std::uint32_t row : {count_row(output), debt_row(output), count_row(output)}) {
      rows.push_back(row);
    }
  }
  const Ps asked = bench.now();
  const auto replies = bench.read_rows(rows);
  for (int output = 0; output < output_count; ++output) {
    const auto n = 3 * static_cast<std::size_t>(output);
    // The row's instant lies between the answer before it and its own.
    const Ps earliest = n == 0 ? asked : replies[n].at;
    record.looks.push_back({output, earliest, replies[n + 1].at, replies[n].words[0],
                            replies[n + 1].words[0], replies[n + 2].words[0]});
  }
  const auto energies = bench.raw_energies({0x3020, 0x3040, 0x3080, 0x30A0});
  if (energies[0].until == energies[1].until) record.active.add(energies[0], energies[1]);
  if (energies[2].until == energies[3].until) record.reactive.add(energies[2], energies[3]);
}

/// Loads and rates, and looks at the rows now and again.
Record play(Workbench& bench, double imax_A, models::random::Random& random) {
  constexpr double rates[] = {10'000, 2'000, 1'000, 100, 10, 1, 0.1, 0.01};
  Record record;
  record.rates.push_back({0, 0, 10'000});
  for (Ps at = 0; at < run_length;) {
    schedule_random(bench, random, imax_A, at);
    record.steps.push_back(at);
    at += static_cast<Ps>((0.5 + 2 * random.uniform()) * 1e12);
  }
  bench.run_until(first_look);
  int until_change = 50;
  while (bench.now() < run_length) {
    bench.run_until(bench.now() + static_cast<Ps>((3 + 22 * random.uniform()) * 1e9));
    look(bench, record);
    if (--until_change > 0) continue;
    until_change = 100 + static_cast<int>(100 * random.uniform());
    // Mostly the fast rates, which have something to lose.
    const auto choice = static_cast<std::size_t>(8 * random.uniform() * random.uniform());
    const Ps asked = bench.now();
    bench.write_rate(static_cast<float>(rates[choice]));
    // At the first frame's begin 31.25 ms after the request or later, by a crystal near its value.
    constexpr Ps frame = 15'625'000'000;
    constexpr Ps near = 10'000'000;
    const Ps changed = (asked + 2 * frame + frame - 1) / frame * frame;
    record.rates.push_back({changed - near, changed + near, rates[choice]});
  }
  record.end = bench.now();
  for (int n = 0; n < 20; ++n) {  // so that all that the looks saw played is booked and known
    bench.run_until(bench.now() + 10 * ps_per_ms);
    look(bench, record);
  }
  return record;
}

/// What the looks said beside being right.
struct Summary {
  int all = 0;
  int exact = 0;  ///< allowed one answer only
  int owing = 0;
};

Summary judge(const Record& record, double ratio) {
  Summary summary;
  for (const Look& seen : record.looks) {
    if (seen.earliest < first_judged || seen.latest > record.end) continue;
    const Range due = due_by(record, ratio, seen);
    INFO(fmt::format("{} at {:.6f} s: {} … {} pulses and {} owed; due {:.4f} … {:.4f}",
                     output_names[seen.output], static_cast<double>(seen.latest) * 1e-12,
                     seen.before, seen.after, seen.debt, due.low, due.high));
    constexpr double rounding = 1e-4;  // of windows to pWh, and of doubles
    const double least = std::floor(due.low - rounding);
    const double most = std::floor(due.high + rounding);
    CHECK(static_cast<double>(seen.after) + seen.debt >= least);
    CHECK(static_cast<double>(seen.before) + seen.debt <= most);
    ++summary.all;
    summary.exact += least == most && seen.before == seen.after ? 1 : 0;
    summary.owing += seen.debt > 0 ? 1 : 0;
  }
  return summary;
}

/// The rows end as what came out of the terminals.
void check_terminals(Workbench& bench, const Record& record) {
  for (int output = 0; output < output_count; ++output) {
    const Look& last = *std::find_if(record.looks.rbegin(), record.looks.rend(),
                                     [&](const Look& l) { return l.output == output; });
    std::uint32_t come_before = 0;
    std::uint32_t come = 0;
    // A start is counted by its interrupt, which other work may hold up for 2 ms.
    for (const Pulse& pulse : bench.edges().pulses(output_names[output])) {
      come_before += pulse.start + 2 * ps_per_ms < last.earliest ? 1 : 0;
      come += pulse.start <= last.latest ? 1 : 0;
    }
    CHECK(last.after >= come_before);
    CHECK(last.before <= come);
    CHECK(come > 100);
  }
}

}  // namespace

TEST_CASE("pulses and debt are the energy played, through random loads and rates, direct") {
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  models::random::Random random(2, "played energy, direct");
  const Record record = play(bench, 100, random);
  const Summary summary = judge(record, 1);
  INFO(summary.exact << " exact, " << summary.owing << " owing of " << summary.all);
  CHECK(summary.exact > summary.all / 2);
  CHECK(record.rates.size() > 20);
  check_terminals(bench, record);
}

TEST_CASE("pulses and debt are the energy played, through random loads and rates, CT 1000/5") {
  // 6 A are 1 200 A: 828 kW at 10 000 imp/kWh make 2 300 pulses a second, eight times what goes.
  Setup setup;
  setup.variant = MeterVariant::mod_ct;
  setup.ct_primary_A = 1000;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  models::random::Random random(2, "played energy, CT");
  const Record record = play(bench, 6, random);
  const Summary summary = judge(record, 200);
  INFO(summary.exact << " exact, " << summary.owing << " owing of " << summary.all);
  CHECK(summary.exact > summary.all / 3);
  CHECK(summary.owing > summary.all / 10);
  CHECK(record.rates.size() > 20);
  check_terminals(bench, record);
}

TEST_CASE("a debt asked for at any clock around a pulse's start is none, or that pulse") {
  // 69 kW at 10 000 imp/kWh: both active outputs pulse every 5.217 ms and keep up. The request is
  // posted one core clock earlier each time, and comes to be answered some hundred clocks later.
  constexpr int clocks = 1'000;
  Setup setup;
  setup.s0_rate_centi = 1'000'000;
  Workbench bench(setup);
  bench.schedule(0, {230, 100, 0});
  bench.run_until(ps_per_s);
  const auto period = static_cast<Ps>(360e12 / 69'000);
  const auto& pulses = bench.edges().pulses(output_names[s0_forward]);
  int between = 0;
  for (int n = 0; n < clocks; ++n) {
    Ps start = pulses.back().start + period;
    const auto lead = static_cast<Ps>(n * core_clock_s * 1e12);
    while (start < bench.now() + lead) start += period;
    bench.run_until(start - lead);
    const std::size_t come = pulses.size();
    const int output = n % 2 == 0 ? s0_forward : 0;
    const auto reply = bench.read_rows({debt_row(output)})[0];
    INFO("asked " << n << " clocks before a start");
    CHECK(reply.words[0] <= 1);
    between += pulses.size() > come && pulses[come].start <= reply.at ? 1 : 0;
  }
  CHECK(between > clocks / 2);  // the start did come between question and answer
}
