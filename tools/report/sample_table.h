// The sample sets of one meter's ADC as comma-separated values, one line a set, for spreadsheets,
// plots, and as a recording for another run (its column of times is "time_s"):
//
//   time_s,u1_V,…,i3_A,temperature_C,u1_code,…,temperature_code
//
// Times are exact, in picoseconds. A set bears the instant of its last look at the terminals; what
// it shows is the mean over the 766 looks before, weighed as the sinc³ filter does: 364.8 µs late,
// and a tone of 50 Hz 0.07 % low. A channel that production has told to start later is later by
// that. Volts and amperes are the code's share of the full scale: what an ideal front end would
// have had at its terminals.
#pragma once

#include <array>
#include <string>

#include "peripherals/adc/adc.h"
#include "tools/report/output_file.h"

namespace tools {

using models::pins::Ps;

/// What of a run goes into a table.
struct SampleWindow {
  std::size_t meter = 0;
  Ps from = 0;
  Ps to = models::pins::ps_never;
};

/// 40 minutes; some 1.6 GB. [twin]
inline constexpr std::uint64_t most_sample_sets = 10'000'000;
/// Whether a run that lasts `duration` has no more of them in the window.
bool is_bounded(const SampleWindow& window, Ps duration);

class SampleTable final : public peripherals::SampleObserver {
 public:
  /// `file` must outlive this. `ct_meter`: whose full scale of current is the secondary side's.
  SampleTable(OutputFile& file, const SampleWindow& window, bool ct_meter);
  /// Before the run: the clock of the meter that is observed.
  void set_clock(const peripherals::CoreClock& clock) { clock_ = &clock; }

  /// Before the run, of one that goes on from a state that was saved at `saved`: the piece before
  /// it has what was sampled before `cut` and converted before `saved`, some of which is worked out
  /// again.
  void begin_at(Ps cut, Ps saved) {
    cut_ = cut;
    saved_ = saved;
  }

  /// Keeps the block's lines until write_before(): the kernel must not meet a full disk.
  void sampled(const peripherals::SampleBlock& block) override;
  /// Writes what was sampled before `end`. Throws OutputFailed.
  void write_before(Ps end);

 private:
  struct Line {
    Ps t;
    std::array<std::int32_t, metrology::hal::adc_channel_count> codes;
  };
  std::string text_of(const Line& line) const;

  OutputFile& file_;
  SampleWindow window_;
  std::array<double, metrology::hal::adc_channel_count> full_scale_;
  const peripherals::CoreClock* clock_ = nullptr;
  std::vector<Line> waiting_;
  Ps next_ = 0;   ///< the earliest that was not told
  Ps cut_ = 0;    ///< of the piece before …
  Ps saved_ = 0;  ///< … and where this one goes on
};

}  // namespace tools
