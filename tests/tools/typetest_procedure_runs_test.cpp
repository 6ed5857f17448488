// The procedures on a real meter without flaws, and on meters that each of them must not let pass.
#include <catch2/catch.hpp>
#include <cmath>

#include "tests/tools/files.h"
#include "tests/tools/typetest_procedures.h"

using namespace tools::typetest;
using nlohmann::json;

namespace {

/// What the task brings home. One a process: the kernel elaborates once.
json run(const std::string& test, const std::string& task, const Subject& subject) {
  for (const Task& planned : tests::plan_of(test, subject).procedures) {
    if (planned.id == task) return planned.run();
  }
  throw std::out_of_range("no task " + task);
}

/// Judged with this one task's result: findings of others fail for want of theirs.
Chapter judged(const std::string& test, const std::string& task, const Subject& subject) {
  Results results;
  results.procedures[task] = run(test, task, subject);
  return tests::chapter_of(test, subject, results);
}

void check_all_pass(const Chapter& chapter, const std::string& task) {
  int judged = 0;
  for (const Finding& finding : chapter.findings) {
    if (finding.id != task) continue;
    INFO(finding.condition << ": " << finding.quantity << " " << finding.remark);
    CHECK(finding.pass);
    ++judged;
  }
  CHECK(judged > 0);
}

int failures(const Chapter& chapter, const std::string& task) {
  int count = 0;
  for (const Finding& finding : chapter.findings) count += finding.id == task && !finding.pass;
  return count;
}

}  // namespace

TEST_CASE("power-up: a meter works within 5 s on all phases or on any one") {
  check_all_pass(judged("power_up", "power_up", tests::ideal_device(true)), "power_up");
}

TEST_CASE("power-up: a meter that 90 V do not feed fails all of it") {
  Subject subject = tests::ideal_device(false);
  subject.ratings.Un = 90;
  CHECK(failures(judged("power_up", "power_up", subject), "power_up") == 8);
}

TEST_CASE("dips: no counter moves and no LED flashes though the supply goes") {
  check_all_pass(judged("voltage_dips", "voltage_dips", tests::ideal_device(false)),
                 "voltage_dips");
}

// Without hold-up the counters go back to their last save: what the first error took is lost.
TEST_CASE("dips: a meter with a dried-out capacitor loses what it has counted") {
  Subject subject = tests::ideal_device(false);
  subject.meter.holdup = 0;
  const Chapter chapter = judged("voltage_dips", "voltage_dips", subject);
  // 12 s and more of 3450 W are 11.5 Wh: within x, and not within ours.
  REQUIRE(failures(chapter, "voltage_dips") == 1);
  for (const Finding& finding : chapter.findings) {
    if (finding.pass) continue;
    CHECK(finding.certainty == Certainty::ours);
    CHECK(*finding.seen > 0.0115);
    CHECK(*finding.seen < 0.0140);
  }
}

TEST_CASE("overcurrent: 30 Imax for half a cycle leaves a direct meter as it was") {
  const Subject subject = tests::ideal_device(false);
  const json seen = run("overcurrent", "overcurrent", subject);
  // 10 ms are 40.96 samples; below 170 A of 4243 A, 2.3° at either end, nothing clips.
  for (const char* name : {"clipped_L1", "clipped_L2", "clipped_L3"}) {
    CHECK(seen[name].get<int>() >= 39);
    CHECK(seen[name].get<int>() <= 42);
  }
  Results results;
  results.procedures["overcurrent"] = seen;
  check_all_pass(tests::chapter_of("overcurrent", subject, results), "overcurrent");
}

TEST_CASE("overcurrent: 20 Imax for half a second leaves a CT meter as it was") {
  check_all_pass(judged("overcurrent", "overcurrent", tests::ideal_device(true)), "overcurrent");
}

TEST_CASE("starting: 20 mA start a direct meter") {
  check_all_pass(judged("starting", "starting/active/forward", tests::ideal_device(false)),
                 "starting/active/forward");
}

TEST_CASE("starting: a current below the threshold starts nothing") {
  Subject subject = tests::ideal_device(false);
  subject.ratings.Ist = 0.008;  // 0.4 of what it starts at
  CHECK(failures(judged("starting", "starting/active/reverse", subject),
                 "starting/active/reverse") == 3);
}

TEST_CASE("starting: reactive energy starts at 25 mA in reverse") {
  check_all_pass(judged("starting", "starting/reactive/reverse", tests::ideal_device(false)),
                 "starting/reactive/reverse");
}

TEST_CASE("starting: each phase starts by itself and none creeps") {
  check_all_pass(judged("starting", "starting/phases", tests::ideal_device(true)),
                 "starting/phases");
}

TEST_CASE("starting: a meter that books 40 percent of its starting current creeps") {
  Subject subject = tests::ideal_device(false);
  subject.ratings.Ist = 0.05;  // 0.4 of it are 20 mA, which starts
  CHECK(failures(judged("starting", "starting/phases", subject), "starting/phases") == 3);
}

TEST_CASE("no-load: nothing flashes and nothing is booked") {
  check_all_pass(judged("no_load", "no_load/open", tests::ideal_device(false)), "no_load/open");
}

TEST_CASE("no-load: at no voltage of its range a meter books without a current") {
  check_all_pass(judged("no_load", "no_load/range", tests::ideal_device(true)), "no_load/range");
}

// 100 000 codes are 2 A: over a cycle of 82 samples the power is off by some 50 W either way.
TEST_CASE("no-load: a meter drowned in noise creeps") {
  Subject subject = tests::ideal_device(false);
  subject.meter = tests::load(
                      "duration: 1 s\n"
                      "meter: {variant: PRO380-Mod, sensors: {adc_noise: 100000}}\n")
                      .meters[0];
  CHECK(failures(judged("no_load", "no_load/range", subject), "no_load/range") == 7);
}

TEST_CASE("meter constant: counter and register and LED tell of one energy") {
  check_all_pass(judged("meter_constant", "meter_constant", tests::ideal_device(false)),
                 "meter_constant");
}

TEST_CASE("self-heating: a meter that heat does nothing to stays where it is") {
  check_all_pass(judged("self_heating", "self_heating/pf1", tests::ideal_device(true)),
                 "self_heating/pf1");
}

// 20 K of rise in the steady state, a time constant of 10 min, and 0.05 % a kelvin that nobody
// corrects: 1 % of change.
TEST_CASE("self-heating: a meter whose transformers mind the heat fails") {
  Subject subject = tests::ideal_device(false);
  subject.meter.sensors.thermal = {20, 100, 600};
  for (models::sensors::TransformerSpec& transformer : subject.meter.sensors.current) {
    transformer.ratio_per_K = 0.0005;
  }
  const Chapter chapter = judged("self_heating", "self_heating/pf1", subject);
  REQUIRE(failures(chapter, "self_heating/pf1") == 1);
  CHECK(chapter.findings[0].quantity == "change of error");
  CHECK(std::abs(*chapter.findings[0].seen) == Approx(1.0).margin(0.05));
}

TEST_CASE("register capacity: the register begins anew at 1e6 kWh and no pulse is lost") {
  check_all_pass(judged("register_capacity", "register_capacity", tests::ideal_device(false)),
                 "register_capacity");
}

TEST_CASE("register capacity: primary counters of a CT meter go through as well") {
  Subject subject = tests::ideal_device(true);
  subject.meter.page.ct_primary_A = 7500;
  check_all_pass(judged("register_capacity", "register_capacity", subject), "register_capacity");
}
