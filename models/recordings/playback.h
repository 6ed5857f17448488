// A recording ready to be played: its channels as lines, straight from point to point, at common
// instants. The lines are the definition of the waveform: whoever samples it and whoever tells its
// energy look at the same points, and integrals are closed forms of them.
//
// Times are picoseconds of the recording, 0 at its first point. A looped one repeats for ever,
// before 0 and after `length`, and the line from its last point goes to its first one again, so
// there is no step. One that is not looped is 0 before 0 and after `length`.
//
// Integrals are kept as running sums, worked out once when first asked for, so that the energy of a
// day of a short loop costs no more than that of a cycle.
#pragma once

#include <complex>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "models/grid/exact_phase.h"
#include "models/pins/analog_source.h"

namespace models::recordings {

using grid::Int128;
using pins::Ps;

/// A channel and by what it is multiplied.
struct Share {
  int channel;
  double weight;
};

/// What a Playback is made of.
struct PlaybackData {
  std::vector<Ps> at;  ///< rising, the first 0; every channel has a value for each
  std::vector<std::vector<double>> values;
  Ps length = 0;  ///< of a loop: after the last point; else the last point
  bool loop = false;
  std::int64_t frequency_nHz = 0;  ///< nominal: what a cycle is
};

class Playback {
 public:
  /// Throws std::invalid_argument for data that are not as PlaybackData says.
  explicit Playback(PlaybackData data);

  bool loop() const { return data_.loop; }
  Ps length() const { return data_.length; }
  std::int64_t frequency_nHz() const { return data_.frequency_nHz; }
  int channels() const { return static_cast<int>(data_.values.size()); }
  /// Points of one repetition.
  std::size_t points() const { return data_.at.size(); }
  /// The largest magnitude of a channel.
  double peak(int channel) const { return peaks_[static_cast<std::size_t>(channel)]; }
  double value(int channel, Int128 t) const;

  /// Writes the line that the shares make together on [start, end], both absolute, with the
  /// recording's 0 at `origin`: first and last point lie exactly there.
  void write_line(const std::vector<Share>& shares, Int128 origin, Ps start, Ps end,
                  std::vector<pins::Point>& line) const;

  /// ∫ a·b dt over [from, to), in seconds.
  long double product(int a, int b, Int128 from, Int128 to) const;
  /// ∫ a·e^(j2πft) dt over [from, to), in seconds; f 0 gives the plain integral.
  std::complex<double> moment(int channel, std::int64_t frequency_nHz, Int128 from,
                              Int128 to) const;

 private:
  struct Place {
    Int128 loops;       ///< whole repetitions before
    Ps rest;            ///< time within this one …
    std::size_t index;  ///< … and the point at or before it
  };
  Place place_of(Int128 t) const;
  Int128 clamped(Int128 t) const;
  Ps instant(std::size_t index) const;
  double value_at(int channel, std::size_t index) const;
  double value_within(int channel, std::size_t index, Ps rest) const;

  void fill_line(const std::vector<Share>& shares, std::size_t begin, std::size_t until, Ps turn,
                 pins::Point* out) const;
  template <typename Sum, typename Segment>
  std::vector<Sum> running_sums(const Segment& segment) const;
  const std::vector<long double>& product_sums(int a, int b) const;
  long double product_segment(int a, int b, std::size_t index, Ps until) const;
  long double product_until(int a, int b, const Place& place) const;
  using Complex = std::complex<double>;
  const std::vector<Complex>& moment_sums(int channel, std::int64_t frequency_nHz) const;
  Complex moment_segment(int channel, std::int64_t frequency_nHz, std::size_t index,
                         Ps until) const;
  Complex moment_until(int channel, std::int64_t frequency_nHz, const Place& place) const;

  PlaybackData data_;
  std::vector<double> peaks_;
  // Sums up to every so many points.
  mutable std::map<std::pair<int, int>, std::vector<long double>> product_sums_;
  mutable std::map<std::pair<int, std::int64_t>, std::vector<Complex>> moment_sums_;
};

}  // namespace models::recordings
