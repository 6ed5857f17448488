#include "tools/typetest/campaign.h"

#include <algorithm>

namespace tools::typetest {

bool Chapter::pass() const {
  return std::all_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.pass; });
}

bool Campaign::pass() const { return failures() == 0; }

int Campaign::failures() const {
  std::ptrdiff_t count = 0;
  for (const Chapter& chapter : chapters) {
    count += std::count_if(chapter.findings.begin(), chapter.findings.end(),
                           [](const Finding& finding) { return !finding.pass; });
  }
  return static_cast<int>(count);
}

}  // namespace tools::typetest
