// Power-up: a meter that had no voltage gets Un, on all phases or on one alone, with Imax waiting.
// Within 5 s its registers must answer with the voltage, and its LED must flash. The display may
// take its time.
//
//   task      brings home
//   power_up  all_flash_s, all_answer_s, and the same of L1, L2, L3
#include <fmt/format.h>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr const char* task_id = "power_up";
constexpr double limit_s = 5;
/// So much longer than the hold-up lasts: the meter is off.
constexpr double off_s = 1.5;
/// Who is not there by then never comes.
constexpr double patience_s = 8;
constexpr double look_s = 0.1;
/// A register answers rightly that says the voltage so nearly.
constexpr double voltage_tolerance = 0.05;

struct Feed {
  const char* name;
  std::array<bool, phase_count> present;
};
constexpr Feed feeds[] = {{"all", {true, true, true}},
                          {"L1", {true, false, false}},
                          {"L2", {false, true, false}},
                          {"L3", {false, false, true}}};

std::uint32_t voltage_row(const Feed& feed) {
  for (std::uint32_t phase = 0; phase < phase_count; ++phase) {
    if (feed.present[phase]) return rows::voltage_L1 + rows::phase_step * phase;
  }
  return rows::voltage_L1;
}

nlohmann::json run_power_up(const Subject& subject) {
  Condition dead = load_of(subject.ratings.Imax);
  dead.voltage_present = {false, false, false};
  Laboratory laboratory(subject, dead);
  nlohmann::json result = nlohmann::json::object();
  for (const Feed& feed : feeds) {
    laboratory.apply(dead);
    run_s(laboratory, seconds_of(subject.meter.holdup) + off_s);
    Condition alive = dead;
    alive.voltage_present = feed.present;
    const Ps on = laboratory.now();
    laboratory.apply(alive);
    const Ps limit = on + duration_of(patience_s);
    const std::optional<Ps> flash = next_flash(laboratory, Kind::active, on, limit);
    if (!flash) continue;  // nobody to be asked
    result[std::string(feed.name) + "_flash_s"] = seconds_of(*flash - on);
    while (laboratory.now() < limit) {
      const double volts = laboratory.raw(voltage_row(feed));
      if (std::abs(volts / subject.ratings.Un - 1) <= voltage_tolerance) {
        result[std::string(feed.name) + "_answer_s"] = seconds_of(laboratory.now() - on);
        break;
      }
      run_s(laboratory, look_s);
    }
  }
  return result;
}

class PowerUp final : public Test {
 public:
  std::string id() const override { return "power_up"; }

  void plan(const Subject& subject, const Parameters&, Plan& plan) const override {
    constexpr double usual_s = 3;
    plan.procedures.push_back(
        {task_id, [subject] { return run_power_up(subject); },
         std::size(feeds) * (seconds_of(subject.meter.holdup) + off_s + usual_s)});
  }

  Chapter judge(const Subject& subject, const Parameters&, const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "Initial start-up";
    chapter.clause = iec_clause(subject.accuracy_class, "8.3.1");
    chapter.method =
        "A meter that had no voltage gets Un while Imax waits to flow; on all three phases, then "
        "on one of them alone. It must be fully functional within 5 s: the LED flashes, and the "
        "voltage's register answers within 5 % of the truth.";
    const Measured measured(results, task_id);
    const Limit limit = at_most(limit_s, iec_clause(subject.accuracy_class, "8.3.1"));
    for (const Feed& feed : feeds) {
      const std::string name = feed.name;
      const std::string condition =
          fmt::format("{:g} V on {}, {:g} A", subject.ratings.Un,
                      name == "all" ? "all phases" : name + " alone", subject.ratings.Imax);
      chapter.findings.push_back(judged({task_id, condition, "time to the first pulse", "s"},
                                        measured, name + "_flash_s", limit));
      chapter.findings.push_back(judged({task_id, condition, "time to a right register", "s"},
                                        measured, name + "_answer_s", limit));
    }
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> power_up_test() { return std::make_unique<PowerUp>(); }

}  // namespace tools::typetest
