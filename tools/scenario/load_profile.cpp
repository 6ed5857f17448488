#include <fmt/format.h>

#include <filesystem>

#include "models/recordings/recording.h"
#include "tools/scenario/load_parts.h"
#include "tools/scenario/profile_table.h"

namespace tools {
namespace {

constexpr std::size_t steps_max = 1'000'000;

std::vector<ProfileColumn> load_columns(const TreeNode& node) {
  const SectionReader reader(node, section("profile_columns"));
  std::vector<ProfileColumn> out;
  for (const std::string& quantity : profile_quantities()) {
    const TreeNode* n = reader.find(quantity);
    if (n == nullptr) continue;
    ProfileColumn column;
    column.quantity = quantity;
    if (n->kind == TreeNode::Kind::scalar) {
      column.column = read_text(*n, quantity, 80);
    } else {
      const SectionReader map(*n, section("profile_column_map"));
      column.column = read_text(map.get("column"), "column", 80);
      if (const TreeNode* unit = map.find("unit")) {
        column.unit = choice_type("profile_unit").words[read_choice(*unit, "unit", "profile_unit")];
        const std::string units = profile_units(quantity);
        if (!is_profile_unit(quantity, column.unit)) {
          refuse(*unit, "unit", units.empty() ? "none: it has no unit" : units);
        }
      }
    }
    out.push_back(std::move(column));
  }
  if (out.empty()) refuse(node, "columns", "at least one quantity, such as P or I1");
  return out;
}

}  // namespace

std::shared_ptr<const Profile> load_profile(const TreeNode& node, Ps duration) {
  const SectionReader reader(node, section("profile"));
  const TreeNode& file = reader.get("file");
  const std::filesystem::path named_in = file.position.file ? *file.position.file : std::string();
  const std::string path = (named_in.parent_path() / read_text(file, "file", 4096)).string();
  ProfileFormat format;
  if (const TreeNode* n = reader.find("time")) format.time = read_text(*n, "time", 80);
  if (const TreeNode* n = reader.find("date")) format.date = read_text(*n, "date", 80);
  if (const TreeNode* n = reader.find("interval")) format.interval = read_duration(*n, "interval");
  if (const TreeNode* n = reader.find("stamps")) {
    format.stamps_at_end = read_choice(*n, "stamps", "profile_stamps") == 1;
  }
  if (const TreeNode* n = reader.find("columns")) format.columns = load_columns(*n);
  if (const TreeNode* n = reader.find("header_line")) {
    format.header_line = static_cast<int>(read_count(*n, "header_line", 1, 1000));
  }
  auto profile = std::make_shared<Profile>();
  profile->position = node.position;
  try {
    profile->table = std::make_shared<const ProfileTable>(read_profile(path, format));
  } catch (const models::recordings::RecordingError& error) {
    throw InputError(file.position, fmt::format("profile: {}", error.what()));
  }
  if (const TreeNode* n = reader.find("repeat")) {
    profile->repeats = read_choice(*n, "repeat", "on_or_off") == 0;
  }
  if (const TreeNode* n = reader.find("scale")) {
    profile->scale =
        read_value(*n, "scale", "number", -1e6, 1e6, "a number between -1000000 and 1000000");
  }
  if (const TreeNode* n = reader.find("start")) {
    profile->start = read_time(*n, "start");
    if (profile->start >= profile->table->length) {
      refuse(*n, "start", "a time before its end at " + show_time(profile->table->length));
    }
  }
  if (profile->steps(duration, steps_max) > steps_max) {
    throw InputError(node.position, fmt::format("profile: found more than {} rows in the run, "
                                                "expected fewer",
                                                steps_max));
  }
  return profile;
}

}  // namespace tools
