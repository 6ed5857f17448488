#include "tools/report/screenshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "models/display/glass.h"
#include "tools/checks/at_instant.h"
#include "tools/report/glass_svg.h"
#include "tools/report/output_file.h"

namespace tools {
namespace {

namespace display = models::display;

void draw(const Scenario& scenario, const MeterEvidence& meter, const std::string& id, Ps at,
          const std::string& folder) {
  const DisplayChange* shown = at_instant(meter.display, at);
  const LevelChange* light = at_instant(meter.backlight, at);
  models::pins::GlassSegments segments{};
  if (shown != nullptr) {
    segments = display::segments(display::patterns_of(shown->text).value_or(display::Patterns{}),
                                 display::symbols_of(shown->symbols).value_or(0));
  }
  std::string time = show_time(at);
  time.erase(std::remove(time.begin(), time.end(), ' '), time.end());
  const std::string name = fmt::format("{}-{}-{}", scenario.name, id, time);
  write_file((std::filesystem::path(folder) / (name + ".svg")).string(),
             glass_svg(segments, light != nullptr && light->on,
                       fmt::format("{}: {} at {}", scenario.name, id, show_time(at))));
}

}  // namespace

void write_screenshots(const Scenario& scenario, const Evidence& evidence,
                       const std::string& folder) {
  for (std::size_t i = 0; i < evidence.meters.size(); ++i) {
    std::set<Ps> instants{evidence.end};
    for (const Expectation& expectation : scenario.expectations) {
      const auto* e = std::get_if<ExpectDisplay>(&expectation.kind);
      if (e != nullptr && expectation.meter == static_cast<int>(i) && e->at < evidence.end) {
        instants.insert(e->at);
      }
    }
    for (const Ps at : instants) {
      draw(scenario, evidence.meters[i], scenario.meters[i].id, at, folder);
    }
  }
}

}  // namespace tools
