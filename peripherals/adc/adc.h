// ADC: seven delta-sigma channels, 4096 sample sets a second.
//
//   offset      name           access  reset  bits
//   0x00        CONTROL        R/W     0      bit 0 run
//   0x04        START_TIME_LO  R       0      core counter at sample 0 of the present or last run
//   0x08        START_TIME_HI  R       0      … bits 63…32
//   0x0C        SAMPLE_COUNT   R       0      sets converted since the start, bits 31…0
//   0x10        CLIP_STATUS    R/W1C   0      bit n: channel n clipped
//   0x14        START_DELAY    R/W     0      core clocks from the last reset before which sample 0
//                                             is not taken; a write while running is a bus error
//   0x20 + 4n   OFFSET_n       R/W     0      4…0: start offset of channel n in modulator clocks;
//                                             a write while running is a bus error
//   0x40 + 4n   CLIP_COUNT_n   R       0      clipped samples of channel n, wraps at 2^32
//   0x60 + 4n   DATA_n         R       0      latest code of channel n, sign-extended
//
// n = 0…6, hal::AdcChannel. A write of run = 1 that commits at edge c sets START = c + 3·6144: the
// filter's 766 taps fill first; with a START_DELAY it is the reset's edge + START_DELAY if that is
// later, so that it does not hang on how long the program takes to boot. [twin] Channel k takes
// sample n at edge START + 6144·n + 24·OFFSET_k (the last look of its modulator). The set is
// converted, shows in the registers and is offered to the DMA at START + 6144·n + 768, later than
// every channel's instant. A write of run = 0 at edge c keeps what was converted up to c; counters
// and data stand until the next start, which clears SAMPLE_COUNT only. Behind the APB bridge.
//
// Nothing happens at a sample's instant: codes are worked out when somebody reads them, and every
// 128 sets at the latest, so that the world need not remember more than that: by the DMA where it
// moves them, else by themselves.
#pragma once

#include <array>
#include <type_traits>
#include <vector>

#include "metrology/hal/memory_map.h"
#include "peripherals/adc/sinc3_sampler.h"
#include "peripherals/bus/core_counter.h"
#include "peripherals/bus/due_time.h"
#include "peripherals/bus/register_target.h"

namespace peripherals {

/// Who must know when sample sets begin and cease to come: the DMA.
class ConversionListener {
 public:
  ConversionListener() = default;
  ConversionListener(const ConversionListener&) = delete;
  ConversionListener& operator=(const ConversionListener&) = delete;
  virtual ~ConversionListener() = default;

  /// Sets come from now on; Adc::start() is known.
  virtual void conversion_started() = 0;
  /// Called before the ADC stops at edge `at`, while its sets up to then can still be had.
  virtual void conversion_stopping(Cycle at) = 0;
};

/// Sample sets as they were worked out, for who looks over the ADC's shoulder. Set n of the
/// conversion was taken at edge `start` + 6144·n, channel k 24·offset[k] later.
struct SampleBlock {
  Cycle start;
  std::int64_t first;
  int count;
  std::array<std::uint32_t, metrology::hal::adc_channel_count> offset;
  /// Per channel, `count` codes.
  std::array<const std::int32_t*, metrology::hal::adc_channel_count> codes;
};

/// Who is told of every sample set, in their order, 128 of them late at most.
class SampleObserver {
 public:
  SampleObserver() = default;
  SampleObserver(const SampleObserver&) = delete;
  SampleObserver& operator=(const SampleObserver&) = delete;
  virtual ~SampleObserver() = default;

  /// The block holds until this returns.
  virtual void sampled(const SampleBlock& block) = 0;
};

class Adc : public RegisterTarget {
 public:
  static constexpr int channels = metrology::hal::adc_channel_count;
  /// Sets that are kept for the DMA.
  static constexpr int kept_sets = 2 * metrology::hal::block_samples;

  struct State {
    bool running;
    Cycle start;
    Cycle reset_at;  ///< edge of the last reset
    std::uint32_t start_delay;
    std::int64_t converted;  ///< sets that have been worked out since the start
    Cycle keep_up_due;       ///< by when the next are at the latest, else cycle_never
    std::uint32_t clip_status;
    std::array<std::uint32_t, channels> offset;
    std::array<std::uint32_t, channels> clip_count;
    std::array<std::uint32_t, channels> data;
    std::int32_t codes[channels][kept_sets];  ///< of set n at n modulo kept_sets
  };
  static_assert(std::is_trivially_copyable_v<State>);

  struct Channel {
    const models::pins::AnalogSource* source;  ///< never null
    SamplerSettings settings;
  };

  Adc(const sc_core::sc_module_name& name, Agenda& agenda, const CoreClock& clock,
      const CoreCounter& counter, const std::array<Channel, channels>& inputs);

  void listen(ConversionListener& listener) { listener_ = &listener; }

  /// `observer`, who must outlive this; null: nobody.
  void observe(SampleObserver* observer) { observer_ = observer; }

  bool running() const { return state_.running; }
  /// START of the present run.
  Cycle start() const { return state_.start; }
  /// The edge at which set `n` of the present run is converted.
  Cycle converted_at(std::int64_t n) const;
  /// How many sets of the present run are converted at edge `at`.
  std::int64_t sets_at(Cycle at) const;
  /// Codes first … first + count − 1 of one channel; they must be converted and among the latest
  /// `kept_sets`.
  void codes(int channel, std::int64_t first, int count, std::int32_t* out) const;
  /// Works out what is converted at edge `at`.
  void convert_up_to(Cycle at);
  /// Whether somebody calls convert_up_to() for each block of sets, from the next one on.
  void blocks_are_taken(bool taken);

  void reset(Cycle at) override;
  State state() const;
  void restore(const State& state);

 protected:
  bool read(std::uint32_t offset, Cycle at, std::uint32_t& value) override;
  bool write(std::uint32_t offset, Cycle at, std::uint32_t value) override;

 private:
  void begin(Cycle at);
  void stop(Cycle at);
  void show(int place, int count) const;
  void keep_up();
  void arm_keep_up();

  const CoreCounter& counter_;
  Sinc3Kernels kernels_;
  std::vector<Sinc3Sampler> samplers_;
  ConversionListener* listener_ = nullptr;
  SampleObserver* observer_ = nullptr;
  DueTime keep_up_due_;
  bool taken_ = false;
  State state_{};  ///< but for keep_up_due
};

}  // namespace peripherals
