// The bus of a run: segment, master, and who draws the waveform; the meters' ends are given out.
//
// The log has what the master sends and hears, "bus.master" "byte" {value, start} and "heard"
// {value, start, good}, each at its end; if asked to, "bus.line" "level" {mark}, what a receiver
// without a fault sees where the master is.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "models/lines/segment.h"
#include "models/lines/wire_trace.h"
#include "models/masters/modbus_master.h"
#include "models/pins/event_sink.h"
#include "platform/meter.h"
#include "tools/checks/evidence.h"
#include "tools/engine/actor_process.h"
#include "tools/engine/led_line.h"
#include "tools/engine/meter_world.h"
#include "tools/engine/pin_trace.h"
#include "tools/engine/script.h"
#include "tools/scenario/scenario.h"

namespace tools {

/// The segment of a scenario that has a bus. Its ends: the master, the one without load that the
/// waveform is taken from, the meters on the bus in their order, and, with a `led` run, one without
/// load for whoever leads it, where the master is. Throws std::invalid_argument for what cannot be
/// wired.
std::unique_ptr<models::lines::Segment> make_segment(const Scenario& scenario, std::uint64_t seed,
                                                     bool led);

class BusWorld final : public LedLine {
 public:
  struct State {
    models::lines::SegmentState segment;
    models::masters::ModbusMasterState master;
    models::masters::SerialEndState serial;
    models::masters::SerialFormat format;
    std::vector<ModbusResult> results;
    std::optional<models::lines::WireTraceState> trace;
  };

  /// Of a scenario that has a bus; during elaboration, before its meters. `trace_line`: reports the
  /// line's edges. All references must outlive this.
  BusWorld(const Scenario& scenario, const SimulationSettings& settings, bool trace_line,
           models::pins::EventSink& sink, Script& script);

  /// Where meter `index` is connected, or null.
  models::pins::LinePort* port(std::size_t index);
  /// The meter at that end.
  void connect(std::size_t index, platform::Meter& meter);
  /// During elaboration: shows what each end sends.
  void trace_pins(PinTrace& pins);

  models::pins::LinePort& leader_port() override;
  void connect_leader(models::pins::LineListener& listener) override;
  const models::masters::SerialFormat& format() const override { return scenario_.bus->format; }
  std::string port_instance() const override { return "bus.port"; }

  /// Adds the exchanges that were judged before the evidence's end.
  void give(Evidence& evidence) const;

  State state() const;
  /// Goes on at `now`, the present kernel time, at which `state` was saved.
  void restore(const State& state, Ps now);
  /// In place of `restore`: nothing was before.
  void begin();

 private:
  void schedule(std::size_t entry, Script& script);
  void ask(std::size_t entry, Ps now);
  models::masters::ModbusRequest request(std::size_t entry, std::size_t row, int meter);
  void log(const models::masters::HeardCharacter& character, bool sent);

  const Scenario& scenario_;
  models::pins::EventSink& sink_;
  std::unique_ptr<models::lines::Segment> segment_;
  std::unique_ptr<models::pins::LinePort> no_line_;
  bool master_connected_;
  models::masters::ModbusMaster master_;
  std::optional<models::lines::WireTrace> trace_;
  int leader_end_ = -1;
  std::vector<int> ends_;                 ///< by meter; −1: none
  models::masters::SerialFormat format_;  ///< of the last request that was queued
  std::set<std::size_t> wanted_;          ///< entries of the timeline that an expectation speaks of
  std::vector<ModbusResult> results_;
  ActingModel<models::lines::Segment> segment_actor_;
  ActingModel<models::masters::ModbusMaster> master_actor_;
  std::optional<ActingModel<models::lines::WireTrace>> trace_actor_;
  ActorProcess segment_process_;
  ActorProcess master_process_;
  std::unique_ptr<ActorProcess> trace_process_;
};

}  // namespace tools
