// From a recording to what can be played: channels chosen and scaled, gaps bridged, resampled.
#pragma once

#include <memory>
#include <vector>

#include "models/recordings/playback.h"
#include "models/recordings/recording.h"

namespace models::recordings {

/// Points are at least so close after resampling: 1024 a cycle of 50 Hz. [twin]
inline constexpr double least_points_per_s = 51'200;
/// So many missing values in a row are bridged by a straight line; more are refused. [twin]
inline constexpr std::size_t longest_gap = 3;

/// A channel of a recording and by what its values are multiplied.
struct Choice {
  int channel;
  double factor;
};

struct PlaybackOptions {
  bool loop = false;
  bool resample = true;      ///< else the samples themselves are the points
  bool remove_mean = false;  ///< the mean of the whole line is taken off
  std::int64_t frequency_nHz = 0;
};

/// The playback whose channel n is choice n. A recording at one rate is resampled, one at several
/// rates section by section; one whose instants are not even keeps its samples as points, as
/// without `resample`. Throws RecordingError for gaps that are too long, and where there would be
/// too many points.
std::shared_ptr<const Playback> make_playback(const Recording& recording,
                                              const std::vector<Choice>& choices,
                                              const PlaybackOptions& options);

}  // namespace models::recordings
