#include "models/recordings/prepare.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "models/recordings/resampler.h"

namespace models::recordings {

namespace {

/// How far an instant may lie from an even grid, of a step: what rounding to microseconds leaves.
constexpr double evenness = 0.02;
constexpr double largest_skew_s = 0.1;
constexpr double most_value = 1e9;

[[noreturn]] void refuse(const Recording& recording, const std::string& found,
                         const std::string& expected) {
  throw RecordingError(recording.file + ": found " + found + ", expected " + expected);
}

/// Samples in the unit they are wanted in, no value missing.
std::vector<double> whole_samples(const Recording& recording, const Choice& choice) {
  const Channel& channel = recording.channels[static_cast<std::size_t>(choice.channel)];
  std::vector<double> out = channel.samples;
  for (std::size_t k = 0; k < out.size();) {
    if (!std::isnan(out[k])) {
      out[k] *= choice.factor;
      if (!(std::abs(out[k]) <= most_value)) {
        refuse(recording, "a value of \"" + channel.name + "\" beyond 1 GV or 1 GA",
               "a smaller one");
      }
      ++k;
      continue;
    }
    std::size_t end = k;
    while (end < out.size() && std::isnan(out[end])) ++end;
    if (end - k > longest_gap || k == 0 || end == out.size()) {
      refuse(recording,
             std::to_string(end - k) + " missing values of \"" + channel.name + "\" from sample " +
                 std::to_string(k + 1) + " on",
             "at most " + std::to_string(longest_gap) + " between two that are there");
    }
    const double before = out[k - 1];
    const double after = out[end] * choice.factor;
    const auto steps = static_cast<double>(end - k + 1);
    for (std::size_t j = k; j < end; ++j) {
      out[j] = before + (after - before) * static_cast<double>(j - k + 1) / steps;
    }
    k = end;
  }
  return out;
}

/// Rates of a recording whose instants are timestamps that lie evenly; empty if they do not, and
/// for what is too slow to be resampled.
std::vector<Section> rates_of(const Recording& recording) {
  if (!recording.sections.empty()) return recording.sections;
  const double step =
      static_cast<double>(recording.at.back()) / static_cast<double>(recording.samples - 1);
  if (1e12 / step < least_rate_Hz) return {};
  for (std::size_t k = 0; k < recording.samples; ++k) {
    const double off = static_cast<double>(recording.at[k]) - static_cast<double>(k) * step;
    if (std::abs(off) > evenness * step) return {};
  }
  return {{0, 1e12 / step}};
}

class Preparer {
 public:
  Preparer(const Recording& recording, const std::vector<Choice>& choices,
           const PlaybackOptions& options)
      : recording_(recording), choices_(choices), options_(options) {
    out_.loop = options.loop;
    out_.frequency_nHz = options.frequency_nHz;
  }

  PlaybackData prepare() {
    for (const Choice& choice : choices_) {
      if (!(std::abs(skew_of(choice)) <= largest_skew_s)) {
        refuse(recording_, "a skew of " + std::to_string(skew_of(choice)) + " s",
               "100 ms at the most");
      }
    }
    sections_ = rates_of(recording_);
    if (options_.resample && !sections_.empty()) {
      resample();
    } else {
      take_samples();
    }
    if (options_.remove_mean) remove_means();
    return std::move(out_);
  }

 private:
  double skew_of(const Choice& choice) const {
    return recording_.channels[static_cast<std::size_t>(choice.channel)].skew_s;
  }

  void check_points(double points) const {
    if (points * static_cast<double>(choices_.size()) > static_cast<double>(most_values)) {
      refuse(recording_, "a recording that would need " + std::to_string(points) + " points",
             "at most " + std::to_string(most_values) + " of all channels together");
    }
  }

  static std::size_t multiple_of(double rate_Hz) {
    return static_cast<std::size_t>(std::ceil(std::max(1.0, least_points_per_s / rate_Hz)));
  }

  /// The samples that a section spans: from the last one of the section before on, and to the next
  /// repetition's first one where there are several sections.
  std::vector<double> span(const std::vector<double>& samples, std::size_t s) const {
    const std::size_t begin = s == 0 ? 0 : sections_[s].first - 1;
    const bool last = s + 1 == sections_.size();
    const std::size_t end = last ? samples.size() : sections_[s + 1].first;
    std::vector<double> out(samples.begin() + static_cast<std::ptrdiff_t>(begin),
                            samples.begin() + static_cast<std::ptrdiff_t>(end));
    if (last && options_.loop && sections_.size() > 1) out.push_back(samples.front());
    return out;
  }

  void resample() {
    double points = 0;
    for (std::size_t s = 0; s < sections_.size(); ++s) {
      const std::size_t end =
          s + 1 < sections_.size() ? sections_[s + 1].first : recording_.samples;
      points += static_cast<double>(end - sections_[s].first) *
                static_cast<double>(multiple_of(sections_[s].rate_Hz));
    }
    check_points(points);
    const bool circular = options_.loop && sections_.size() == 1;
    for (const Choice& choice : choices_) {
      const std::vector<double> samples = whole_samples(recording_, choice);
      std::vector<double>& line = out_.values.emplace_back();
      for (std::size_t s = 0; s < sections_.size(); ++s) {
        const double rate = sections_[s].rate_Hz;
        const std::vector<double> part =
            resampled(span(samples, s), circular ? Edges::repeat : Edges::reflect,
                      multiple_of(rate), skew_of(choice) * rate);
        if (s > 0) line.pop_back();  // the point that two sections share
        line.insert(line.end(), part.begin(), part.end());
      }
      if (options_.loop && !circular) line.pop_back();
    }
    place_points();
  }

  /// Instants of the resampled points, each section's counted from its begin.
  void place_points() {
    Ps begin = 0;
    Ps after = 0;
    for (std::size_t s = 0; s < sections_.size(); ++s) {
      const bool last = s + 1 == sections_.size();
      const std::size_t end = last ? recording_.samples : sections_[s + 1].first;
      const std::size_t steps_here =
          end - (s == 0 ? 0 : sections_[s].first - 1) - (last && options_.loop ? 0 : 1);
      const std::size_t steps = steps_here * multiple_of(sections_[s].rate_Hz);
      const auto rate = static_cast<long double>(sections_[s].rate_Hz) *
                        static_cast<long double>(multiple_of(sections_[s].rate_Hz));
      const auto at = [&](std::size_t n) {
        return begin + static_cast<Ps>(std::llround(static_cast<long double>(n) / rate * 1e12L));
      };
      for (std::size_t n = 0; n < steps; ++n) out_.at.push_back(at(n));
      after = at(steps);
      begin = after;
    }
    if (!options_.loop) out_.at.push_back(after);
    out_.length = after;
  }

  /// The samples as they are. Where channels are skewed against each other each has a point at
  /// every other's instants too, on its own straight line.
  void take_samples() {
    check_points(static_cast<double>(recording_.samples) *
                 static_cast<double>(choices_.size() + 1));
    const std::vector<Ps> instants = recording_.instants();
    out_.length = options_.loop ? recording_.repeats_after() : instants.back();
    const auto skew_ps = [&](const Choice& choice) { return std::llround(skew_of(choice) * 1e12); };
    out_.at = instants;
    for (const Choice& choice : choices_) {
      if (skew_ps(choice) == 0) continue;
      for (const Ps t : instants) {
        if (const auto moved = moved_by(t, skew_ps(choice))) out_.at.push_back(*moved);
      }
    }
    std::sort(out_.at.begin(), out_.at.end());
    out_.at.erase(std::unique(out_.at.begin(), out_.at.end()), out_.at.end());
    for (const Choice& choice : choices_) {
      const std::vector<double> samples = whole_samples(recording_, choice);
      std::vector<double>& line = out_.values.emplace_back();
      line.reserve(out_.at.size());
      for (const Ps t : out_.at) line.push_back(on_line(instants, samples, t, skew_ps(choice)));
    }
  }

  /// A sample's instant with its skew, within the recording; none where it would fall out of it.
  std::optional<Ps> moved_by(Ps t, long long skew) const {
    const auto length = static_cast<grid::Int128>(out_.length);
    grid::Int128 moved = grid::Int128{t} + skew;
    if (options_.loop) moved = grid::floor_mod(moved, length);
    if (moved < 0 || moved > length) return std::nullopt;
    return static_cast<Ps>(moved);
  }

  /// The straight lines between samples taken `skew` later than said, at `t`.
  double on_line(const std::vector<Ps>& instants, const std::vector<double>& samples, Ps t,
                 long long skew) const {
    grid::Int128 own = grid::Int128{t} - skew;
    if (options_.loop) own = grid::floor_mod(own, grid::Int128{out_.length});
    if (own <= 0) return samples.front();  // beyond its ends a skewed channel holds its value
    const auto next = std::upper_bound(instants.begin(), instants.end(), static_cast<Ps>(own));
    const auto k = static_cast<std::size_t>(next - instants.begin());
    if (k == instants.size() && !options_.loop) return samples.back();
    const Ps begin = instants[k - 1];
    const Ps end = k < instants.size() ? instants[k] : out_.length;
    const double after = k < samples.size() ? samples[k] : samples.front();
    const double share =
        static_cast<double>(static_cast<Ps>(own) - begin) / static_cast<double>(end - begin);
    return samples[k - 1] + share * (after - samples[k - 1]);
  }

  void remove_means() {
    for (std::vector<double>& line : out_.values) {
      long double area = 0;
      for (std::size_t k = 0; k < line.size(); ++k) {
        const bool last = k + 1 == line.size();
        if (last && !options_.loop) break;
        const Ps end = last ? out_.length : out_.at[k + 1];
        const double after = last ? line.front() : line[k + 1];
        area += static_cast<long double>(end - out_.at[k]) * ((line[k] + after) / 2);
      }
      const auto mean = static_cast<double>(area / static_cast<long double>(out_.length));
      for (double& value : line) value -= mean;
    }
  }

  const Recording& recording_;
  const std::vector<Choice>& choices_;
  const PlaybackOptions& options_;
  std::vector<Section> sections_;
  PlaybackData out_;
};

}  // namespace

std::shared_ptr<const Playback> make_playback(const Recording& recording,
                                              const std::vector<Choice>& choices,
                                              const PlaybackOptions& options) {
  return std::make_shared<const Playback>(Preparer(recording, choices, options).prepare());
}

}  // namespace models::recordings
