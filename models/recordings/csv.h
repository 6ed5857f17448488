// Tables of numbers as text: a first line with the columns' names, then one line a sample set.
//
// The separator is a semicolon if the first line has one, else a comma; the decimal sign is a
// point. Names may stand in double quotes. Empty lines at the end are passed over. Every cell is a
// number, or empty for a missing value.
#pragma once

#include <string>
#include <string_view>

#include "models/recordings/recording.h"

namespace models::recordings {

struct CsvOptions {
  std::string time_column;  ///< whose values are seconds; or empty and
  double rate_Hz = 0;       ///< samples a second
};

/// Throws RecordingError.
Recording read_csv(std::string_view text, const std::string& file, const CsvOptions& options);

}  // namespace models::recordings
