// How the chapters of procedures judge: numbers at their limits, just beyond them, and missing.
#include "tests/tools/typetest_procedures.h"

#include <catch2/catch.hpp>

#include "tools/typetest/procedures/judging.h"

using namespace tools::typetest;
using nlohmann::json;

namespace {

using Tasks = std::map<std::string, json>;

/// What a meter without a flaw brings home.
Tasks flawless(bool ct) {
  const json start = ct ? json{{"first_s", 347.9}, {"second_s", 347.8}, {"third_s", 347.8}}
                        : json{{"first_s", 26.2}, {"second_s", 26.1}, {"third_s", 26.1}};
  const json reactive = ct ? json{{"first_s", 116}, {"second_s", 116}, {"third_s", 116}}
                           : json{{"first_s", 21}, {"second_s", 21}, {"third_s", 21}};
  json errors = json::array({json::array({0.1, 0.2})});
  for (int minute = 1; minute <= 61; ++minute) errors.push_back({minute - 0.5, 0.2});
  return {{"starting/active/forward", start},
          {"starting/active/reverse", start},
          {"starting/reactive/forward", reactive},
          {"starting/reactive/reverse", reactive},
          {"starting/phases",
           {{"creep_L1", 0},
            {"creep_L2", 0},
            {"creep_L3", 0},
            {"start_L1", 100},
            {"start_L2", 100},
            {"start_L3", 100}}},
          {"no_load/open", {{"iec", 0}, {"en", 1}, {"iec_reactive", 0}, {"change_Wh", 0}}},
          {"no_load/range",
           {{"80", 0}, {"85", 0}, {"90", 0}, {"95", 0}, {"100", 0}, {"105", 0}, {"110", 0}}},
          {"meter_constant",
           ct ? json{{"pulses", 204'000}, {"counter_Wh", 20'400}, {"register_Wh", 20'400}}
              : json{{"pulses", 102'000}, {"counter_Wh", 10'200}, {"register_Wh", 10'200}}},
          {"power_up",
           {{"all_flash_s", 1},
            {"all_answer_s", 2},
            {"L1_flash_s", 1},
            {"L1_answer_s", 2},
            {"L2_flash_s", 1},
            {"L2_answer_s", 2},
            {"L3_flash_s", 1},
            {"L3_answer_s", 2}}},
          {"self_heating/pf1", {{"errors", errors}}},
          {"self_heating/pf0.5ind", {{"errors", errors}}},
          {"overcurrent",
           {{"before_percent", 0},
            {"after_percent", 0},
            {"lost_blocks", 0},
            {"clipped_L1", 40},
            {"clipped_L2", 40},
            {"clipped_L3", 40}}},
          {"voltage_dips",
           {{"before_percent", 0},
            {"after_percent", 0},
            {"a_change_kWh", 0},
            {"a_pulses", 0},
            {"b_change_kWh", 0},
            {"b_pulses", 0},
            {"c_change_kWh", 0},
            {"c_pulses", 0}}},
          // Two seconds of full load before 10⁶ kWh and four behind: 38.3 Wh and 76.7 Wh, or 2.3 Wh
          // and 4.6 Wh.
          {"register_capacity",
           {{"register_before_kWh", 999'999.9375},
            {"register_after_kWh", ct ? 0.0 : 0.07},
            {"counter_kWh", ct ? 1'000'000.0046 : 1'000'000.0767},
            {"pulses", ct ? 69 : 1150},
            {"owed", ct ? 69 : 1150}}}};
}

Chapter judged_with(const std::string& test, bool ct, const Tasks& tasks) {
  Results results;
  results.procedures = tasks;
  return tests::chapter_of(test, tests::ideal_device(ct), results);
}

/// A number of a task that is judged: the last that holds and the first that does not.
struct Edge {
  const char* test;
  bool ct;
  const char* task;
  const char* name;
  double holds;
  double fails;
};

const Edge edges[] = {
    // 1.5 · 26.087 s, 1.5 · 347.826 s, 1.5 · 20.870 s
    {"starting", false, "starting/active/forward", "first_s", 39.130, 39.131},
    {"starting", false, "starting/active/reverse", "second_s", 39.130, 39.131},
    {"starting", true, "starting/active/forward", "third_s", 521.73, 521.74},
    {"starting", false, "starting/reactive/reverse", "first_s", 31.304, 31.305},
    {"starting", false, "starting/phases", "creep_L2", 0, 0.001},
    {"starting", true, "starting/phases", "start_L3", 50, 49.999},
    {"no_load", false, "no_load/open", "iec", 1, 2},
    {"no_load", true, "no_load/open", "en", 1, 2},
    {"no_load", false, "no_load/open", "iec_reactive", 1, 2},
    {"no_load", false, "no_load/open", "change_Wh", 0, 1e-6},
    {"no_load", true, "no_load/range", "95", 0, 1e-6},
    // A tenth of 1 % and of 0.5 %.
    {"meter_constant", false, "meter_constant", "counter_Wh", 10'210.1, 10'210.3},
    {"meter_constant", false, "meter_constant", "register_Wh", 10'189.9, 10'189.7},
    {"meter_constant", true, "meter_constant", "counter_Wh", 20'410.1, 20'410.3},
    {"power_up", false, "power_up", "all_flash_s", 5, 5.001},
    {"power_up", true, "power_up", "L2_answer_s", 5, 5.001},
    {"overcurrent", false, "overcurrent", "after_percent", 1.5, 1.501},
    {"overcurrent", true, "overcurrent", "after_percent", -0.05, -0.0501},
    {"overcurrent", false, "overcurrent", "clipped_L1", 1, 0},
    {"overcurrent", false, "overcurrent", "lost_blocks", 0, 1},
    // x is 0.069 kWh or 690 pulses, and 0.00414 kWh or 41 pulses.
    {"voltage_dips", false, "voltage_dips", "a_pulses", 689, 691},
    {"voltage_dips", true, "voltage_dips", "c_pulses", 41, 42},
    {"voltage_dips", false, "voltage_dips", "b_change_kWh", 0, 1e-9},
    {"voltage_dips", false, "voltage_dips", "after_percent", 0.1, 0.101},
    {"voltage_dips", true, "voltage_dips", "after_percent", 0.05, 0.051},
    {"register_capacity", false, "register_capacity", "counter_kWh", 1e6, 999'999.99},
    {"register_capacity", false, "register_capacity", "register_before_kWh", 999'999.9375, 1e6},
    {"register_capacity", false, "register_capacity", "register_after_kWh", 0.1, 0.11},
    {"register_capacity", false, "register_capacity", "pulses", 1149, 1148},
    {"register_capacity", true, "register_capacity", "pulses", 70, 71}};

}  // namespace

TEST_CASE("procedures: what a meter without a flaw brings home passes") {
  for (const bool ct : {false, true}) {
    for (const std::unique_ptr<Test>& test : procedure_tests()) {
      if (test->id() == "repeatability") continue;  // it has points
      INFO(test->id() << (ct ? " CT" : " direct"));
      const Chapter chapter = judged_with(test->id(), ct, flawless(ct));
      for (const Finding& finding : chapter.findings) {
        INFO(finding.condition << ": " << finding.quantity);
        CHECK(finding.pass);
      }
      CHECK_FALSE(chapter.findings.empty());
      CHECK_FALSE(chapter.method.empty());
      CHECK(chapter.id == test->id());
    }
  }
}

TEST_CASE(
    "procedures: each limit holds at its edge and fails just beyond it and without a number") {
  for (const Edge& edge : edges) {
    INFO(edge.task << " " << edge.name << (edge.ct ? " CT" : " direct"));
    Tasks tasks = flawless(edge.ct);
    json& task = tasks.at(edge.task);
    REQUIRE(task.contains(edge.name));
    task[edge.name] = edge.holds;
    CHECK(judged_with(edge.test, edge.ct, tasks).pass());
    task[edge.name] = edge.fails;
    CHECK_FALSE(judged_with(edge.test, edge.ct, tasks).pass());
    task[edge.name] = nullptr;
    CHECK_FALSE(judged_with(edge.test, edge.ct, tasks).pass());
    task.erase(edge.name);
    CHECK_FALSE(judged_with(edge.test, edge.ct, tasks).pass());
  }
}

TEST_CASE("procedures: a task without a result fails with its fault as the remark") {
  for (const std::unique_ptr<Test>& test : procedure_tests()) {
    Plan plan;
    const Subject subject = tests::ideal_device(false);
    test->plan(subject, {}, plan);
    for (const Task& task : plan.procedures) {
      INFO(task.id);
      Results results;
      results.procedures = flawless(false);
      REQUIRE(results.procedures.erase(task.id) == 1);
      results.faults[task.id] = "the fuse blew";
      const Chapter chapter = test->judge(subject, {}, results);
      CHECK_FALSE(chapter.pass());
      for (const Finding& finding : chapter.findings) {
        if (!finding.pass) CHECK(finding.remark == "the fuse blew");
      }
      results.faults.clear();
      CHECK_FALSE(test->judge(subject, {}, results).pass());
    }
  }
}

TEST_CASE("procedures: a dip may cost x by the standard and nothing by ours") {
  Tasks tasks = flawless(false);
  tasks["voltage_dips"]["a_change_kWh"] = 0.0689;
  const Chapter within = judged_with("voltage_dips", false, tasks);
  tasks["voltage_dips"]["a_change_kWh"] = 0.0691;
  const Chapter beyond = judged_with("voltage_dips", false, tasks);
  int failed_within = 0;
  for (const Finding& finding : within.findings) {
    if (finding.pass) continue;
    ++failed_within;
    CHECK(finding.certainty == Certainty::ours);
  }
  CHECK(failed_within == 1);
  CHECK(tests::failures_of(beyond).size() == 2);
}

TEST_CASE("procedures: the meter constant wants the whole energy though all agrees") {
  Tasks tasks = flawless(false);
  tasks["meter_constant"] = {{"pulses", 99'999}, {"counter_Wh", 9'999.9}, {"register_Wh", 9'999.9}};
  CHECK(tests::failures_of(judged_with("meter_constant", false, tasks)).size() == 1);
  tasks["meter_constant"]["pulses"] = 0;
  CHECK(tests::failures_of(judged_with("meter_constant", false, tasks)).size() == 3);
}

TEST_CASE("procedures: self-heating is judged by the furthest error from the cold meter's") {
  const auto heated = [](double change, bool ct) {
    Tasks tasks = flawless(ct);
    json errors = json::array({json::array({0.1, 0.2})});
    // It rises within half an hour and stays.
    for (int minute = 1; minute <= 61; ++minute) {
      errors.push_back({minute - 0.5, 0.2 + change * std::min(1.0, minute / 30.0)});
    }
    tasks["self_heating/pf1"] = {{"errors", errors}};
    return judged_with("self_heating", ct, tasks);
  };
  CHECK(heated(0.699, false).pass());
  CHECK_FALSE(heated(0.701, false).pass());
  CHECK_FALSE(heated(-0.701, false).pass());
  CHECK(heated(-0.199, true).pass());
  CHECK_FALSE(heated(0.201, true).pass());
  const Chapter chapter = heated(0.3, false);
  REQUIRE(chapter.curves.size() == 1);
  REQUIRE(chapter.curves[0].curves.size() == 2);
  CHECK(chapter.curves[0].curves[0].points.back().second == Approx(0.3));
  CHECK(chapter.curves[0].limits[1].at_most == 1.0);
}

TEST_CASE("procedures: self-heating wants an hour and calm at its end") {
  const auto with = [](const json& errors) {
    Tasks tasks = flawless(false);
    tasks["self_heating/pf1"] = {{"errors", errors}};
    return tests::failures_of(judged_with("self_heating", false, tasks));
  };
  json errors = json::array();
  for (int minute = 1; minute <= 59; ++minute) errors.push_back({minute - 0.5, 0.0});
  CHECK(with(errors) == std::vector<std::string>{"100 A, PF 1: followed for"});
  errors.push_back({59.5, 0.199});
  CHECK(with(errors).empty());
  errors.back()[1] = 0.2001;
  CHECK(with(errors) == std::vector<std::string>{"100 A, PF 1: change in the last 20 min"});
  CHECK(with(json::array()).size() == 3);
}

TEST_CASE("procedures: the register's hours are reckoned from the ratings") {
  Results results;
  results.procedures = flawless(false);
  const auto hours_hold = [&results](double Imax) {
    Subject subject = tests::ideal_device(false);
    subject.ratings.Imax = Imax;
    const Chapter chapter = tests::chapter_of("register_capacity", subject, results);
    return std::pair(chapter.findings[0].pass, chapter.findings[1].pass);
  };
  // 10⁶ kWh / (690 V · I): 4000 h at 362.3 A, 1500 h at 966.2 A.
  CHECK(hours_hold(362) == std::pair(true, true));
  CHECK(hours_hold(363) == std::pair(false, true));
  CHECK(hours_hold(967) == std::pair(false, false));
}

TEST_CASE("procedures: a CT ratio that is set does not decide and is told") {
  Subject subject = tests::ideal_device(true);
  subject.meter.page.ct_primary_A = 7500;
  Results results;
  const Chapter chapter = tests::chapter_of("register_capacity", subject, results);
  CHECK(chapter.findings[0].pass);
  CHECK(*chapter.findings[0].seen == Approx(1e9 / 4140));
  CHECK(chapter.findings[0].remark.find("7500/5, 161 h") != std::string::npos);
}

TEST_CASE("procedures: own consumption holds at Un and would not at 20 % more") {
  Subject subject = tests::ideal_device(false);
  CHECK(tests::chapter_of("consumption", subject, {}).pass());
  subject.ratings.Un = 276;
  const Chapter chapter = tests::chapter_of("consumption", subject, {});
  CHECK_FALSE(chapter.pass());
  for (const Finding& finding : chapter.findings) {
    CHECK(finding.pass == (finding.quantity != "apparent power"));
    CHECK(finding.remark.find("model") != std::string::npos);
  }
}

TEST_CASE("procedures: two elements are not started phase by phase") {
  Subject aron = tests::ideal_device(false);
  aron.meter.page.connection = metrology::hal::Connection::aron;
  for (const Task& task : tests::plan_of("starting", aron).procedures) {
    CHECK(task.id != "starting/phases");
  }
  Results results;
  results.procedures = flawless(false);
  results.procedures.erase("starting/phases");
  CHECK(tests::chapter_of("starting", aron, results).pass());
}

TEST_CASE("procedures: repeated runs differ by a tenth of the limit at the most") {
  const Subject subject = tests::ideal_device(false);
  const Plan plan = tests::plan_of("repeatability", subject);
  REQUIRE(plan.points.size() == 15);
  Results results;
  for (const Point& point : plan.points) {
    PointResult result;
    result.id = point.id;
    result.error_percent = 0.4;
    results.points[point.id] = result;
  }
  const auto failures = [&] {
    return tests::failures_of(tests::chapter_of("repeatability", subject, results));
  };
  CHECK(failures().empty());
  // Class B at Iref: 0.1 %.
  results.points["repeatability/Iref/3"].error_percent = 0.4999;
  CHECK(failures().empty());
  results.points["repeatability/Iref/3"].error_percent = 0.5001;
  CHECK(failures() == std::vector<std::string>{"5 A, PF 1, 5 runs: spread of errors"});
  // At Imin 0.15 %; 0.4 four times and 0.7: deviation 0.3 / √5 = 0.134, spread 0.3.
  results.points["repeatability/Iref/3"].error_percent = 0.4;
  results.points["repeatability/Imin/5"].error_percent = 0.7;
  CHECK(failures() == std::vector<std::string>{"0.25 A, PF 1, 5 runs: spread of errors"});
  results.points["repeatability/Imin/5"].error_percent = 0.8;
  CHECK(failures().size() == 2);
  results.points["repeatability/Imin/5"].fault = "the LED kept dark";
  CHECK(failures().size() == 2);
}

TEST_CASE("procedures: the limit of repeated runs is a parameter") {
  Parameters parameters;
  parameters.uncertain_percent["repeatability"] = 0.02;
  const Subject subject = tests::ideal_device(false);
  Plan plan;
  tests::procedure("repeatability")->plan(subject, parameters, plan);
  for (const Point& point : plan.points) CHECK(point.limit_percent == 0.02);
  const Chapter chapter = tests::procedure("repeatability")->judge(subject, parameters, {});
  for (const Finding& finding : chapter.findings) {
    CHECK(finding.at_most == 0.02);
    CHECK(finding.certainty == Certainty::uncertain);
  }
}

TEST_CASE("procedures: repeated runs share all but their noise") {
  const Plan plan = tests::plan_of("repeatability", tests::ideal_device(true));
  std::map<double, std::vector<int>> repetitions;
  for (const Point& point : plan.points) {
    repetitions[point.condition.current_A].push_back(point.repetition);
    CHECK(point.condition.lag_deg == 0);
  }
  CHECK(repetitions.size() == 3);
  for (const auto& [current, runs] : repetitions) CHECK(runs == std::vector<int>{1, 2, 3, 4, 5});
}

TEST_CASE("procedures: a number that is none lies within no limits") {
  const Limit limit = within(1, "a test");
  CHECK(judged({"", "", "", ""}, 1.0, limit).pass);
  CHECK(judged({"", "", "", ""}, -1.0, limit).pass);
  CHECK_FALSE(judged({"", "", "", ""}, std::nan(""), limit).pass);
  CHECK_FALSE(judged({"", "", "", ""}, std::nullopt, limit).pass);
}
