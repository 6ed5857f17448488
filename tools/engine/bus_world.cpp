#include "tools/engine/bus_world.h"

#include "models/lines/rs485_network.h"
#include "tools/engine/modbus_frames.h"
#include "tools/scenario/asked_meters.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace lines = models::lines;
namespace masters = models::masters;

constexpr int master_end = 0;
constexpr int trace_end = 1;
constexpr int first_meter_end = 2;

/// Where a master is connected whose wires are open.
class NoLine final : public models::pins::LinePort {
 public:
  void drive(Ps, models::pins::LineDrive) override {}
  void cut(Ps) override {}
  std::uint64_t marks_at(const Ps*, int) const override { return ~std::uint64_t{0}; }
  Ps next_fall(Ps) const override { return models::pins::ps_never; }
};

std::vector<std::size_t> meters_on_bus(const Scenario& scenario) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
    if (on_bus(scenario.meters[i])) out.push_back(i);
  }
  return out;
}

}  // namespace

std::unique_ptr<lines::Segment> make_segment(const Scenario& scenario, std::uint64_t seed,
                                             bool led) {
  const BusSpec& bus = *scenario.bus;
  std::vector<lines::EndSpec> ends(first_meter_end);
  ends[master_end].position_m = bus.master_position_m;
  ends[master_end].swapped = bus.master_wires == Wires::swapped;
  ends[master_end].unit_loads = 1;
  ends[master_end].noise = bus.noise;
  ends[trace_end].position_m = bus.master_position_m;
  ends[trace_end].unit_loads = 0;
  const std::vector<std::size_t> meters = meters_on_bus(scenario);
  for (std::size_t i = 0; i < meters.size(); ++i) {
    const BusEnd& spec = scenario.meters[meters[i]].bus;
    lines::EndSpec end;
    const double share = static_cast<double>(i + 1) / static_cast<double>(meters.size());
    end.position_m = spec.position_m.value_or(bus.cable.length_m * share);
    end.swapped = spec.wires == Wires::swapped;
    end.noise = spec.noise.value_or(bus.noise);
    ends.push_back(end);
  }
  if (led) {
    lines::EndSpec leader = ends[master_end];
    leader.unit_loads = 0;
    ends.push_back(leader);
  }
  return lines::make_rs485_segment(bus.cable, ends, seed, "bus");
}

BusWorld::BusWorld(const Scenario& scenario, const SimulationSettings& settings, bool trace_line,
                   models::pins::EventSink& sink, Script& script)
    : scenario_(scenario),
      sink_(sink),
      segment_(make_segment(scenario, settings.seed, settings.led)),
      no_line_(std::make_unique<NoLine>()),
      master_connected_(scenario.bus->master_wires != Wires::open),
      master_(scenario.bus->format, master_connected_ ? segment_->port(master_end) : *no_line_),
      ends_(scenario.meters.size(), -1),
      format_(scenario.bus->format),
      segment_actor_(*segment_),
      master_actor_(master_),
      segment_process_("_bus_segment", segment_actor_, settings.awaits_state),
      master_process_("_bus_master", master_actor_, settings.awaits_state) {
  int end = first_meter_end;
  for (const std::size_t meter : meters_on_bus(scenario)) ends_[meter] = end++;
  if (settings.led) leader_end_ = end;
  if (master_connected_) segment_->listen(master_end, master_.receiver());
  master_.on_change([this] { master_process_.rearm(); });
  master_.ask_contested([this](Ps from, Ps to) { return segment_->contested(from, to); });
  master_.on_characters([this](const masters::HeardCharacter& c, bool sent) { log(c, sent); });
  master_.on_exchange([this](const masters::ModbusExchange& exchange) {
    const RequestOrigin origin = origin_of(exchange.tag);
    if (wanted_.count(origin.entry) == 0) return;
    results_.push_back({origin.entry, origin.meter, exchange});
  });
  for (const Expectation& expectation : scenario.expectations) {
    if (const auto* answer = std::get_if<ExpectAnswer>(&expectation.kind)) {
      wanted_.insert(answer->entry);
    } else if (const auto* exchanges = std::get_if<ExpectExchanges>(&expectation.kind)) {
      wanted_.insert(exchanges->entry);
    }
  }
  if (trace_line) {
    trace_.emplace(*segment_, trace_end, "bus.line", sink);
    trace_actor_.emplace(*trace_);
    trace_process_ =
        std::make_unique<ActorProcess>("_bus_trace", *trace_actor_, settings.awaits_state);
    trace_->on_change([this] { trace_process_->rearm(); });
  }
  for (std::size_t entry = 0; entry < scenario.timeline.size(); ++entry) {
    if (scenario.timeline[entry].modbus) schedule(entry, script);
  }
}

models::pins::LinePort* BusWorld::port(std::size_t index) {
  return ends_[index] < 0 ? nullptr : &segment_->port(ends_[index]);
}

models::pins::LinePort& BusWorld::leader_port() { return segment_->port(leader_end_); }

void BusWorld::connect_leader(models::pins::LineListener& listener) {
  segment_->listen(leader_end_, listener);
}

void BusWorld::connect(std::size_t index, platform::Meter& meter) {
  if (ends_[index] >= 0) segment_->listen(ends_[index], meter.bus_receiver());
}

void BusWorld::trace_pins(PinTrace& pins) {
  std::vector<TracedPins> traced{{master_end, "bus.master_tx", ""}};
  for (std::size_t i = 0; i < ends_.size(); ++i) {
    const std::string& meter = scenario_.meters[i].id;
    if (ends_[i] >= 0) traced.push_back({ends_[i], meter + ".bus_tx", meter + ".bus_driver"});
  }
  pins.follow(*segment_, traced);
}

// --- what the master is to do
// -----------------------------------------------------------------------

void BusWorld::schedule(std::size_t entry, Script& script) {
  for (const Ps t : scenario_.timeline[entry].at) {
    script.add(t, [this, entry, t] { ask(entry, t); });
  }
}

masters::ModbusRequest BusWorld::request(std::size_t entry, std::size_t row, int meter) {
  const ModbusEntry& what = *scenario_.timeline[entry].modbus;
  const MeterSpec* spec = meter < 0 ? nullptr : &scenario_.meters[static_cast<std::size_t>(meter)];
  masters::ModbusRequest out = make_request(what, row, spec, *scenario_.bus);
  out.tag = tag_of({entry, meter});
  if (what.baud || what.parity) out.format = format_;
  return out;
}

void BusWorld::ask(std::size_t entry, Ps now) {
  const TimelineEntry& timeline = scenario_.timeline[entry];
  const ModbusEntry& what = *timeline.modbus;
  format_.baud = what.baud.value_or(format_.baud);
  format_.parity = what.parity.value_or(format_.parity);
  const std::vector<int> meters = asked_meters(scenario_, timeline);
  if (what.action != ModbusAction::poll) {
    for (const int meter : meters) master_.add(now, request(entry, 0, meter));
    return;
  }
  masters::ModbusPoll poll;
  for (std::size_t row = 0; row < what.rows.size(); ++row) {
    for (const int meter : meters) poll.requests.push_back(request(entry, row, meter));
  }
  if (what.count != UINT64_MAX) poll.count = what.count * meters.size();
  poll.until = what.until;
  master_.add(now, std::move(poll));
}

// --- what came of it
// --------------------------------------------------------------------------------

void BusWorld::log(const masters::HeardCharacter& character, bool sent) {
  const std::uint64_t value = character.byte;
  const std::uint64_t start = character.start;
  if (sent) {
    sink_.record(character.end, "bus.master", "byte", {{"value", value}, {"start", start}});
  } else {
    sink_.record(character.end, "bus.master", "heard",
                 {{"value", value}, {"start", start}, {"good", character.good()}});
  }
}

void BusWorld::give(Evidence& evidence) const {
  for (const ModbusResult& result : results_) {
    if (result.exchange.judged < evidence.end) evidence.exchanges.push_back(result);
  }
}

// --- saved states
// -------------------------------------------------------------------------------------

BusWorld::State BusWorld::state() const {
  State out{segment_->state(), master_.state(), master_.serial_state(), format_, results_, {}};
  if (trace_) out.trace = trace_->state();
  return out;
}

void BusWorld::restore(const State& state, Ps now) {
  segment_->restore(state.segment);
  master_.restore(state.master, state.serial);
  format_ = state.format;
  results_ = state.results;
  if (trace_) trace_->restore(state.trace.value_or(models::lines::WireTraceState{now, 0, false}));
  begin();
}

void BusWorld::begin() {
  segment_process_.begin();
  master_process_.begin();
  if (trace_process_) trace_process_->begin();
}

}  // namespace tools
