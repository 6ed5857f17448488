#include <fmt/format.h>

#include "models/display/glass.h"
#include "tools/checks/at_instant.h"
#include "tools/checks/judge_parts.h"

namespace tools {
namespace {

std::string show_symbols(const std::string& symbols) { return symbols.empty() ? "none" : symbols; }

}  // namespace

void judge(const ExpectDisplay& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  if (e.text) verdict.expected = fmt::format("\"{}\"", *e.text);
  if (e.symbols) {
    verdict.expected += fmt::format("{}{}", e.text ? " with " : "", show_symbols(*e.symbols));
  }
  verdict.at = e.at;
  if (e.at >= end) return;
  static const DisplayChange dark{};
  const DisplayChange* shown = at_instant(meter.display, e.at);
  if (shown == nullptr) shown = &dark;
  verdict.pass = (!e.text || models::display::looks_like(shown->text, *e.text)) &&
                 (!e.symbols || shown->symbols == *e.symbols);
  verdict.seen = e.text ? fmt::format("\"{}\"", shown->text) : "";
  if (e.symbols) {
    *verdict.seen += fmt::format("{}{}", e.text ? " with " : "", show_symbols(shown->symbols));
  }
}

void judge(const ExpectPage& e, const ExpectationReadings& readings, Verdict& verdict) {
  verdict.expected = fmt::format("P{:02}", e.page);
  verdict.at = e.at;
  verdict.seen = readings.page;
  verdict.pass = verdict.seen == verdict.expected;
}

void judge(const ExpectBacklight& e, const MeterEvidence& meter, Ps end, Verdict& verdict) {
  verdict.expected = e.on ? "on" : "off";
  verdict.at = e.at;
  if (e.at >= end) return;
  const LevelChange* last = at_instant(meter.backlight, e.at);
  const bool on = last != nullptr && last->on;
  verdict.seen = on ? "on" : "off";
  verdict.pass = on == e.on;
}

}  // namespace tools
