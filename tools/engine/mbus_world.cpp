#include "tools/engine/mbus_world.h"

#include "tools/engine/mbus_frames.h"
#include "tools/scenario/asked_meters.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace lines = models::lines;
namespace masters = models::masters;

constexpr int master_end = 0;
constexpr int voltage_end = 1;
constexpr int current_end = 2;
constexpr int first_meter_end = 3;

std::vector<std::size_t> meters_on_mbus(const Scenario& scenario) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
    if (on_mbus(scenario.meters[i])) out.push_back(i);
  }
  return out;
}

}  // namespace

std::unique_ptr<lines::Segment> make_mbus(const Scenario& scenario, std::uint64_t seed, bool led) {
  const MbusLineSpec& line = *scenario.mbus;
  std::vector<lines::MbusEndSpec> ends(first_meter_end);
  ends[master_end].kind = lines::MbusEndKind::master;
  ends[master_end].noise = line.noise;
  ends[voltage_end].kind = lines::MbusEndKind::probe;
  ends[current_end].kind = lines::MbusEndKind::master;
  const std::vector<std::size_t> meters = meters_on_mbus(scenario);
  for (std::size_t i = 0; i < meters.size(); ++i) {
    const BusEnd& spec = scenario.meters[meters[i]].bus;
    lines::MbusEndSpec end;
    const double share = static_cast<double>(i + 1) / static_cast<double>(meters.size());
    end.position_m = spec.position_m.value_or(line.cable.length_m * share);
    end.swapped = spec.wires == Wires::swapped;
    end.noise = spec.noise.value_or(line.noise);
    ends.push_back(end);
  }
  if (led) ends.push_back(ends[master_end]);
  return lines::make_mbus_segment(line.cable, ends, seed, "mbus");
}

MbusWorld::Drawer::Drawer(const char* name, lines::Segment& segment, int end,
                          const std::string& instance, models::pins::EventSink& sink, bool waits)
    : trace(segment, end, instance, sink), actor(trace), process(name, actor, waits) {
  trace.on_change([this] { process.rearm(); });
}

MbusWorld::MbusWorld(const Scenario& scenario, const SimulationSettings& settings, bool trace_line,
                     models::pins::EventSink& sink, Script& script)
    : scenario_(scenario),
      sink_(sink),
      segment_(make_mbus(scenario, settings.seed, settings.led)),
      converter_(segment_->port(master_end)),
      master_(scenario.mbus->format, converter_),
      ends_(scenario.meters.size(), -1),
      format_(scenario.mbus->format),
      segment_actor_(*segment_),
      master_actor_(master_),
      segment_process_("_mbus_segment", segment_actor_, settings.awaits_state),
      master_process_("_mbus_master", master_actor_, settings.awaits_state) {
  int end = first_meter_end;
  for (const std::size_t meter : meters_on_mbus(scenario)) ends_[meter] = end++;
  if (settings.led) leader_end_ = end;
  segment_->listen(master_end, master_.receiver());
  master_.break_collisions(scenario.mbus->breaks_collisions);
  master_.on_change([this] { master_process_.rearm(); });
  master_.ask_contested([this](Ps from, Ps to) { return segment_->contested(from, to); });
  master_.on_characters([this](const masters::HeardCharacter& c, bool sent) { log(c, sent); });
  master_.on_exchange([this](const masters::MbusExchange& exchange) {
    const RequestOrigin origin = origin_of(exchange.tag);
    if (wanted_.count(origin.entry) == 0) return;
    results_.push_back({origin.entry, origin.meter, exchange});
  });
  master_.on_findings([this](const masters::MbusFindings& findings) {
    findings_.push_back({origin_of(findings.tag).entry, findings});
  });
  note_wanted();
  if (trace_line) {
    drawers_.push_back(std::make_unique<Drawer>("_mbus_voltage", *segment_, voltage_end,
                                                "mbus.line", sink, settings.awaits_state));
    drawers_.push_back(std::make_unique<Drawer>("_mbus_current", *segment_, current_end,
                                                "mbus.current", sink, settings.awaits_state));
  }
  if (scenario.mbus->powered && !settings.old_world) power(0, true);
  for (std::size_t entry = 0; entry < scenario.timeline.size(); ++entry) {
    if (scenario.timeline[entry].mbus) schedule(entry, script);
  }
}

void MbusWorld::note_wanted() {
  for (const Expectation& expectation : scenario_.expectations) {
    if (const auto* answer = std::get_if<ExpectMbusAnswer>(&expectation.kind)) {
      wanted_.insert(answer->entry);
    } else if (const auto* exchanges = std::get_if<ExpectMbusExchanges>(&expectation.kind)) {
      wanted_.insert(exchanges->entry);
    }
  }
}

models::pins::LinePort* MbusWorld::port(std::size_t index) {
  return ends_[index] < 0 ? nullptr : &segment_->port(ends_[index]);
}

models::pins::LinePort& MbusWorld::leader_port() { return segment_->port(leader_end_); }

void MbusWorld::connect_leader(models::pins::LineListener& listener) {
  segment_->listen(leader_end_, listener);
}

void MbusWorld::connect(std::size_t index, platform::Meter& meter) {
  if (ends_[index] >= 0) segment_->listen(ends_[index], meter.bus_receiver());
}

void MbusWorld::trace_pins(PinTrace& pins) {
  std::vector<TracedPins> traced{{master_end, "mbus.master_tx", ""}};
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    const std::string& meter = scenario_.meters[i].id;
    if (ends_[i] >= 0) traced.push_back({ends_[i], meter + ".bus_tx", ""});
  }
  pins.follow(*segment_, traced);
}

// --- what the master is to do
// -----------------------------------------------------------------------

void MbusWorld::schedule(std::size_t entry, Script& script) {
  const MbusEntry& what = *scenario_.timeline[entry].mbus;
  for (const Ps t : scenario_.timeline[entry].at) {
    if (what.action == MbusAction::power_off) {
      script.add(t, [this, t] { power(t, false); });
      script.add(t + what.power_off, [this, t, &what] { power(t + what.power_off, true); });
    } else {
      script.add(t, [this, entry, t] { ask(entry, t); });
    }
  }
}

void MbusWorld::ask(std::size_t entry, Ps now) {
  const TimelineEntry& timeline = scenario_.timeline[entry];
  const MbusEntry& what = *timeline.mbus;
  format_.baud = what.baud.value_or(format_.baud);
  format_.parity = what.parity.value_or(format_.parity);
  std::optional<masters::SerialFormat> format;
  if (what.baud || what.parity) format = format_;
  if (what.is_search()) {
    masters::MbusSearchOrder order = make_mbus_search(what, *scenario_.mbus);
    order.format = format;
    order.tag = tag_of({entry, -1});
    master_.add(now, order);
    return;
  }
  for (const int meter : asked_meters(scenario_, timeline)) {
    const MeterSpec* spec =
        meter < 0 ? nullptr : &scenario_.meters[static_cast<std::size_t>(meter)];
    masters::MbusRequest request = make_mbus_request(what, spec, *scenario_.mbus);
    request.format = format;
    request.tag = tag_of({entry, meter});
    master_.add(now, std::move(request));
  }
}

void MbusWorld::power(Ps t, bool on) {
  if (converter_.powered() == on) return;
  converter_.power(t, on);
  sink_.record(t, "mbus.master", "power", {{"on", on}});
}

// --- what came of it
// --------------------------------------------------------------------------------

void MbusWorld::log(const masters::HeardCharacter& character, bool sent) {
  const std::uint64_t value = character.byte;
  const std::uint64_t start = character.start;
  if (sent && character.broken) {
    sink_.record(character.end, "mbus.master", "break", {{"start", start}});
  } else if (sent) {
    sink_.record(character.end, "mbus.master", "byte", {{"value", value}, {"start", start}});
  } else {
    sink_.record(character.end, "mbus.master", "heard",
                 {{"value", value}, {"start", start}, {"good", character.good()}});
  }
}

void MbusWorld::give(Evidence& evidence) const {
  for (const MbusResult& result : results_) {
    if (result.exchange.judged < evidence.end) evidence.mbus_exchanges.push_back(result);
  }
  for (const MbusFound& found : findings_) {
    if (found.findings.end < evidence.end) evidence.mbus_findings.push_back(found);
  }
}

// --- saved states
// -------------------------------------------------------------------------------------

MbusWorld::State MbusWorld::state() const {
  State out{segment_->state(), converter_.state(), master_.state(), master_.serial_state(),
            format_,           results_,           findings_,       {}};
  for (const auto& drawer : drawers_) out.traces.push_back(drawer->trace.state());
  return out;
}

void MbusWorld::restore(const State& state, Ps now) {
  segment_->restore(state.segment);
  converter_.restore(state.converter);
  master_.restore(state.master, state.serial);
  format_ = state.format;
  results_ = state.results;
  findings_ = state.findings;
  for (std::size_t i = 0; i < drawers_.size(); ++i) {
    drawers_[i]->trace.restore(i < state.traces.size() ? state.traces[i]
                                                       : lines::WireTraceState{now, 0, false});
  }
  begin();
}

void MbusWorld::begin() {
  segment_process_.begin();
  master_process_.begin();
  for (const auto& drawer : drawers_) drawer->process.begin();
}

}  // namespace tools
