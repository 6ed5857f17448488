#include <fmt/format.h>

#include <set>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

void warn_of(const Profile& profile, Ps duration, std::vector<std::string>& out) {
  const ProfileTable& table = *profile.table;
  const auto warn = [&](const std::string& what) {
    out.push_back(to_string(profile.position) + ": profile: " + what);
  };
  for (const std::string& name : table.ignored) {
    warn("found a column " + in_quotes(name) + ", which means nothing and is passed over");
  }
  if (profile.repeats) return;
  std::size_t beyond = 0;
  for (const ProfileRow& row : table.rows) {
    if (row.begin > profile.start && row.begin - profile.start >= duration) ++beyond;
  }
  if (beyond > 0) {
    warn(fmt::format("found {} rows after the end at {}, which are passed over", beyond,
                     show_time(duration)));
  }
  const Ps over = table.length - profile.start;
  if (over < duration) {
    warn(
        fmt::format("found a table that is over at {}, before the end at {}: its last row holds "
                    "on; repeat: on begins it anew",
                    show_time(over), show_time(duration)));
  }
}

}  // namespace

void warn_of_profiles(const Scenario& scenario, std::vector<std::string>& out) {
  std::set<const Profile*> seen;
  for (const MeterSpec& meter : scenario.meters) {
    const Profile* profile = meter.profile.get();
    if (profile == nullptr || !seen.insert(profile).second) continue;
    warn_of(*profile, scenario.duration, out);
  }
}

}  // namespace tools
