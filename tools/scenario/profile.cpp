#include "tools/scenario/profile.h"

#include <algorithm>

namespace tools {

const ProfileRow& Profile::first() const {
  const std::vector<ProfileRow>& rows = table->rows;
  const auto next = std::upper_bound(rows.begin(), rows.end(), start,
                                     [](Ps t, const ProfileRow& row) { return t < row.begin; });
  return *(next - 1);  // the first row begins at 0
}

std::size_t Profile::steps(Ps end, std::size_t most) const {
  const std::vector<ProfileRow>& rows = table->rows;
  if (repeats && end / table->length > most / rows.size()) return most + 1;
  std::size_t count = 0;
  for_each(end, [&count](Ps, const ProfileRow&) { ++count; });
  return count;
}

}  // namespace tools
