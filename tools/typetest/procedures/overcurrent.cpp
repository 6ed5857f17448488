// Short-time overcurrent: 30 Imax for half a cycle through a direct meter, 20 Imax for half a
// second through a CT meter, one phase after the other, each from its own zero crossing on. The
// error at Iref must be afterwards what it was before. The ADC clips meanwhile, and counts it.
//
//   task         brings home
//   overcurrent  before_percent, after_percent, lost_blocks, clipped_L1 … L3 (samples)
#include <fmt/format.h>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr const char* task_id = "overcurrent";
constexpr double cycle_s = 0.02;
/// The edges of 20 s are off by 11 µs at most: a thousandth of a limit of 0.05 %.
constexpr double measured_s = 20;
constexpr double rest_s = 1;
constexpr std::uint32_t lost_blocks_row = 0xF050;
constexpr std::uint32_t clipped_I1_row = 0xF03C;

struct Overload {
  double times_Imax;
  double duration_s;
};
Overload overload_of(const Subject& subject) {
  constexpr Overload direct{30, cycle_s / 2};
  constexpr Overload with_ct{20, 0.5};
  return subject.ct() ? with_ct : direct;
}

std::uint32_t clipped_row(int phase) {
  return clipped_I1_row + rows::phase_step * static_cast<std::uint32_t>(phase);
}

/// Until the next instant at which the phase's voltage crosses zero, rising.
void run_to_crossing(Laboratory& laboratory, int phase) {
  const Ps cycle = duration_of(cycle_s);
  const Ps lag = duration_of(cycle_s * phase / phase_count);
  laboratory.run_for(cycle - (laboratory.now() + cycle - lag) % cycle);
}

nlohmann::json run_overcurrent(const Subject& subject) {
  const Overload overload = overload_of(subject);
  Laboratory laboratory(subject, no_load());
  run_s(laboratory, settling_s);
  nlohmann::json result;
  result["before_percent"] =
      json_of(reference_error_percent(laboratory, subject.ratings, measured_s));
  laboratory.apply(no_load());
  for (int phase = 0; phase < phase_count; ++phase) {
    run_s(laboratory, rest_s);
    const std::uint32_t clipped = laboratory.row_word(clipped_row(phase));
    Condition load = load_of(overload.times_Imax * subject.ratings.Imax);
    load.loaded = {phase == 0, phase == 1, phase == 2};
    run_to_crossing(laboratory, phase);
    const Ps end = laboratory.now() + duration_of(overload.duration_s);
    laboratory.apply(load);
    laboratory.run_for(end - laboratory.now());
    laboratory.apply(no_load());
    run_s(laboratory, rest_s);
    result["clipped_" + phase_name(phase)] = laboratory.row_word(clipped_row(phase)) - clipped;
  }
  result["lost_blocks"] = laboratory.row_word(lost_blocks_row);
  result["after_percent"] =
      json_of(reference_error_percent(laboratory, subject.ratings, measured_s));
  return result;
}

class Overcurrent final : public Test {
 public:
  std::string id() const override { return "overcurrent"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    plan.procedures.push_back({task_id, [subject] { return run_overcurrent(subject); },
                               3 * settling_s + 2 * measured_s + 2 * phase_count * rest_s});
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    const Overload overload = overload_of(subject);
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Short-time overcurrent";
    chapter.clause = iec_clause(subject.accuracy_class, "7.2");
    chapter.method = fmt::format(
        "{:g} Imax for {:g} ms through one phase after the other, from the voltage's zero crossing "
        "on, without another load. The error at Iref, PF 1 is taken before and after.",
        overload.times_Imax, overload.duration_s * 1e3);
    const Measured measured(results, task_id);
    chapter.findings.push_back(
        change_of_error(task_id, subject.ratings, measured, "",
                        within(class_limits(subject.accuracy_class).overcurrent,
                               iec_clause(subject.accuracy_class, "7.2"))));
    const std::string condition = fmt::format(
        "{:g} A, {:g} ms", overload.times_Imax * subject.ratings.Imax, overload.duration_s * 1e3);
    for (int phase = 0; phase < phase_count; ++phase) {
      const std::string name = phase_name(phase);
      chapter.findings.push_back(
          judged({task_id, fmt::format("{}, {}", condition, name), "clipped samples", ""}, measured,
                 "clipped_" + name,
                 at_least(1, "the overload reaches the ADC, which counts it", Certainty::ours)));
    }
    chapter.findings.push_back(judged({task_id, condition, "lost blocks of samples", ""}, measured,
                                      "lost_blocks",
                                      at_most(0, "the signal path goes on", Certainty::ours)));
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> overcurrent_test() { return std::make_unique<Overcurrent>(); }

}  // namespace tools::typetest
