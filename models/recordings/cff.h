// COMTRADE's single file of 2013: the configuration, notes and the data one after the other, each
// behind a line of its own:
//
//   --- file type: CFG ---
//   --- file type: INF ---                  notes; not used here, as HDR
//   --- file type: HDR ---
//   --- file type: DAT ASCII ---
//   --- file type: DAT BINARY: 4096 ---     so many bytes follow
#pragma once

#include <string_view>

#include "models/recordings/text.h"

namespace models::recordings {

struct CffSections {
  std::string_view config;
  Source config_source;
  std::string_view data;
  Source data_source;
  bool binary = false;
};

/// Finds the parts of a file's bytes, to which they refer. Throws RecordingError.
CffSections split_cff(std::string_view bytes, const std::string& file);

}  // namespace models::recordings
