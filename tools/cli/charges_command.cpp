#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "tools/cli/cpu_options.h"
#include "tools/cli/interrupt.h"
#include "tools/cli/options.h"
#include "tools/cli/scenario_pool.h"
#include "tools/engine/dry_build.h"
#include "tools/isa/flash_image.h"
#include "tools/profile/charge_table_file.h"
#include "tools/profile/report.h"
#include "tools/profile/run_profile.h"
#include "tools/report/output_file.h"
#include "tools/report/result.h"
#include "tools/scenario/load.h"
#include "tools/scenario/units.h"

namespace tools {
namespace {

namespace po = boost::program_options;
using namespace profile;

po::options_description charges_options() {
  const auto text = [] { return po::value<std::string>(); };
  po::options_description options;
  options.add_options()("write", text(), "F: writes the table as measured")(
      "check", "holds this build's table against what was measured, and against the image")(
      "longest", text(), "T: leaves out scenarios whose meters together run longer")(
      "jobs", text(), "N: scenarios at a time; all cores")(
      "firmware", text(), "F: the image's ELF file instead of build/firmware/firmware.elf");
  return options;
}

Ps read_duration(const std::string& text) {
  const ParsedQuantity parsed = parse_quantity(text, {Dimension::time});
  const auto ps = parsed.quantity ? parsed.quantity->scaled(12) : std::nullopt;
  if (!ps || *ps <= 0 || *ps > INT64_MAX) {
    throw UsageError("--longest: found " + in_quotes(text) + ", expected a time such as 200 s");
  }
  return static_cast<Ps>(*ps);
}

/// All scenarios, each of whose meters runs the image; without results beyond its profile.
std::vector<Job> jobs_of(const CommandOptions& options) {
  std::optional<Ps> longest;
  if (options.has("longest")) longest = read_duration(options.text("longest"));
  const auto image =
      std::make_shared<const platform::FirmwareImage>(read_flash_image(firmware_path(options)));
  std::vector<Job> jobs;
  for (const std::string& path : options.operands()) {
    Job job;
    job.scenario = load_scenario(path, {}, {});
    dry_build(job.scenario);
    const auto meters = static_cast<Ps>(job.scenario.meters.size());
    if (longest && job.scenario.duration > *longest / meters) continue;
    for (MeterSpec& meter : job.scenario.meters) {
      meter.image = image;
      meter.eeprom_file.clear();
    }
    job.options.simulation.seed = job.scenario.seed;
    job.options.program_path = firmware_path(options);
    job.options.gives_profile = true;
    jobs.push_back(std::move(job));
  }
  return jobs;
}

/// Runs them; false: told why not.
bool measure(const std::vector<Job>& jobs, const KernelEntry& kernel, std::size_t parallel,
             ChargeRecord& record) {
  watch_for_interrupt();
  bool whole = true;
  const std::vector<Outcome> outcomes =
      ScenarioPool(jobs, kernel, parallel, isatty(STDERR_FILENO) == 1).run();
  for (const Outcome& outcome : outcomes) {
    if (outcome.result && !outcome.interrupted) {
      record.add(charges_of(outcome.profile));
      continue;
    }
    whole = false;
    if (!outcome.fault.empty()) std::cerr << "vmeter: " << outcome.fault << "\n";
  }
  return whole;
}

std::string table_of(const std::vector<MeasuredRow>& rows) {
  std::vector<std::vector<std::string>> out = {
      {"charge", "times", "measured", "to charge", "charged now"}};
  for (const MeasuredRow& row : rows) {
    out.push_back({row.name, std::to_string(row.times),
                   row.times == 0 ? "not seen" : std::to_string(row.measured),
                   std::to_string(row.charge), std::to_string(row.present)});
  }
  return columns(out);
}

}  // namespace

CommandSpec charges_spec() {
  CommandSpec spec;
  spec.name = "charges";
  spec.operands = "FILE…";
  spec.operand = Operand::scenario;
  spec.purpose = "measures what the native firmware is charged with";
  spec.description = {
      "Runs the image that would be flashed through scenarios, cycle for cycle, and measures what "
      "each of the firmware's pieces of code takes at most: what the firmware that was compiled "
      "for the host lets pass for it (metrology/app/charges.h).",
      "Prints the measures. A charge is a sixteenth more than its worst case, rounded up to two "
      "significant digits; one that no scenario has shown stays as it is. What the scenarios "
      "expect is not judged here."};
  spec.add_options("Options", charges_options());
  spec.examples = {
      {"charges scenarios/*.yaml tests/charges/*.yaml --write table.h",
       "the table anew, after a change of the firmware"},
      {"charges scenarios/load-step.yaml --check", "whether the table still holds there"}};
  spec.status =
      "0: measured, and with --check the table holds; 1: it does not; 2, 3 and 130 as "
      "everywhere.";
  return spec;
}

int charges_command(const Arguments& arguments, const KernelEntry& kernel) {
  CommandOptions options(charges_spec());
  if (!options.parse(arguments, 1, SIZE_MAX)) return all_hold;
  if (options.has("write") && options.has("check")) {
    throw UsageError("--check: found --write too, expected one of them");
  }
  const std::uint64_t parallel = options.has("jobs")
                                     ? read_number("jobs", options.text("jobs"), 1, 1024)
                                     : std::max(1U, std::thread::hardware_concurrency());
  std::unique_ptr<OutputFile> file;
  if (options.has("write")) file = std::make_unique<OutputFile>(options.text("write"));
  const std::vector<Job> jobs = jobs_of(options);
  if (jobs.empty()) throw UsageError("--longest: found no scenario that is short enough");

  ChargeRecord record;
  if (!measure(jobs, kernel, parallel, record)) {
    return interrupt_wanted() ? interrupted : internal_fault;
  }
  const std::uint32_t image = image_checksum(firmware_path(options));
  const std::vector<MeasuredRow> rows = measured_rows(record);
  std::cout << table_of(rows);
  if (file) {
    file->write(charge_table_text(rows, image));
    file->commit();
  }
  if (!options.has("check")) return all_hold;
  const std::vector<std::string> wrong = complaints(record, image);
  for (const std::string& sentence : wrong) std::cout << sentence << "\n";
  return wrong.empty() ? all_hold : some_fail;
}

}  // namespace tools
