// A whole campaign: the device is calibrated, all that the tests want measured is measured in one
// pool of processes, and each test judges what came of it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tools/cli/commands.h"
#include "tools/typetest/calibration.h"
#include "tools/typetest/campaign.h"
#include "tools/typetest/subject.h"
#include "tools/typetest/test.h"

namespace tools::typetest {

struct CampaignOrder {
  Subject subject;
  bool calibrated = true;  ///< else as the device comes
  std::string filter;      ///< a regular expression: only tests whose id has a match; empty: all
  Parameters parameters;
  std::size_t jobs = 1;
  /// Told what is being done and how much of it is done, 0 … 1; returns false to end. May be empty.
  std::function<bool(const std::string& what, double done)> progress;
};

/// Work that remembers how much time it simulated.
struct Work {
  std::vector<TaskOutcome> outcomes;
  double simulated_s = 0;
};
/// Runs tasks that may be points or procedures, under the order's settings; longest first.
Work run_work(const std::vector<Task>& tasks, const KernelEntry& kernel, const CampaignOrder& order,
              const std::string& what);

/// The calibration as a chapter: what it left.
Chapter calibration_chapter(const CalibratedMeter& meter);

/// Header of a report: nameplate, flaws, standards, seed, build.
Campaign new_campaign(const CampaignOrder& order);

/// The campaign. An order that was ended has findings without a result. Throws UsageError for a
/// filter that is no regular expression or matches no test, std::runtime_error when the type cannot
/// be characterised.
Campaign run_campaign(const CampaignOrder& order, const KernelEntry& kernel);

}  // namespace tools::typetest
