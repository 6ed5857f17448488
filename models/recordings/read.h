// Any recording by its file's name: .cfg with its .dat beside it, .cff, .csv, .wav.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/recordings/csv.h"
#include "models/recordings/recording.h"

namespace models::recordings {

enum class Format : std::uint8_t { comtrade, cff, csv, wav };

/// What the ending of a name, in either case, says. Throws RecordingError for any other.
Format format_of(const std::string& path);

/// Reads and checks the file. `csv` counts for that format only. Throws RecordingError.
Recording read_recording(const std::string& path, const CsvOptions& csv);

/// The same of a single COMTRADE file's bytes.
Recording read_cff(std::string_view bytes, const std::string& file);

/// The files that a recording is made of: the one named, and a configuration's data.
std::vector<std::string> files_of(const std::string& path);

}  // namespace models::recordings
