// Sound files as recordings (libsndfile): channels are named 1, 2, …; a sample is −1 … 1 of
// whatever the recorder took for full scale.
#pragma once

#include <string>

#include "models/recordings/recording.h"

namespace models::recordings {

/// RIFF WAVE of 16, 24 or 32 bit PCM or 32 bit float. Throws RecordingError.
Recording read_wav(const std::string& path);

}  // namespace models::recordings
