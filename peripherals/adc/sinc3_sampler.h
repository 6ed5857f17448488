// One channel of the delta-sigma ADC: the codes of a block of samples, worked out from the waveform
// at its terminal when somebody wants them.
//
// The modulator looks at the terminal at core clock edges; the sinc³ filter weighs 766 of its
// looks, one modulator clock (24 core clocks) apart, into a sample. The last look of sample n is at
// edge
//
//   start + 6144·n + 24·offset
//
// and sees the piece of the waveform that holds at that edge's instant (rounded to the picosecond).
// Before kernel time 0 the waveform's first piece and the clock's first stretch are taken to have
// held for ever, so a meter that starts its ADC at once finds no step.
//
// Tones go through the filter analytically. A sample whose window spans several pieces, or a change
// of the clock's frequency, is put together from prefix sums of the filter's taps, exactly, for any
// number of changes. So is what a line adds, straight part by straight part. Codes are rounded
// once, to nearest, and clipped to 24 bits.
//
// The sampler keeps no state that matters: a sample's code is a function of its number, however the
// samples are divided into calls. Noise, too, is a function of (seed, sample number).
#pragma once

#include <cstdint>
#include <vector>

#include "models/pins/analog_source.h"
#include "peripherals/adc/gaussian_noise.h"
#include "peripherals/adc/sinc3_kernels.h"
#include "peripherals/bus/core_clock.h"

namespace peripherals {

struct SamplerSettings {
  double full_scale;             ///< peak value of code 2^23, in the source's unit
  double noise_lsb_rms = 0;      ///< white Gaussian noise added to each sample, in codes
  std::uint64_t noise_seed = 0;  ///< different for every channel of every meter
};

class Sinc3Sampler {
 public:
  /// Source, clock and kernels must outlive the sampler.
  Sinc3Sampler(const models::pins::AnalogSource& source, const CoreClock& clock,
               Sinc3Kernels& kernels, const SamplerSettings& settings);

  /// Writes the codes of samples first … first + count − 1 of a conversion that was started at edge
  /// `start` with `offset_modulator_clocks` (0 … 31). Asks the source and the clock for nothing
  /// later than the last look of the last sample. Returns how many samples were clipped.
  int convert(Cycle start, int offset_modulator_clocks, std::int64_t first, int count,
              std::int32_t* codes);

 private:
  struct RunTone {
    double amplitude;
    std::int64_t frequency_nHz;
    double phase_turns;
  };
  /// A straight part of a line as the looks see it, counted from the run's first.
  struct Slope {
    std::int64_t first;  ///< the first look on it; it ends where the next one begins
    double value;        ///< there
    double per_look;
  };
  /// Looks first … last − 1 (look 0 is the last one of sample 0) that see one piece at one clock
  /// frequency; phases are given at look `first`.
  struct Run {
    std::int64_t first;
    std::int64_t last;
    double core_period_ps;
    double dc;
    std::vector<RunTone> tones;
    std::vector<Slope> slopes;  ///< empty without a line; the first from look 0 on
    double line_peak;
    std::size_t passed;  ///< slopes that no later sample sees
  };

  int convert_chunk(std::int64_t first, int known, int wanted, std::int32_t* codes);
  void find_runs(std::int64_t first_look, std::int64_t last_look);
  void add_run(std::int64_t first, std::int64_t last, Ps instant, double period_ps);
  void add_slopes(Run& run, Ps instant, double before_zero) const;
  static double line_sum(Run& run, std::int64_t oldest, std::int64_t from, std::int64_t to);
  void add_plain(Run& run, std::int64_t first_sample, int count, double* values);
  double straddling(std::size_t run, std::int64_t newest_look);
  double largest_possible() const;

  const models::pins::AnalogSource& source_;
  const CoreClock& clock_;
  Sinc3Kernels& kernels_;
  GaussianNoise noise_;
  double codes_per_unit_;
  Cycle origin_ = 0;  ///< the edge of look 0 in the call being served
  std::size_t run_count_ = 0;
  std::vector<Run> runs_;  ///< storage is reused
  models::pins::Piece piece_;
};

}  // namespace peripherals
