#include "tools/cli/trace_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/report/vcd.h"
#include "tools/scenario/units.h"

namespace tools {
namespace {

namespace po = boost::program_options;

/// A time that is a whole number of picoseconds, within a segment; nothing for any other text.
std::optional<Ps> read_time(const std::string& text) {
  const ParsedQuantity parsed = parse_quantity(text, {Dimension::time});
  if (!parsed.quantity) return std::nullopt;
  const std::optional<Int128> ps = parsed.quantity->scaled(12);
  if (!ps || *ps < 0 || *ps > models::pins::ps_max_segment) return std::nullopt;
  return static_cast<Ps>(*ps);
}

Ps read_vcd_step(const std::string& text) {
  const std::optional<Ps> step = read_time(text);
  if (!step || !VcdWriter::is_step(*step)) {
    throw UsageError("--vcd-step: found " + in_quotes(text) +
                     ", expected 1, 10 or 100 of ps, ns or us");
  }
  return *step;
}

std::size_t read_meter(const std::string& id, const Scenario& scenario) {
  const auto found = std::find_if(scenario.meters.begin(), scenario.meters.end(),
                                  [&id](const MeterSpec& meter) { return meter.id == id; });
  if (found == scenario.meters.end()) {
    throw UsageError("--samples-meter: found " + in_quotes(id) +
                     ", expected a meter of the scenario");
  }
  return static_cast<std::size_t>(found - scenario.meters.begin());
}

SampleWindow read_window(const CommandOptions& options, const Scenario& scenario) {
  SampleWindow window;
  if (options.has("samples-meter")) {
    window.meter = read_meter(options.text("samples-meter"), scenario);
  }
  for (const auto& [option, member] : {std::pair{"samples-from", &SampleWindow::from},
                                       std::pair{"samples-to", &SampleWindow::to}}) {
    if (!options.has(option)) continue;
    const std::optional<Ps> t = read_time(options.text(option));
    if (!t) {
      throw UsageError(fmt::format("--{}: found {}, expected a time such as 1.5 s", option,
                                   in_quotes(options.text(option))));
    }
    window.*member = *t;
  }
  if (window.from >= std::min(window.to, scenario.duration)) {
    throw UsageError("--samples-from: found a time at or after the end, expected one before it");
  }
  if (!is_bounded(window, scenario.duration)) {
    throw UsageError(
        fmt::format("--samples: found more than {} sample sets, expected fewer; "
                    "--samples-from and --samples-to take a part of the run",
                    most_sample_sets));
  }
  return window;
}

}  // namespace

po::options_description trace_options() {
  const auto text = [] { return po::value<std::string>(); };
  po::options_description options;
  options.add_options()("vcd-step", text()->default_value("1 ps"),
                        "TIME: what the waveform file counts time in; logic analysers that take "
                        "every step for a sample want 1 us")(
      "gtkw", text(), "F: save file for GTKWave, the waveform file's wires in groups")(
      "samples", text(), "F: what the ADC sampled in the one scenario, one line a sample set")(
      "samples-meter", text(), "ID: the meter, instead of the first")(
      "samples-from", text(), "TIME: from then on")("samples-to", text(), "TIME: until then");
  return options;
}

void read_trace_options(const CommandOptions& options, const Scenario& scenario, RunOptions& run) {
  run.vcd_step = read_vcd_step(options.text("vcd-step"));
  run.gtkw_path = options.text("gtkw");
  if (!run.gtkw_path.empty() && run.vcd_path.empty()) {
    throw UsageError("--gtkw: found no waveform file for it, expected --vcd F too");
  }
  run.samples_path = options.text("samples");
  if (!run.samples_path.empty()) {
    run.samples = read_window(options, scenario);
    return;
  }
  for (const char* option : {"samples-meter", "samples-from", "samples-to"}) {
    if (options.has(option)) {
      throw UsageError(
          fmt::format("--{}: found no table for it, expected --samples F too", option));
    }
  }
}

}  // namespace tools
