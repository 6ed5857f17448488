#include "tools/report/sample_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/thermal/ambient.h"
#include "peripherals/adc/full_scale.h"

namespace tools {
namespace {

namespace hal = metrology::hal;

constexpr const char* names[] = {"u1", "u2", "u3", "i1", "i2", "i3", "temperature"};
constexpr const char* units[] = {"V", "V", "V", "A", "A", "A", "C"};
constexpr double full_code = 8'388'608;  // 2^23
constexpr std::size_t temperature = static_cast<std::size_t>(hal::AdcChannel::temperature);

std::string header() {
  std::string out = "time_s";
  for (std::size_t k = 0; k < std::size(names); ++k)
    out += fmt::format(",{}_{}", names[k], units[k]);
  for (const char* name : names) out += fmt::format(",{}_code", name);
  return out + '\n';
}

}  // namespace

bool is_bounded(const SampleWindow& window, Ps duration) {
  constexpr Ps sample_ps = 244'140'625;
  const Ps end = std::min(window.to, duration);
  return end <= window.from || (end - window.from) / sample_ps < most_sample_sets;
}

SampleTable::SampleTable(OutputFile& file, const SampleWindow& window, bool ct_meter)
    : file_(file), window_(window), full_scale_(peripherals::adc_full_scale(ct_meter)) {
  file_.write(header());
}

void SampleTable::sampled(const peripherals::SampleBlock& block) {
  for (int n = 0; n < block.count; ++n) {
    const peripherals::Cycle taken = block.start + hal::core_cycles_per_sample * (block.first + n);
    const Ps t = clock_->edge(taken);
    if (t < window_.from || t >= window_.to) continue;
    // Whoever saves a meter's state has sets worked out that are worked out again later.
    if (t < next_) continue;
    if (t < cut_ && clock_->edge(taken + hal::dma_request_latency_cycles) < saved_) continue;
    next_ = t + 1;
    Line line{t, {}};
    for (std::size_t k = 0; k < line.codes.size(); ++k) line.codes[k] = block.codes[k][n];
    waiting_.push_back(line);
  }
}

void SampleTable::write_before(Ps end) {
  std::string text;
  auto line = waiting_.begin();
  for (; line != waiting_.end() && line->t < end; ++line) text += text_of(*line);
  waiting_.erase(waiting_.begin(), line);
  file_.write(text);
}

std::string SampleTable::text_of(const Line& line) const {
  const Ps second = models::pins::ps_per_s;
  std::string out = fmt::format("{}.{:012}", line.t / second, line.t % second);
  for (std::size_t k = 0; k < line.codes.size(); ++k) {
    double value = line.codes[k] * full_scale_[k] / full_code;
    if (k == temperature) value -= models::thermal::zero_celsius_K;
    // A code has seven digits: it can be had back from these.
    out += fmt::format(",{:.9g}", value);
  }
  for (const std::int32_t code : line.codes) out += fmt::format(",{}", code);
  return out + '\n';
}

}  // namespace tools
