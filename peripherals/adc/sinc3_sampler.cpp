#include "peripherals/adc/sinc3_sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <stdexcept>

#include "metrology/hal/memory_map.h"

namespace peripherals {

namespace {

__extension__ using Int128 = __int128;

constexpr double two_pi = 6.283185307179586476925;
constexpr std::int64_t clocks_per_look = metrology::hal::core_cycles_per_modulator_clock;
constexpr std::int64_t looks_per_sample = metrology::hal::adc_decimation;
constexpr double window_delay_looks = (sinc3_taps - 1) / 2.0;
/// Samples worked out at a time. Phases are fixed anew for each chunk, at an instant that is
/// rounded to the picosecond; chunks are counted from sample 0, or a code could depend on how
/// samples are divided into calls.
constexpr std::int64_t chunk_samples = 128;
/// Adding this to a double rounds it to an integer that stands in its low mantissa bits.
constexpr double rounding_magic = 6755399441055744.0;

/// Phase in turns, 0 … 1, of a tone at `t`: integer arithmetic, so nothing is lost with time.
double phase_at(const models::pins::Tone& tone, Ps t) {
  constexpr Int128 one_turn = Int128{1'000'000'000'000} * 1'000'000'000;
  const Int128 phase = Int128{tone.frequency_nHz} * (Int128{t} - Int128{tone.origin});
  // The quotient is off by one at most; the product is exact.
  const auto turns = static_cast<std::int64_t>(static_cast<double>(phase) * 1e-21);
  const double rest = static_cast<double>(phase - turns * one_turn) * 1e-21 + tone.phase_turns;
  return rest - std::floor(rest);
}

/// `turns` less the nearest whole number.
double fraction(double turns) { return turns - ((turns + rounding_magic) - rounding_magic); }

std::int64_t ceil_div(std::int64_t a, std::int64_t b) { return a >= 0 ? (a + b - 1) / b : a / b; }

/// The least whole number at or above `x`, and 0 for what is below.
std::int64_t whole_above(double x) {
  if (!(x > 0)) return 0;
  const auto below = static_cast<std::int64_t>(x);
  return below + (static_cast<double>(below) < x ? 1 : 0);
}

/// values[k] += scale · sin(2π·turns + k·step), by four interleaved recurrences.
void add_tone(double scale, double turns, const ToneKernel& kernel, std::size_t count,
              double* values) {
  constexpr std::size_t lanes = 4;
  std::array<double, 2 * lanes> seeds;
  const double angle = two_pi * turns;
  double s = scale * std::sin(angle);
  double c = scale * std::cos(angle);
  for (double& seed : seeds) {
    seed = s;
    const double turned = s * kernel.sample_cos + c * kernel.sample_sin;
    c = c * kernel.sample_cos - s * kernel.sample_sin;
    s = turned;
  }
  if (count <= seeds.size()) {
    for (std::size_t k = 0; k < count; ++k) values[k] += seeds[k];
    return;
  }
  const double cos_2 = 2 * kernel.sample_cos * kernel.sample_cos - 1;
  const double twice_cos_4 = 2 * (2 * cos_2 * cos_2 - 1);
  std::array<double, lanes> before;
  std::array<double, lanes> now;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    before[lane] = seeds[lane];
    now[lane] = seeds[lane + lanes];
    values[lane] += before[lane];
    values[lane + lanes] += now[lane];
  }
  std::size_t k = seeds.size();
  for (; k + lanes <= count; k += lanes) {
    double* const out = values + k;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double next = twice_cos_4 * now[lane] - before[lane];
      before[lane] = now[lane];
      now[lane] = next;
      out[lane] += next;
    }
  }
  for (std::size_t lane = 0; k < count; ++k, ++lane) {
    values[k] += twice_cos_4 * now[lane] - before[lane];
  }
}

std::int32_t round_small(double value) {
  const double shifted = value + rounding_magic;
  std::int64_t bits;
  std::memcpy(&bits, &shifted, sizeof bits);
  return static_cast<std::int32_t>(bits);  // the low half
}

/// Rounds and clips; returns how many were clipped.
int round_and_clip(const double* values, int count, std::int32_t* codes) {
  constexpr double far = 1e9;  // still well inside 32 bits
  int clipped = 0;
  for (int k = 0; k < count; ++k) {
    const std::int32_t code = round_small(std::clamp(values[k], -far, far));
    codes[k] = std::clamp(code, metrology::hal::adc_code_min, metrology::hal::adc_code_max);
    clipped += codes[k] != code;
  }
  return clipped;
}

}  // namespace

Sinc3Sampler::Sinc3Sampler(const models::pins::AnalogSource& source, const CoreClock& clock,
                           Sinc3Kernels& kernels, const SamplerSettings& settings)
    : source_(source),
      clock_(clock),
      kernels_(kernels),
      noise_(settings.noise_seed, settings.noise_lsb_rms),
      codes_per_unit_(-static_cast<double>(metrology::hal::adc_code_min) / settings.full_scale) {
  if (!(settings.full_scale > 0) || !(settings.noise_lsb_rms >= 0)) {
    throw std::invalid_argument("an ADC channel needs a full scale above 0 and noise of 0 or more");
  }
}

int Sinc3Sampler::convert(Cycle start, int offset_modulator_clocks, std::int64_t first, int count,
                          std::int32_t* codes) {
  origin_ = start + clocks_per_look * offset_modulator_clocks;
  int clipped = 0;
  while (count > 0) {
    const std::int64_t known = first % chunk_samples;
    const auto wanted = static_cast<int>(std::min(std::int64_t{count}, chunk_samples - known));
    clipped += convert_chunk(first - known, static_cast<int>(known), wanted, codes);
    first += wanted;
    codes += wanted;
    count -= wanted;
  }
  return clipped;
}

/// Works out the chunk that begins with sample `first`, up to its sample `known` + `wanted` − 1;
/// the `known` ones have been written by calls before.
int Sinc3Sampler::convert_chunk(std::int64_t first, int known, int wanted, std::int32_t* codes) {
  const int count = known + wanted;
  std::array<double, chunk_samples> values{};
  find_runs(first * looks_per_sample - (sinc3_taps - 1), (first + count - 1) * looks_per_sample);
  std::size_t run = 0;
  for (int k = 0; k < count;) {
    const std::int64_t newest = (first + k) * looks_per_sample;
    const std::int64_t oldest = newest - (sinc3_taps - 1);
    while (runs_[run].last <= oldest) ++run;
    if (newest >= runs_[run].last) {
      values[static_cast<std::size_t>(k)] = straddling(run, newest);
      ++k;
      continue;
    }
    const std::int64_t samples_left = (runs_[run].last - 1 - newest) / looks_per_sample + 1;
    const int plain = static_cast<int>(std::min<std::int64_t>(samples_left, count - k));
    add_plain(runs_[run], first + k, plain, values.data() + k);
    k += plain;
  }
  double* const new_values = values.data() + known;
  if (noise_.rms() > 0) {
    noise_.add(first + known, wanted, new_values);
  } else if (largest_possible() < metrology::hal::adc_code_max) {
    for (int k = 0; k < wanted; ++k) codes[k] = round_small(new_values[k]);
    return 0;
  }
  return round_and_clip(new_values, wanted, codes);
}

void Sinc3Sampler::find_runs(std::int64_t first_look, std::int64_t last_look) {
  run_count_ = 0;
  const auto edge_of = [&](std::int64_t look) {
    return std::max(origin_ + clocks_per_look * look, clock_.first_edge());
  };
  const Ps last_instant = clock_.edge(edge_of(last_look));
  Ps instant = 0;
  for (std::int64_t look = first_look; look <= last_look;) {
    const Cycle cycle = edge_of(look);
    instant = clock_.edge(cycle);
    source_.piece_at(instant, piece_);
    const ClockStretch stretch = clock_.stretch(cycle);
    Cycle end = stretch.last;
    if (piece_.end <= last_instant) end = std::min(end, clock_.at_or_after(piece_.end));
    std::int64_t last = last_look + 1;
    if (end != cycle_never) last = std::min(last, ceil_div(end - origin_, clocks_per_look));
    add_run(look, last, instant, stretch.period_ps);
    look = last;
  }
  // A source must know how far it has been told, to refuse changes of that.
  if (instant < last_instant) source_.piece_at(last_instant, piece_);
}

void Sinc3Sampler::add_run(std::int64_t first, std::int64_t last, Ps instant, double period_ps) {
  if (run_count_ == runs_.size()) runs_.emplace_back();
  Run& run = runs_[run_count_++];
  run.first = first;
  run.last = last;
  run.core_period_ps = period_ps;
  run.dc = piece_.dc;
  run.tones.resize(piece_.tones.size());
  // Looks before kernel time 0 continue the waveform that stands at 0 backwards.
  const Cycle before_zero =
      std::min<Cycle>(origin_ + clocks_per_look * first - clock_.first_edge(), 0);
  for (std::size_t k = 0; k < piece_.tones.size(); ++k) {
    const models::pins::Tone& tone = piece_.tones[k];
    const double lead = static_cast<double>(tone.frequency_nHz) * 1e-9 *
                        (static_cast<double>(before_zero) * period_ps * 1e-12);
    run.tones[k] = {tone.amplitude, tone.frequency_nHz, phase_at(tone, instant) + lead};
  }
  add_slopes(run, instant, static_cast<double>(before_zero));
}

/// `before_zero`: the core cycles, 0 or negative, at which the run's first look comes before the
/// instant.
void Sinc3Sampler::add_slopes(Run& run, Ps instant, double before_zero) const {
  run.slopes.clear();
  run.line_peak = 0;
  run.passed = 0;
  const std::vector<models::pins::Point>& line = piece_.line;
  if (line.size() < 2) return;
  const double looks_per_ps = 1 / (run.core_period_ps * static_cast<double>(clocks_per_look));
  const double offset = -before_zero / static_cast<double>(clocks_per_look);
  const auto look_of = [&](Ps at) {  // with its fraction; distances have 63 bits
    return offset + static_cast<double>(static_cast<std::int64_t>(at - instant)) * looks_per_ps;
  };
  const auto looks = static_cast<double>(run.last - run.first);
  const auto after = [](Ps t, const models::pins::Point& point) { return t < point.at; };
  const auto next = std::upper_bound(line.begin() + 1, line.end() - 1, instant, after);
  auto k = static_cast<std::size_t>(next - line.begin()) - 1;
  double begin = look_of(line[k].at);
  std::int64_t first = 0;  // the first part holds before the line's begin as well …
  for (; k + 1 < line.size(); ++k) {
    const double end = look_of(line[k + 1].at);
    if (!(end > begin)) continue;  // a sensor that leads has pushed both to kernel time 0
    // … and the last one after its end.
    const bool last = k + 2 == line.size() || end >= looks;
    const std::int64_t until = last ? run.last - run.first : whole_above(end);
    if (until > first) {
      const double per_look = (line[k + 1].value - line[k].value) / (end - begin);
      const double value = line[k].value + per_look * (static_cast<double>(first) - begin);
      const double final_value = value + per_look * static_cast<double>(until - 1 - first);
      run.line_peak = std::max({run.line_peak, std::abs(value), std::abs(final_value)});
      run.slopes.push_back({first, value, per_look});
      first = until;
    }
    if (last) return;
    begin = end;
  }
}

/// What the looks from … to − 1 of the window that begins at look `oldest` (0 is the window's
/// first) add. Windows only move on within a chunk.
double Sinc3Sampler::line_sum(Run& run, std::int64_t oldest, std::int64_t from, std::int64_t to) {
  const Sinc3Taps& taps = sinc3_impulse_response();
  const std::int64_t shift = run.first - oldest;  // from the run's count to the window's
  const std::vector<Slope>& slopes = run.slopes;
  while (run.passed + 1 < slopes.size() && slopes[run.passed + 1].first + shift <= from) {
    ++run.passed;
  }
  double sum = 0;
  std::int64_t begin = from;
  for (std::size_t k = run.passed; begin < to; ++k) {
    const Slope& slope = slopes[k];
    const bool last = k + 1 == slopes.size();
    const std::int64_t end = last ? to : std::min(to, slopes[k + 1].first + shift);
    const auto a = static_cast<std::size_t>(begin);
    const auto b = static_cast<std::size_t>(end);
    const double at_oldest =
        slope.value - slope.per_look * static_cast<double>(slope.first + shift);
    sum += at_oldest * (taps.sums[b] - taps.sums[a]) +
           slope.per_look * (taps.moments[b] - taps.moments[a]);
    begin = end;
  }
  return sum;
}

void Sinc3Sampler::add_plain(Run& run, std::int64_t first_sample, int count, double* values) {
  if (run.dc != 0) {
    for (int k = 0; k < count; ++k) values[k] += run.dc * codes_per_unit_;
  }
  if (!run.slopes.empty()) {
    for (int k = 0; k < count; ++k) {
      const std::int64_t oldest = (first_sample + k) * looks_per_sample - (sinc3_taps - 1);
      values[k] += line_sum(run, oldest, 0, sinc3_taps) * codes_per_unit_;
    }
  }
  const double middle = static_cast<double>(first_sample * looks_per_sample - run.first) -
                        window_delay_looks;  // of the first window, in looks since the anchor
  for (const RunTone& tone : run.tones) {
    const ToneKernel& kernel = kernels_.find(tone.frequency_nHz, run.core_period_ps);
    add_tone(tone.amplitude * kernel.gain * codes_per_unit_,
             fraction(tone.phase_turns + kernel.turns_per_clock * middle), kernel,
             static_cast<std::size_t>(count), values);
  }
}

double Sinc3Sampler::straddling(std::size_t run, std::int64_t newest_look) {
  const std::int64_t oldest = newest_look - (sinc3_taps - 1);
  const Sinc3Taps& taps = sinc3_impulse_response();
  double value = 0;
  for (; run < run_count_ && runs_[run].first <= newest_look; ++run) {
    Run& part = runs_[run];
    const auto from = static_cast<std::size_t>(std::max(part.first, oldest) - oldest);
    const auto to = static_cast<std::size_t>(std::min(part.last, newest_look + 1) - oldest);
    value += part.dc * (taps.sums[to] - taps.sums[from]);
    if (!part.slopes.empty()) {
      value +=
          line_sum(part, oldest, static_cast<std::int64_t>(from), static_cast<std::int64_t>(to));
    }
    for (const RunTone& tone : part.tones) {
      const ToneKernel& kernel = kernels_.find_with_sums(tone.frequency_nHz, part.core_period_ps);
      const double turns =
          tone.phase_turns + kernel.turns_per_clock * static_cast<double>(oldest - part.first);
      const double angle = two_pi * fraction(turns);
      value += tone.amplitude * (std::sin(angle) * (kernel.sum_cos[to] - kernel.sum_cos[from]) +
                                 std::cos(angle) * (kernel.sum_sin[to] - kernel.sum_sin[from]));
    }
  }
  return value * codes_per_unit_;
}

double Sinc3Sampler::largest_possible() const {
  double largest = 0;  // the taps are positive and add up to 1
  for (std::size_t k = 0; k < run_count_; ++k) {
    double sum = std::abs(runs_[k].dc) + runs_[k].line_peak;
    for (const RunTone& tone : runs_[k].tones) sum += std::abs(tone.amplitude);
    largest = std::max(largest, sum);
  }
  return largest * codes_per_unit_;
}

}  // namespace peripherals
