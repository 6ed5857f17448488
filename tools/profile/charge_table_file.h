// metrology/app/charge_table.h, as measured.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/profile/charge_record.h"

namespace tools::profile {

/// What is charged for a worst case that was measured: a sixteenth more, since no set of scenarios
/// has every worst case, rounded up to two significant digits. [twin]
std::uint64_t charge_for(std::uint64_t measured);

/// A row of the table, old and new.
struct MeasuredRow {
  std::string name;
  std::uint64_t times;     ///< how often it was seen
  std::uint64_t measured;  ///< what covers all that was seen, with the other rows' measures
  std::uint64_t present;   ///< what is charged by this build
  std::uint64_t charge;    ///< what should be: charge_for(measured); unseen, what is
};

/// The table of this build against what was measured. Throws std::out_of_range: the record has
/// numbers that the table lacks.
std::vector<MeasuredRow> measured_rows(const ChargeRecord& record);

/// What does not hold of this build's table, a sentence each: it was measured with another image
/// than that of the checksum `image`, or is less than what was seen.
std::vector<std::string> complaints(const ChargeRecord& record, std::uint32_t image);

/// The header's text; `image`: the checksum of the image that was measured.
std::string charge_table_text(const std::vector<MeasuredRow>& rows, std::uint32_t image);

}  // namespace tools::profile
