#include "tools/report/pulse_table.h"

#include <fmt/format.h>

namespace tools {
namespace {

/// Picoseconds as an exact decimal with the point `digits` from the right.
std::string shifted(Ps ps, int digits) {
  Ps divisor = 1;
  for (int i = 0; i < digits; ++i) divisor *= 10;
  return fmt::format("{}.{:0{}}", ps / divisor, ps % divisor, digits);
}

std::string in_seconds(Ps ps) { return shifted(ps, 12); }
std::string in_milliseconds(Ps ps) { return shifted(ps, 9); }

}  // namespace

void write_pulse_table(const Scenario& scenario, const Evidence& evidence, OutputFile& file,
                       Ps from) {
  file.write("output,start_s,width_ms,interval_ms\n");
  for (std::size_t meter = 0; meter < evidence.meters.size(); ++meter) {
    for (int output = 0; output < output_count; ++output) {
      const PulseTrain& train = evidence.meters[meter].pulses[static_cast<std::size_t>(output)];
      const std::string name =
          fmt::format("{}.{}", scenario.meters[meter].id, name_of(static_cast<Output>(output)));
      for (std::size_t i = 0; i < train.size(); ++i) {
        if (train[i].start < from || train[i].start >= evidence.end) continue;
        const bool ended = train[i].end != models::pins::ps_never;
        file.write(fmt::format(
            "{},{},{},{}\n", name, in_seconds(train[i].start),
            ended ? in_milliseconds(train[i].end - train[i].start) : std::string(),
            i > 0 ? in_milliseconds(train[i].start - train[i - 1].start) : std::string()));
      }
    }
  }
}

}  // namespace tools
