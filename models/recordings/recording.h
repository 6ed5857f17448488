// A recording as its file has it: channels of samples and the instants at which they were taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/pins/time.h"

namespace models::recordings {

using pins::Ps;

/// What is wrong with a recording: one sentence with the file's name, the line or the record where
/// there is one, what was found and what was expected.
class RecordingError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What a channel's samples are in, prefixes (kV, mA) already worked in. `plain` has no unit of its
/// own: whoever uses it says what it means.
enum class Unit : std::uint8_t { volt, ampere, plain, other };

/// A sample that the recorder has marked as missing is stored as NaN.
struct Channel {
  std::string name;
  Unit unit = Unit::plain;
  std::string unit_text;  ///< as found
  std::vector<double> samples;
  /// Primary per secondary value of a transformer in front of the recorder, 0 where none is known,
  /// and on which of its sides the samples are.
  double ratio = 0;
  bool primary = false;
  double skew_s = 0;  ///< this channel was sampled so much later than the instants say
};

/// So many samples at one rate.
struct Section {
  std::size_t first;  ///< index of its first sample
  double rate_Hz;
};

/// Limits that keep a file's claims from taking the machine's memory. [twin]
inline constexpr std::size_t most_file_bytes = std::size_t{256} << 20;
inline constexpr std::size_t most_values = std::size_t{48} << 20;
/// Of a recording that is a waveform of mains. [twin]
inline constexpr double least_rate_Hz = 100;
inline constexpr double most_rate_Hz = 10e6;

struct Recording {
  std::string file;
  std::vector<Channel> channels;
  std::size_t samples = 0;  ///< of every channel
  /// Where each rate begins, the first at 0. Empty: `at` holds every sample's instant.
  std::vector<Section> sections;
  std::vector<Ps> at;
  double frequency_Hz = 0;  ///< nominal, of the mains; 0 where the file does not say

  /// The instants of all samples since the first one, whole picoseconds. Of rates, sample n of a
  /// section comes n/rate after the section's first; the step into a section has its rate.
  std::vector<Ps> instants() const;
  /// How long a repetition lasts: from the first sample to one step past the last.
  Ps repeats_after() const;
  /// Whether all samples lie evenly at one rate.
  bool even() const { return sections.size() == 1; }
  /// Index of a channel, exactly as named; −1 for none.
  int find(const std::string& name) const;
};

}  // namespace models::recordings
