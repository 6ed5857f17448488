#include "tools/scenario/load.h"

#include <algorithm>
#include <filesystem>

#include "tools/scenario/load_parts.h"
#include "tools/scenario/plain_text.h"

namespace tools {

namespace {

/// A recording's files are what the scenario was read from, too: no output may take their place.
void add_recordings(Scenario& scenario) {
  const auto add = [&](const GridChange& change) {
    if (!change.recording) return;
    for (const std::string& file : change.recording->files) {
      const auto& sources = scenario.sources;
      if (std::find(sources.begin(), sources.end(), file) == sources.end()) {
        scenario.sources.push_back(file);
      }
    }
  };
  for (const MeterSpec& meter : scenario.meters) {
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
  out.file = path;
  out.name = made_plain(std::filesystem::path(path).stem().string());
  if (const TreeNode* n = reader.find("title")) out.title = read_text(*n, "title", 200);
  out.duration = read_duration(reader.get("duration"), "duration");
  if (const TreeNode* n = reader.find("seed")) {
    out.seed = static_cast<std::uint64_t>(read_count(*n, "seed", 0, INT64_MAX));
  }
  out.seed = seed.value_or(out.seed);
  out.meters = load_meters(reader, out.seed);
  if (const TreeNode* n = reader.find("bus")) out.bus = load_bus(*n);
  if (const TreeNode* n = reader.find("ir")) out.ir = load_ir_head(*n, out.meters);
  if (const TreeNode* n = reader.find("mbus")) out.mbus = load_mbus_line(*n);
  if (const TreeNode* n = reader.find("timeline")) {
    out.timeline = load_timeline(*n, out.meters, out.duration);
  }
  if (const TreeNode* n = reader.find("expect")) {
    out.expectations = load_expectations(*n, out.meters, out.timeline, out.duration);
  }
  add_recordings(out);
  check_bus(out);
  check_ir(out);
  check_mbus(out);
  refuse_overlaps(out);
  return out;
}

}  // namespace tools
