#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <memory>
#include <thread>

#include "tools/cli/cpu_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/progress_bar.h"
#include "tools/engine/dry_build.h"
#include "tools/report/output_file.h"
#include "tools/report/result.h"
#include "tools/scenario/load.h"
#include "tools/typetest/device.h"
#include "tools/typetest/points/limits.h"
#include "tools/typetest/population.h"
#include "tools/typetest/report_html.h"
#include "tools/typetest/report_json.h"
#include "tools/typetest/report_numbers.h"

namespace tools {
namespace {

namespace po = boost::program_options;
using namespace typetest;

po::options_description typetest_options() {
  const auto text = [] { return po::value<std::string>(); };
  po::options_description options;
  options.add_options()("variant", text(),
                        "V: the version of the meter, such as \"PRO380-Mod CT\"")(
      "class", text(), "B|C: held against that class instead of its nameplate's")(
      "meter", text(), "FILE: the first meter of a scenario is the device under test")(
      "set", po::value<std::vector<std::string>>(),
      "PATH=VALUE: replace or add a value of that scenario")(
      "uncalibrated", "as it came from production, or as the scenario has it")(
      "report", text(), "DIR: writes the report there: index.html, campaign.json and the plots")(
      "json", text(), "F: writes what was found as JSON")("jobs", text(),
                                                          "N: measurements at a time; all cores")(
      "seed", text(), "N: of the parts and of all noise; the scenario's, or 1")(
      "population", text(), "N: that many meters with parts of their own, a few points each")(
      "parameter", po::value<std::vector<std::string>>(),
      "NAME=VALUE: gating=before or after, no_load_constant=N, or a quantity of which a limit is "
      "uncertain, such as conducted=3, in percent")("filter", text(),
                                                    "RE: only tests whose name matches");
  options.add(cpu_options());
  return options;
}

// --- the device
// -----------------------------------------------------------------------------------

struct Device {
  MeterSpec meter;
  std::uint64_t seed;
  std::vector<std::string> files;  ///< that it was read from
};

constexpr std::uint64_t default_seed = 1;

Device read_device(const CommandOptions& options) {
  std::optional<std::uint64_t> seed;
  if (options.has("seed")) seed = read_number("seed", options.text("seed"), 0, UINT64_MAX);
  if (options.has("meter")) {
    const Scenario scenario =
        load_scenario(options.text("meter"), read_overrides(options.texts("set")), seed);
    dry_build(scenario);
    std::vector<std::string> files = scenario.sources;
    for (const MeterSpec& meter : scenario.meters) {
      if (!meter.eeprom_file.empty()) files.push_back(meter.eeprom_file);
    }
    return {scenario.meters.front(), scenario.seed, std::move(files)};
  }
  Device device{new_meter(variant_of(options.text("variant"))), seed.value_or(default_seed), {}};
  draw_parts(device.meter, device.seed);
  return device;
}

/// What is read is not written over, and no output is another one.
void refuse_shared_files(const CommandOptions& options, const std::vector<std::string>& files) {
  std::vector<std::string> taken;
  for (const std::string& file : files) taken.push_back(output_identity(file));
  const auto take = [&taken](const char* option, const std::string& path) {
    const std::string identity = output_identity(path);
    if (std::find(taken.begin(), taken.end(), identity) != taken.end()) {
      throw UsageError(
          fmt::format("--{}: found {}, which is read or written besides, expected a "
                      "file of its own",
                      option, in_quotes(path)));
    }
    taken.push_back(identity);
  };
  if (options.has("report")) {
    const std::string folder = options.text("report");
    for (const char* name : {"/index.html", "/campaign.json"}) take("report", folder + name);
  }
  if (options.has("json")) take("json", options.text("json"));
}

Subject read_subject(const CommandOptions& options) {
  if (!options.has("variant") && !options.has("meter")) {
    throw UsageError("found neither --variant nor --meter, expected one of them");
  }
  if (options.has("set") && !options.has("meter")) {
    throw UsageError("--set: found no scenario that it could change, expected --meter FILE");
  }
  auto [meter, seed, files] = read_device(options);
  choose_cpus(options, {&meter});
  refuse_shared_files(options, files);
  if (options.has("variant") && variant_of(options.text("variant")) != meter.page.variant) {
    throw UsageError(fmt::format("--variant: found {}, but the meter of {} is a {}",
                                 options.text("variant"), options.text("meter"),
                                 name_of(meter.page.variant)));
  }
  const AccuracyClass accuracy_class =
      options.has("class") ? class_of(options.text("class")) : nameplate_class(meter.page.variant);
  return subject_of(meter, accuracy_class, seed);
}

/// Quantities of which a limit is uncertain.
std::vector<std::string> uncertain_names() {
  std::vector<std::string> names = {"repeatability"};
  for (const LimitRow& row : limit_rows()) {
    const std::string name(name_of(row.quantity));
    const bool known = std::find(names.begin(), names.end(), name) != names.end();
    if (row.certainty == Certainty::uncertain && !known) names.push_back(name);
  }
  return names;
}

/// Edges would have to be timed for an hour and more for a smaller limit.
constexpr double least_parameter = 0.01;

Parameters read_parameters(const std::vector<std::string>& texts) {
  Parameters parameters;
  const std::vector<std::string> names = uncertain_names();
  for (const std::string& text : texts) {
    const std::size_t sign = std::min(text.find('='), text.size());
    const std::string name = text.substr(0, sign);
    const std::string value = text.substr(std::min(sign + 1, text.size()));
    if (name == "gating" && (value == "before" || value == "after")) {
      parameters.rms_after_gating = value == "after";
      continue;
    }
    double number = 0;
    const char* end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, number);
    const bool good = parsed.ec == std::errc{} && parsed.ptr == end && std::isfinite(number) &&
                      number >= least_parameter && number <= 1e9;
    if (good && name == "no_load_constant") {
      parameters.no_load_constant = number;
    } else if (good && std::find(names.begin(), names.end(), name) != names.end()) {
      parameters.uncertain_percent[name] = number;
    } else {
      throw UsageError(
          fmt::format("--parameter: found {}, expected gating=before or after, or a "
                      "number from 0.01 on for no_load_constant, {}",
                      in_quotes(text), fmt::join(names, ", ")));
    }
  }
  return parameters;
}

// --- what is printed
// ------------------------------------------------------------------------------

std::string limit_text(const Finding& finding) {
  const std::string unit = finding.unit.empty() ? "" : " " + finding.unit;
  if (finding.at_least && finding.at_most) {
    if (*finding.at_least == -*finding.at_most) {
      return fmt::format("±{:.4g}{}", *finding.at_most, unit);
    }
    return fmt::format("{:.4g} … {:.4g}{}", *finding.at_least, *finding.at_most, unit);
  }
  if (finding.at_least) return fmt::format("at least {:.4g}{}", *finding.at_least, unit);
  if (finding.at_most) return fmt::format("at most {:.4g}{}", *finding.at_most, unit);
  return "none";
}

std::string failure_text(const Finding& finding) {
  const std::string seen = !finding.seen ? "not measured"
                           : finding.unit.empty()
                               ? fmt::format("{:.4g}", *finding.seen)
                               : fmt::format("{:.4g} {}", *finding.seen, finding.unit);
  std::string text = fmt::format("    FAIL {}: {}: {}, limit {} ({})", finding.condition,
                                 finding.quantity, seen, limit_text(finding), finding.source);
  if (!finding.remark.empty()) text += ": " + finding.remark;
  return text + "\n";
}

/// A line a chapter, and what failed in it below.
std::string chapter_table(const Campaign& campaign) {
  std::vector<std::vector<std::string>> rows = {
      {campaign.variant, "findings", "worst, of its limit", "verdict"}};
  for (const Chapter& chapter : campaign.chapters) {
    rows.push_back({"  " + chapter.title, fmt::format("{}", chapter.findings.size()),
                    share_text(chapter.worst_share()), chapter.pass() ? "pass" : "FAIL"});
  }
  const std::string table = columns(rows);
  std::string out;
  std::size_t begin = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::size_t end = table.find('\n', begin) + 1;
    out += table.substr(begin, end - begin);
    begin = end;
    if (row == 0) continue;
    for (const Finding& finding : campaign.chapters[row - 1].findings) {
      if (!finding.pass) out += failure_text(finding);
    }
  }
  return out;
}

std::string last_line(const Campaign& campaign) {
  std::size_t findings = 0;
  for (const Chapter& chapter : campaign.chapters) findings += chapter.findings.size();
  const auto failed = static_cast<std::size_t>(campaign.failures());
  const std::string verdict =
      campaign.pass() ? fmt::format("pass, {} of {} findings hold", findings, findings)
                      : fmt::format("FAIL, {} of {} findings do not hold", failed, findings);
  const double factor = campaign.wall_s > 0 ? campaign.simulated_s / campaign.wall_s : 0;
  return fmt::format(
      "typetest {} class {}: {}; {} points, {:.0f} s simulated in {:.3g} s, {:.0f} times real "
      "time, seed {}\n",
      campaign.variant, campaign.accuracy_class, verdict, campaign.points, campaign.simulated_s,
      campaign.wall_s, factor, campaign.seed);
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16] = {};
  std::tm parts{};
  if (localtime_r(&now, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d", &parts);
  return text;
}

}  // namespace

CommandSpec typetest_spec() {
  CommandSpec spec;
  spec.name = "typetest";
  spec.operands = "--variant V";
  spec.purpose = "the type approval campaign of EN 50470-3 and IEC 62053";
  spec.description = {
      "Carries out the type approval campaign of EN 50470-3 and IEC 62053 on one meter made of "
      "parts with tolerances, which is calibrated before. A line a chapter says how many findings "
      "it has, what the worst one takes of its limit, and the verdict; what fails is listed.",
      "The same device, seed and build give the same findings. Takes about 10 s of a direct meter, "
      "15 s of one with transformers, on two cores."};
  spec.add_options("Options", typetest_options());
  spec.examples = {
      {"typetest --variant PRO380-Mod --report report", "the campaign, and report/index.html"},
      {"typetest --variant 'PRO380-Mod CT' --uncalibrated", "what fails without calibration"},
      {"typetest --meter my-meter.yaml --filter intrinsic", "one test of a device of your own"},
      {"typetest --variant PRO380-Mod --population 100 --seed 7",
       "how a production of 100 spreads, and its yield"}};
  spec.status =
      "0 all findings hold, 1 some do not, 2 wrong usage or input, 3 internal fault or an output "
      "that could not be written, 130 interrupted (SIGINT, SIGTERM, SIGHUP), without a report.";
  return spec;
}

int typetest_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options(typetest_spec());
  if (!options.parse(arguments, 0, 0)) return all_hold;
  CampaignOrder order;
  order.subject = read_subject(options);
  order.calibrated = !options.has("uncalibrated");
  order.filter = options.text("filter");
  order.parameters = read_parameters(options.texts("parameter"));
  order.jobs = options.has("jobs") ? read_number("jobs", options.text("jobs"), 1, 1024)
                                   : std::max(1U, std::thread::hardware_concurrency());
  std::size_t population = 0;
  if (options.has("population")) {
    population = read_number("population", options.text("population"), 1, largest_population);
    if (options.has("filter")) {
      throw UsageError("--filter: found it beside --population, which has no tests to choose from");
    }
  }
  std::unique_ptr<OutputFile> json;
  if (options.has("json")) json = std::make_unique<OutputFile>(options.text("json"));
  if (options.has("report")) prepare_report(options.text("report"));

  watch_for_interrupt();
  const bool terminal = isatty(STDERR_FILENO) == 1;
  order.progress = [terminal](const std::string& what, double done) {
    if (terminal) draw_progress(done, what);
    return !interrupt_wanted();
  };
  Campaign campaign =
      population > 0 ? run_population(order, population, kernel) : run_campaign(order, kernel);
  if (terminal) std::fprintf(stderr, "\r\033[K");
  if (interrupt_wanted()) {
    std::cout << "typetest " << campaign.variant << ": interrupted\n";
    return interrupted;
  }
  campaign.date = today();
  std::cout << chapter_table(campaign) << last_line(campaign);
  if (json) {
    json->write(campaign_document(campaign));
    json->commit();
  }
  if (options.has("report")) write_report(campaign, options.text("report"));
  return campaign.pass() ? all_hold : some_fail;
}

}  // namespace tools
