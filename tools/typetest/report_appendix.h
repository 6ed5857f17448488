// What a report says of itself: where its limits are weak, what nobody measured, what its words
// mean.
#pragma once

#include "tools/typetest/html_elements.h"

namespace tools::typetest {

/// The letter of a limit's certainty, and what it stands for. The standard's own has none.
struct CertaintyMark {
  const char* letter;
  const char* meaning;
};
CertaintyMark certainty_mark(Certainty certainty);

void add_appendix(html::Node parent, const Campaign& campaign);

}  // namespace tools::typetest
