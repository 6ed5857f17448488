// The M-Bus of a run: segment, level converter, master, and who draws the waveforms; the meters'
// ends are given out.
//
// The log has what the master sends and hears, "mbus.master" "byte" {value, start} and "heard"
// {value, start, good}, each at its end, and "power" {on}; if asked to, "mbus.line" "level" {mark},
// the voltage, and "mbus.current" "level" {mark}, the current, both as seen at the master.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "models/lines/mbus_level_converter.h"
#include "models/lines/mbus_network.h"
#include "models/lines/wire_trace.h"
#include "models/masters/mbus_master.h"
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

/// The segment of a scenario that has an M-Bus. Its ends: the master, the two that the waveforms
/// are taken from, the meters on the M-Bus in their order, and, with a `led` run, one for whoever
/// leads it. Throws std::invalid_argument for what cannot be wired.
std::unique_ptr<models::lines::Segment> make_mbus(const Scenario& scenario, std::uint64_t seed,
                                                  bool led);

class MbusWorld final : public LedLine {
 public:
  struct State {
    models::lines::SegmentState segment;
    models::lines::MbusLevelConverterState converter;
    models::masters::MbusMasterState master;
    models::masters::SerialEndState serial;
    models::masters::SerialFormat format;
    std::vector<MbusResult> results;
    std::vector<MbusFound> findings;
    std::vector<models::lines::WireTraceState> traces;
  };

  /// Of a scenario that has an M-Bus; during elaboration, before its meters. `trace_line`: reports
  /// the edges of voltage and current. All references must outlive this.
  MbusWorld(const Scenario& scenario, const SimulationSettings& settings, bool trace_line,
            models::pins::EventSink& sink, Script& script);

  /// Where meter `index` is connected, or null.
  models::pins::LinePort* port(std::size_t index);
  /// The meter at that end.
  void connect(std::size_t index, platform::Meter& meter);
  /// During elaboration: shows what each end sends.
  void trace_pins(PinTrace& pins);

  models::pins::LinePort& leader_port() override;
  void connect_leader(models::pins::LineListener& listener) override;
  const models::masters::SerialFormat& format() const override { return scenario_.mbus->format; }
  std::string port_instance() const override { return "mbus.port"; }
  bool collided(Ps from, Ps to) const override { return segment_->contested(from, to); }

  /// Adds the exchanges and searches that were judged before the evidence's end.
  void give(Evidence& evidence) const;

  State state() const;
  /// Goes on at `now`, the present kernel time, at which `state` was saved.
  void restore(const State& state, Ps now);
  /// In place of `restore`: nothing was before.
  void begin();

 private:
  /// Draws one of the two waveforms.
  struct Drawer {
    Drawer(const char* name, models::lines::Segment& segment, int end, const std::string& instance,
           models::pins::EventSink& sink, bool waits);

    models::lines::WireTrace trace;
    ActingModel<models::lines::WireTrace> actor;
    ActorProcess process;
  };

  void note_wanted();
  void schedule(std::size_t entry, Script& script);
  void ask(std::size_t entry, Ps now);
  void power(Ps t, bool on);
  void log(const models::masters::HeardCharacter& character, bool sent);

  const Scenario& scenario_;
  models::pins::EventSink& sink_;
  std::unique_ptr<models::lines::Segment> segment_;
  models::lines::MbusLevelConverter converter_;
  models::masters::MbusMaster master_;
  int leader_end_ = -1;
  std::vector<int> ends_;                 ///< by meter; −1: none
  models::masters::SerialFormat format_;  ///< of the last request that was queued
  std::set<std::size_t> wanted_;          ///< entries of the timeline that an expectation speaks of
  std::vector<MbusResult> results_;
  std::vector<MbusFound> findings_;
  ActingModel<models::lines::Segment> segment_actor_;
  ActingModel<models::masters::MbusMaster> master_actor_;
  ActorProcess segment_process_;
  ActorProcess master_process_;
  std::vector<std::unique_ptr<Drawer>> drawers_;
};

}  // namespace tools
