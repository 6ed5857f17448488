#include "tools/engine/ir_world.h"

#include <fmt/format.h>

namespace tools {

namespace lines = models::lines;
namespace masters = models::masters;

bool has_ir_head(const Scenario& scenario, std::size_t index) {
  const auto here = static_cast<int>(index);
  if (scenario.ir && scenario.ir->meter == here) return true;
  for (const TimelineEntry& entry : scenario.timeline) {
    if (entry.ir && entry.meter == here) return true;
  }
  return false;
}

std::string ir_line_instance(const MeterSpec& meter) { return meter.id + ".ir_line"; }

// --- one head
// -------------------------------------------------------------------------------------

IrHead::IrHead(const IrSpec& spec, const MeterSpec& meter, std::size_t number,
               const SimulationSettings& settings, bool trace_line, models::pins::EventSink& sink,
               Done done)
    : meter_id_(meter.id),
      reader_instance_(meter.id + ".ir_reader"),
      format_(spec.format),
      sink_(sink),
      segment_(lines::make_optical_segment(spec.optics, settings.seed, meter.id + ".ir")),
      reader_(segment_->port(lines::optical_head_end), spec.times),
      segment_actor_(*segment_),
      reader_actor_(reader_),
      segment_process_(fmt::format("_ir_segment_{}", number).c_str(), segment_actor_,
                       settings.awaits_state),
      reader_process_(fmt::format("_ir_reader_{}", number).c_str(), reader_actor_,
                      settings.awaits_state) {
  segment_->listen(lines::optical_head_end, reader_.receiver());
  reader_.on_change([this] { reader_process_.rearm(); });
  reader_.on_characters([this](const masters::HeardCharacter& c, bool sent) { log(c, sent); });
  reader_.on_session(std::move(done));
  if (!trace_line) return;
  trace_.emplace(*segment_, lines::optical_probe_end, ir_line_instance(meter), sink);
  trace_actor_.emplace(*trace_);
  trace_process_ = std::make_unique<ActorProcess>(fmt::format("_ir_trace_{}", number).c_str(),
                                                  *trace_actor_, settings.awaits_state);
  trace_->on_change([this] { trace_process_->rearm(); });
}

void IrHead::connect(platform::Meter& meter) {
  segment_->listen(lines::optical_meter_end, meter.ir_receiver());
}

IrHead::State IrHead::state() const {
  State out{segment_->state(), reader_.state(), reader_.serial_state(), {}};
  if (trace_) out.trace = trace_->state();
  return out;
}

void IrHead::restore(const State& state, Ps now) {
  segment_->restore(state.segment);
  reader_.restore(state.reader, state.serial);
  if (trace_) trace_->restore(state.trace.value_or(lines::WireTraceState{now, 0, false}));
  begin();
}

void IrHead::begin() {
  segment_process_.begin();
  reader_process_.begin();
  if (trace_process_) trace_process_->begin();
}

void IrHead::trace_pins(PinTrace& pins) {
  pins.follow(*segment_, {{lines::optical_head_end, reader_instance_ + "_tx", ""},
                          {lines::optical_meter_end, meter_id_ + ".ir_tx", ""}});
}

void IrHead::ask(Ps now, masters::IrSession session) {
  if (!taken_) reader_.add(now, std::move(session));
}

models::pins::LinePort& IrHead::leader_port() { return segment_->port(lines::optical_head_end); }

void IrHead::connect_leader(models::pins::LineListener& listener) {
  taken_ = true;
  segment_->listen(lines::optical_head_end, listener);
}

void IrHead::log(const masters::HeardCharacter& character, bool sent) {
  const std::uint64_t value = character.byte;
  const std::uint64_t start = character.start;
  if (sent) {
    sink_.record(character.end, reader_instance_, "byte", {{"value", value}, {"start", start}});
  } else {
    sink_.record(character.end, reader_instance_, "heard",
                 {{"value", value}, {"start", start}, {"good", character.good()}});
  }
}

// --- all heads
// ------------------------------------------------------------------------------------

IrWorld::IrWorld(const Scenario& scenario, const SimulationSettings& settings, bool trace_lines,
                 models::pins::EventSink& sink, Script& script)
    : scenario_(scenario) {
  const IrSpec spec = scenario.ir.value_or(IrSpec{});
  for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
    if (!has_ir_head(scenario, i)) continue;
    heads_.try_emplace(i, spec, scenario.meters[i], i, settings, trace_lines, sink,
                       [this](const masters::IrResult& result) {
                         const auto entry = static_cast<std::size_t>(result.tag);
                         if (wanted_.count(entry) != 0) results_.push_back({entry, result});
                       });
  }
  for (const Expectation& expectation : scenario.expectations) {
    if (const auto* answer = std::get_if<ExpectIrAnswer>(&expectation.kind)) {
      wanted_.insert(answer->entry);
    } else if (const auto* exchanges = std::get_if<ExpectIrExchanges>(&expectation.kind)) {
      wanted_.insert(exchanges->entry);
    }
  }
  for (std::size_t entry = 0; entry < scenario.timeline.size(); ++entry) {
    if (!scenario.timeline[entry].ir) continue;
    for (const Ps t : scenario.timeline[entry].at) {
      script.add(t, [this, entry, t] { ask(entry, t); });
    }
  }
}

models::pins::LinePort* IrWorld::port(std::size_t index) {
  const auto head = heads_.find(index);
  return head == heads_.end() ? nullptr : &head->second.port();
}

void IrWorld::connect(std::size_t index, platform::Meter& meter) {
  const auto head = heads_.find(index);
  if (head != heads_.end()) head->second.connect(meter);
}

void IrWorld::trace_pins(PinTrace& pins) {
  for (auto& [meter, head] : heads_) head.trace_pins(pins);
}

LedLine* IrWorld::led_line() {
  if (!scenario_.ir || !scenario_.ir->meter) return nullptr;
  return &heads_.at(static_cast<std::size_t>(*scenario_.ir->meter));
}

void IrWorld::ask(std::size_t entry, Ps now) {
  const TimelineEntry& timeline = scenario_.timeline[entry];
  masters::IrSession session = timeline.ir->session;
  session.tag = entry;
  if (!session.baud && scenario_.ir) session.baud = scenario_.ir->baud;
  heads_.at(static_cast<std::size_t>(*timeline.meter)).ask(now, std::move(session));
}

void IrWorld::give(Evidence& evidence) const {
  for (const IrSessionResult& session : results_) {
    if (session.result.over < evidence.end) evidence.ir_sessions.push_back(session);
  }
}

IrWorld::State IrWorld::state() const {
  State out;
  for (const auto& [meter, head] : heads_) out.heads.emplace(meter, head.state());
  out.results = results_;
  return out;
}

void IrWorld::restore(const State& state, Ps now) {
  for (auto& [meter, head] : heads_) head.restore(state.heads.at(meter), now);
  results_ = state.results;
}

void IrWorld::begin() {
  for (auto& [meter, head] : heads_) head.begin();
}

}  // namespace tools
