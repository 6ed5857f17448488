// No-load: the current circuits are open and the voltages 1.15 Un; the LEDs may flash once, at the
// most, within the time that each standard reckons. Then the voltage goes through its range, 0.8 to
// 1.1 Un, and no counter may move. All noise and crosstalk of the front end is on.
//
//   task           brings home
//   no_load/open   iec, en, iec_reactive: pulses within each standard's time; change_Wh
//   no_load/range  80 … 110: change of the counters at so many percent of Un, in Wh
#include <fmt/format.h>

#include <algorithm>

#include "tools/typetest/procedures/bench_work.h"
#include "tools/typetest/procedures/class_limits.h"
#include "tools/typetest/procedures/judging.h"
#include "tools/typetest/procedures/procedures.h"

namespace tools::typetest {
namespace {

constexpr const char* open_id = "no_load/open";
constexpr const char* range_id = "no_load/range";
constexpr int range_percent[] = {80, 85, 90, 95, 100, 105, 110};
constexpr double at_each_s = 10;

double longest_s(const std::vector<NoLoadTime>& times) {
  double longest = 0;
  for (const NoLoadTime& time : times) longest = std::max(longest, time.duration_s);
  return longest;
}

nlohmann::json run_open(const Subject& subject, const std::vector<NoLoadTime>& times) {
  Condition open = no_load();
  open.voltage = no_load_voltage;
  Laboratory laboratory(subject, open);
  run_s(laboratory, settling_s);
  const Counters before = read_counters(laboratory, subject);
  const Ps from = laboratory.now();
  run_s(laboratory, longest_s(times));
  nlohmann::json result;
  for (const NoLoadTime& time : times) {
    result[time.id] =
        flashes_between(laboratory, time.kind, from, from + duration_of(time.duration_s));
  }
  result["change_Wh"] = change_between(before, read_counters(laboratory, subject));
  return result;
}

nlohmann::json run_range(const Subject& subject) {
  Condition open = no_load();
  open.voltage = range_percent[0] / 100.0;
  Laboratory laboratory(subject, open);
  run_s(laboratory, settling_s);
  nlohmann::json result;
  for (const int percent : range_percent) {
    open.voltage = percent / 100.0;
    laboratory.apply(open);
    const Counters before = read_counters(laboratory, subject);
    run_s(laboratory, at_each_s);
    result[std::to_string(percent)] = change_between(before, read_counters(laboratory, subject));
  }
  return result;
}

class NoLoad final : public Test {
 public:
  std::string id() const override { return "no_load"; }

  void plan(const Subject& subject, const Parameters& parameters, Plan& plan) const override {
    const std::vector<NoLoadTime> times = no_load_times(subject, parameters);
    plan.procedures.push_back({open_id, [subject, times] { return run_open(subject, times); },
                               settling_s + longest_s(times)});
    plan.procedures.push_back({range_id, [subject] { return run_range(subject); },
                               settling_s + std::size(range_percent) * at_each_s});
  }

  Chapter judge(const Subject& subject, const Parameters& parameters,
                const Results& results) const override {
    Chapter chapter;
    chapter.id = id();
    chapter.title = "No-load condition";
    chapter.clause = iec_clause(subject.accuracy_class, "8.3.2");
    chapter.method =
        "At 1.15 Un with the current circuits open the LED may flash once, at the most, within "
        "the time that each standard asks for; they run together, and the longest governs. Then "
        "the voltage goes from 0.8 to 1.1 Un, 10 s at a step, and no counter may move.";
    const Measured open(results, open_id);
    const std::string condition =
        fmt::format("{:g} V, no current", no_load_voltage * subject.ratings.Un);
    for (const NoLoadTime& time : no_load_times(subject, parameters)) {
      const char* kind = time.kind == Kind::active ? "active" : "reactive";
      chapter.findings.push_back(
          judged({open_id, fmt::format("{}, {:.1f} s, {}", condition, time.duration_s, kind),
                  "pulses", ""},
                 open, time.id, at_most(1, time.source, time.certainty)));
    }
    chapter.findings.push_back(
        judged({open_id, condition, "change of the counters", "Wh"}, open, "change_Wh",
               at_most(0, "below the threshold nothing is booked", Certainty::ours)));
    const Measured range(results, range_id);
    for (const int percent : range_percent) {
      chapter.findings.push_back(judged(
          {range_id, fmt::format("{} % Un, no current", percent), "change of the counters", "Wh"},
          range, std::to_string(percent), at_most(0, "MID Annex V, operation without a load")));
    }
    return chapter;
  }
};

}  // namespace

std::unique_ptr<Test> no_load_test() { return std::make_unique<NoLoad>(); }

}  // namespace tools::typetest
