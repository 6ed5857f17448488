// Starting: with the voltages on and no current, the starting current comes on in all three phases.
// The LED must flash within 1.5 τ, again within a further 1.5 τ, and go on doing so; τ is the time
// between two pulses of a meter without error. Active and reactive energy, both directions.
//
// Where the meter begins to book is looked at phase by phase beside that: 0.4 Ist in one phase
// alone must leave its counter where it is, Ist must move it.
//
//   task                       brings home
//   starting/KIND/DIRECTION    first_s, second_s, third_s
//   starting/phases            creep_L1 … start_L3: booked of what flowed, in percent
#include <fmt/format.h>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

/// Each pulse must come within so many τ.
constexpr double patience_periods = 1.5;
constexpr const char* pulse_names[] = {"first_s", "second_s", "third_s"};

/// Below half of Un·Ist the meter books nothing, from 0.6 of it on everything.
constexpr double creeping = 0.4;
constexpr double creep_s = 5;
/// No limit of error holds at the starting current; what is booked must be most of it.
constexpr double least_booked_percent = 50;

struct Start {
  Kind kind;
  bool exports;

  std::string id() const {
    return fmt::format("starting/{}/{}", kind == Kind::active ? "active" : "reactive",
                       exports ? "reverse" : "forward");
  }
};
constexpr Start starts[] = {
    {Kind::active, false}, {Kind::active, true}, {Kind::reactive, false}, {Kind::reactive, true}};
constexpr const char* phases_id = "starting/phases";

/// 1.5 mA and 20 mA alike, without digits that say nothing.
std::string milliamperes(double current_A) { return fmt::format("{:g} mA", current_A * 1e3); }

nlohmann::json run_start(const Subject& subject, const Start& start) {
  Laboratory laboratory(subject, no_load());
  run_s(laboratory, settling_s);
  Condition load = load_of(starting_current_A(subject.ratings, start.kind),
                           start.kind == Kind::reactive ? 90 : 0);
  load.exports = start.exports;
  laboratory.apply(load);
  const Ps patience =
      duration_of(patience_periods * starting_period_s(subject.ratings, start.kind));
  nlohmann::json result = nlohmann::json::object();
  Ps since = laboratory.now();
  for (const char* name : pulse_names) {
    const std::optional<Ps> flash = next_flash(laboratory, start.kind, since + 1, since + patience);
    if (!flash) break;
    result[name] = seconds_of(*flash - since);
    since = *flash;
  }
  return result;
}

/// So much of what flows through one phase is booked in its counter, in percent.
double booked_percent(Laboratory& laboratory, const Subject& subject, int phase, double current_A) {
  const std::uint32_t row =
      rows::active_forward_L1 + rows::phase_step * static_cast<std::uint32_t>(phase);
  const double before_Wh = laboratory.raw_energy_Wh(row);
  Condition load = load_of(current_A);
  load.loaded = {phase == 0, phase == 1, phase == 2};
  const Ps from = laboratory.now();
  laboratory.apply(load);
  run_s(laboratory, creep_s);
  laboratory.apply(no_load());
  const Ps to = laboratory.now();
  run_s(laboratory, settling_s);
  const double booked_Wh = (laboratory.raw_energy_Wh(row) - before_Wh) / ct_ratio_of(subject);
  return 100 * booked_Wh / laboratory.truth_Wh(Kind::active, from, to);
}

nlohmann::json run_phases(const Subject& subject) {
  Laboratory laboratory(subject, no_load());
  run_s(laboratory, settling_s);
  nlohmann::json result;
  for (int phase = 0; phase < phase_count; ++phase) {
    const double Ist = subject.ratings.Ist;
    result["creep_" + phase_name(phase)] =
        booked_percent(laboratory, subject, phase, creeping * Ist);
    result["start_" + phase_name(phase)] = booked_percent(laboratory, subject, phase, Ist);
  }
  return result;
}

bool judges_phases(const Subject& subject) {
  // Two elements are judged by their sum, and one phase is all that there is.
  return subject.meter.page.connection == metrology::hal::Connection::three_phase_four_wire;
}

class Starting final : public Test {
 public:
  std::string id() const override { return "starting"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    for (const Start& start : starts) {
      const double expected_s = settling_s + 3 * starting_period_s(subject.ratings, start.kind);
      plan.procedures.push_back(
          {start.id(), [subject, start] { return run_start(subject, start); }, expected_s});
    }
    if (!judges_phases(subject)) return;
    plan.procedures.push_back({phases_id, [subject] { return run_phases(subject); },
                               settling_s + 2 * phase_count * (creep_s + settling_s)});
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Starting";
    chapter.clause = iec_clause(subject.accuracy_class, "8.3.3");
    chapter.method =
        "With the voltages on, the starting current is switched on in all phases. The LED must "
        "flash within 1.5 times the period of a meter without error, again within as much, and a "
        "third time. Then each phase alone: 40 % of the starting current must not be booked, the "
        "starting current must.";
    for (const Start& start : starts) judge_start(subject, results, start, chapter);
    if (judges_phases(subject)) judge_phases(subject, results, chapter);
    return chapter;
  }

 private:
  static void judge_start(const Subject& subject, const Results& results, const Start& start,
                          Chapter& chapter) {
    const Measured measured(results, start.id());
    const bool reactive = start.kind == Kind::reactive;
    const double period_s = starting_period_s(subject.ratings, start.kind);
    const std::string condition =
        fmt::format("{}, {}, {}", milliamperes(starting_current_A(subject.ratings, start.kind)),
                    reactive ? "PF 0" : "PF 1", start.exports ? "reverse" : "forward");
    const Limit limit =
        at_most(patience_periods * period_s,
                (reactive ? "IEC 62053-23 8.3.3" : iec_clause(subject.accuracy_class, "8.3.3")) +
                    "; times of IEC 62052-11:2020",
                Certainty::uncertain);
    constexpr const char* quantities[] = {"time to the first pulse", "time to the second pulse",
                                          "time to the third pulse"};
    for (std::size_t n = 0; n < std::size(pulse_names); ++n) {
      chapter.findings.push_back(judged({start.id(), condition, quantities[n], "s"}, measured,
                                        pulse_names[n], limit,
                                        fmt::format("without error {:.1f} s", period_s)));
    }
  }

  static void judge_phases(const Subject& subject, const Results& results, Chapter& chapter) {
    const Measured measured(results, phases_id);
    const double Ist = subject.ratings.Ist;
    for (int phase = 0; phase < phase_count; ++phase) {
      const std::string name = phase_name(phase);
      chapter.findings.push_back(
          judged({phases_id, milliamperes(creeping * Ist) + ", " + name + " alone",
                  "booked of what flowed", "%"},
                 measured, "creep_" + name, at_most(0, "no-load threshold", Certainty::ours)));
      chapter.findings.push_back(judged(
          {phases_id, milliamperes(Ist) + ", " + name + " alone", "booked of what flowed", "%"},
          measured, "start_" + name,
          at_least(least_booked_percent, "each phase starts by itself", Certainty::ours)));
    }
  }
};

}  // namespace

std::unique_ptr<Test> starting_test() { return std::make_unique<Starting>(); }

}  // namespace tools::typetest
