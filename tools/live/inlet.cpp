#include "tools/live/inlet.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "tools/scenario/load_parts.h"

namespace tools::live {

TimelineEntry read_control(const std::string& line, const Scenario& scenario, Ps t) {
  const std::string text = fmt::format("- {{at: {} ps, {}}}", t, line);
  std::vector<TimelineEntry> entries =
      load_timeline(parse_tree(text, "control"), scenario.meters, scenario.duration);
  if (entries.size() != 1) throw InputError("control: found no single order, expected one a line");
  const TimelineEntry& order = entries.front();
  if (order.modbus || order.mbus || order.ir) {
    throw InputError(
        fmt::format("control: found {}, which a scripted master does in a timeline, expected an "
                    "order without one",
                    order.modbus ? "modbus"
                    : order.mbus ? "mbus"
                                 : "ir"));
  }
  return std::move(entries.front());
}

Inlet::Inlet(SessionWorld world, Answer answer) : world_(world), answer_(std::move(answer)) {}

LiveEnd& Inlet::open(const PortKind& kind, bool strict_gaps, LiveEnd::Heard on_heard) {
  LedLine& line = *world_.lines.find(kind.name)->second;
  std::unique_ptr<LiveEnd>& end = ends_[std::string(kind.name)];
  end = std::make_unique<LiveEnd>(line, world_.recorder, strict_gaps ? 0 : kind.silence,
                                  std::move(on_heard));
  return *end;
}

void Inlet::put_bytes(const JournalEvent& event) {
  LiveEnd& end = *ends_.at(event.port);
  world_.script.post(event.t, [&end, event] { end.send(event.t, event.baud, event.bytes); });
}

void Inlet::put(TimelineEntry entry) {
  const TimelineEntry& kept = entries_.emplace_back(std::move(entry));
  world_.script.post(kept.at.front(), [this, &kept] { perform(kept); });
}

void Inlet::refuse(Ps at, const std::string& why) {
  world_.script.post(at, [this, why] { answer_("error: " + why); });
}

void Inlet::perform(const TimelineEntry& entry) {
  std::string answer = "ok";
  for (std::size_t meter = 0; meter < world_.meters.size(); ++meter) {
    if (entry.meter && static_cast<std::size_t>(*entry.meter) != meter) continue;
    try {
      world_.requests.perform(entry, meter, entry.at.front());
    } catch (const std::invalid_argument& error) {
      answer = std::string("error: ") + error.what();
    }
  }
  answer_(answer);
}

}  // namespace tools::live
