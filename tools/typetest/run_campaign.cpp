#include "tools/typetest/run_campaign.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <regex>
#include <systemc>

#include "tools/cli/version.h"
#include "tools/scenario/input_error.h"
#include "tools/typetest/device.h"
#include "tools/typetest/measure_point.h"

namespace tools::typetest {
namespace {

/// Of what calibration leaves [twin]: a fiftieth of the smallest limit of class B.
constexpr double residual_goal_percent = 0.02;

class Stopwatch {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

std::vector<const Test*> chosen_tests(const std::string& filter) {
  std::vector<const Test*> tests;
  try {
    const std::regex expression(filter);
    for (const auto& test : catalogue()) {
      if (filter.empty() || std::regex_search(test->id(), expression)) tests.push_back(test.get());
    }
  } catch (const std::regex_error&) {
    throw UsageError("--filter: found " + in_quotes(filter) + ", expected a regular expression");
  }
  if (tests.empty()) {
    std::string known;
    for (const auto& test : catalogue()) known += (known.empty() ? "" : ", ") + test->id();
    throw UsageError("--filter: found no test that matches " + in_quotes(filter) +
                     ", expected one of " + known);
  }
  return tests;
}

Task timed(const Task& task) {
  return {task.id,
          [run = task.run]() -> nlohmann::json {
            nlohmann::json result = run();
            return {{"result", std::move(result)},
                    {"simulated_s", sc_core::sc_time_stamp().to_seconds()}};
          },
          task.simulated_s};
}

Finding residual_finding(const std::string& id, const std::string& condition, double percent) {
  Finding finding;
  finding.id = id;
  finding.condition = condition;
  finding.quantity = "worst error of a phase";
  finding.unit = "%";
  finding.seen = percent;
  finding.at_least = -residual_goal_percent;
  finding.at_most = residual_goal_percent;
  finding.source = "goal of the calibration";
  finding.certainty = Certainty::ours;
  finding.pass = std::abs(percent) <= residual_goal_percent;
  return finding;
}

std::vector<Fact> constant_facts(const CalibrationConstants& constants) {
  std::vector<Fact> facts;
  for (std::size_t c = 0; c < constants_per_phase; ++c) {
    const auto constant = static_cast<Constant>(c);
    std::string value;
    for (std::size_t p = 0; p < phase_count; ++p) {
      value += fmt::format("{}{:+}", p == 0 ? "" : " / ", constants.of(p, constant));
    }
    const ConstantName& name = name_of(constant);
    facts.push_back({fmt::format("{} [{}]", name.name, name.unit), value});
  }
  return facts;
}

/// The same type of meter from the middle of production.
Subject typical_sample(const Subject& subject) {
  Subject sample = subject;
  sample.meter = new_meter(subject.meter.page.variant);
  give_typical_parts(sample.meter);
  return sample;
}

}  // namespace

Work run_work(const std::vector<Task>& tasks, const KernelEntry& kernel, const CampaignOrder& order,
              const std::string& what) {
  std::vector<Task> all;
  all.reserve(tasks.size());
  for (const Task& task : tasks) all.push_back(timed(task));
  PoolSettings settings;
  settings.jobs = order.jobs;
  if (order.progress) {
    settings.progress = [&](std::size_t done, std::size_t count) {
      return order.progress(what, static_cast<double>(done) / static_cast<double>(count));
    };
  }
  Work work;
  work.outcomes = run_tasks(all, kernel, settings);
  for (TaskOutcome& outcome : work.outcomes) {
    if (outcome.json.empty()) continue;
    const nlohmann::json json = nlohmann::json::parse(outcome.json);
    work.simulated_s += json["simulated_s"].get<double>();
    outcome.json = json["result"].dump();
  }
  return work;
}

Chapter calibration_chapter(const CalibratedMeter& meter) {
  Chapter chapter;
  chapter.id = "calibration";
  chapter.title = "Calibration";
  chapter.method =
      "At 23 °C, balanced, the meter's own readings of U and P are held against the reference "
      "standard: at Iref and PF 1 for the gains, at PF 0.5 inductive for the lead of the current "
      "transformers, at Imin for the offsets. Temperature coefficients come from a typical sample "
      "at -5 °C, 23 °C and 50 °C. Then it is read again.";
  if (!meter.fault.empty()) {
    Finding finding = residual_finding("calibration", "Iref, PF 1, 23 °C", 0);
    finding.seen.reset();
    finding.pass = false;
    finding.remark = meter.fault;
    chapter.findings.push_back(finding);
    return chapter;
  }
  chapter.findings.push_back(
      residual_finding("calibration/pf1", "Iref, PF 1, 23 °C", meter.residual_percent));
  chapter.findings.push_back(residual_finding("calibration/pf0.5ind", "Iref, PF 0.5 ind, 23 °C",
                                              meter.residual_inductive_percent));
  return chapter;
}

Campaign new_campaign(const CampaignOrder& order) {
  const Subject& subject = order.subject;
  Campaign campaign;
  campaign.variant = name_of(subject.meter.page.variant);
  campaign.title = "Type test of " + campaign.variant;
  campaign.accuracy_class = name_of(subject.accuracy_class);
  campaign.seed = subject.seed;
  campaign.build = fmt::format("vmeter {}, firmware CRC-32 {:08X}", build_name(), firmware_crc());
  campaign.meter = nameplate_facts(subject);
  campaign.flaws = flaw_facts(subject.meter);
  campaign.standards = {{"EN 50470-1, EN 50470-3", "2006"},
                        {"IEC 62052-11", "2003"},
                        {"IEC 62053-21, -22, -23", "2003"},
                        {"IEC 62052-11, times of the starting test", "2020"},
                        {"OIML R 46, energy for the meter constant", "2012"},
                        {"CLC/TR 50579", "2012"},
                        {"Directive 2014/32/EU (MID), annex V", "2014"}};
  return campaign;
}

Campaign run_campaign(const CampaignOrder& order, const KernelEntry& kernel) {
  const Stopwatch stopwatch;
  const std::vector<const Test*> tests = chosen_tests(order.filter);
  Campaign campaign = new_campaign(order);
  Subject subject = order.subject;

  if (order.calibrated) {
    const Work type =
        run_work(characterisation_tasks(typical_sample(subject)), kernel, order, "type");
    const CalibrationConstants constants = type_constants(type.outcomes);
    const Work own = run_work({calibration_task(subject, constants)}, kernel, order, "calibration");
    const CalibratedMeter meter = calibrated_meter(own.outcomes.front());
    campaign.simulated_s += type.simulated_s + own.simulated_s;
    campaign.chapters.push_back(calibration_chapter(meter));
    if (!meter.fault.empty()) {
      campaign.wall_s = stopwatch.seconds();
      return campaign;
    }
    campaign.calibration = constant_facts(meter.constants);
    subject.meter.eeprom_bytes = meter.eeprom;
  }

  Plan plan;
  for (const Test* test : tests) test->plan(subject, order.parameters, plan);
  std::vector<Task> tasks;
  tasks.reserve(plan.points.size() + plan.procedures.size());
  for (const Point& point : plan.points) tasks.push_back(task_of(subject, point));
  tasks.insert(tasks.end(), plan.procedures.begin(), plan.procedures.end());
  const Work work = run_work(tasks, kernel, order, "tests");
  campaign.simulated_s += work.simulated_s;

  Results results;
  for (std::size_t n = 0; n < work.outcomes.size(); ++n) {
    const TaskOutcome& outcome = work.outcomes[n];
    if (n < plan.points.size()) {
      const Point& point = plan.points[n];
      results.points[point.id] = point_result(point, outcome);
      if (results.points[point.id].fault.empty()) ++campaign.points;
    } else if (outcome.fault.empty()) {
      results.procedures[tasks[n].id] = nlohmann::json::parse(outcome.json);
    } else {
      results.faults[tasks[n].id] = outcome.fault;
    }
  }
  for (const Test* test : tests) {
    campaign.chapters.push_back(test->judge(subject, order.parameters, results));
  }
  campaign.wall_s = stopwatch.seconds();
  return campaign;
}

}  // namespace tools::typetest
