#include "tools/scenario/load.h"

#include <algorithm>
#include <filesystem>

#include "tools/scenario/load_parts.h"
#include "tools/scenario/plain_text.h"

namespace tools {

namespace {

/// The files of recordings and profiles are what the scenario was read from, too: no output may
/// take their place.
void add_data_files(Scenario& scenario) {
  const auto add_file = [&](const std::string& file) {
    const auto& files = scenario.data_files;
    if (std::find(files.begin(), files.end(), file) == files.end()) {
      scenario.data_files.push_back(file);
    }
    const auto& sources = scenario.sources;
    if (std::find(sources.begin(), sources.end(), file) == sources.end()) {
      scenario.sources.push_back(file);
    }
  };
  const auto add = [&](const GridChange& change) {
    if (!change.recording) return;
    for (const std::string& file : change.recording->files) add_file(file);
  };
  for (const MeterSpec& meter : scenario.meters) {
    if (meter.profile) add_file(meter.profile->table->file);
    for (const GridChange& change : meter.grid) add(change);
  }
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.set) add(*entry.set);
  }
}

}  // namespace

Scenario load_scenario(const std::string& path, const std::vector<Override>& overrides,
                       std::optional<std::uint64_t> seed) {
  Scenario out;
  const TreeNode root = compose(path, overrides, &out.sources);
  const SectionReader reader(root, section("scenario"));
  out.content = canonical_text(root);
  out.file = path;
  out.name = made_plain(std::filesystem::path(path).stem().string());
  if (const TreeNode* n = reader.find("title")) out.title = read_text(*n, "title", 200);
  out.duration = read_duration(reader.get("duration"), "duration");
  if (const TreeNode* n = reader.find("seed")) {
    out.seed = static_cast<std::uint64_t>(read_count(*n, "seed", 0, INT64_MAX));
  }
  out.seed = seed.value_or(out.seed);
  out.meters = load_meters(reader, out.seed, out.duration);
  if (const TreeNode* n = reader.find("bus")) out.bus = load_bus(*n);
  if (const TreeNode* n = reader.find("ir")) out.ir = load_ir_head(*n, out.meters);
  if (const TreeNode* n = reader.find("mbus")) out.mbus = load_mbus_line(*n);
  if (const TreeNode* n = reader.find("timeline")) {
    out.timeline = load_timeline(*n, out.meters, out.duration);
  }
  if (const TreeNode* n = reader.find("expect")) {
    out.expectations = load_expectations(*n, out.meters, out.timeline, out.duration);
  }
  add_data_files(out);
  check_bus(out);
  check_ir(out);
  check_mbus(out);
  refuse_overlaps(out);
  return out;
}

}  // namespace tools
