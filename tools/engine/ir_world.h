// The infra-red ports of a run: before each meter that a scenario's reader talks with stands a head
// of its own, with a reader behind it, or with whoever leads the run.
//
// The log has what a reader sends and hears, "<id>.ir_reader" "byte" {value, start} and "heard"
// {value, start, good}, each at its end; if asked to, "<id>.ir_line" "level" {mark}, the light of
// meter and head together: no mark while either shines.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "models/lines/optical_network.h"
#include "models/lines/wire_trace.h"
#include "models/masters/ir_reader.h"
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

/// Whether the scenario puts a head before meter `index`.
bool has_ir_head(const Scenario& scenario, std::size_t index);

/// The instance of a head's waveform in the log.
std::string ir_line_instance(const MeterSpec& meter);

/// One head: light path, reader, and who draws the waveform.
class IrHead final : public LedLine {
 public:
  struct State {
    models::lines::SegmentState segment;
    models::masters::IrReaderState reader;
    models::masters::SerialEndState serial;
    std::optional<models::lines::WireTraceState> trace;
  };

  using Done = std::function<void(const models::masters::IrResult&)>;

  /// During elaboration. `number`: of the head among the run's, for its processes' names. All
  /// references must outlive this.
  IrHead(const IrSpec& spec, const MeterSpec& meter, std::size_t number,
         const SimulationSettings& settings, bool trace_line, models::pins::EventSink& sink,
         Done done);

  models::pins::LinePort& port() { return segment_->port(models::lines::optical_meter_end); }
  void connect(platform::Meter& meter);
  State state() const;
  /// Goes on at `now`, the present kernel time, at which `state` was saved.
  void restore(const State& state, Ps now);
  /// In place of `restore`: nothing was before.
  void begin();
  /// During elaboration: shows what reader and meter send.
  void trace_pins(PinTrace& pins);
  /// Nothing in a run where somebody else has taken the head's place.
  void ask(Ps now, models::masters::IrSession session);

  /// Whoever leads the run takes the place of the scripted reader.
  models::pins::LinePort& leader_port() override;
  void connect_leader(models::pins::LineListener& listener) override;
  const models::masters::SerialFormat& format() const override { return format_; }
  std::string port_instance() const override { return meter_id_ + ".ir_port"; }

 private:
  void log(const models::masters::HeardCharacter& character, bool sent);

  std::string meter_id_;
  std::string reader_instance_;
  models::masters::SerialFormat format_;
  models::pins::EventSink& sink_;
  std::unique_ptr<models::lines::Segment> segment_;
  models::masters::IrReader reader_;
  bool taken_ = false;  ///< by whoever leads the run
  std::optional<models::lines::WireTrace> trace_;
  ActingModel<models::lines::Segment> segment_actor_;
  ActingModel<models::masters::IrReader> reader_actor_;
  std::optional<ActingModel<models::lines::WireTrace>> trace_actor_;
  ActorProcess segment_process_;
  ActorProcess reader_process_;
  std::unique_ptr<ActorProcess> trace_process_;
};

class IrWorld {
 public:
  struct State {
    std::map<std::size_t, IrHead::State> heads;
    std::vector<IrSessionResult> results;
  };

  /// During elaboration, before the meters. `trace_lines`: reports the lines' edges. All references
  /// must outlive this.
  IrWorld(const Scenario& scenario, const SimulationSettings& settings, bool trace_lines,
          models::pins::EventSink& sink, Script& script);
  IrWorld(const IrWorld&) = delete;
  IrWorld& operator=(const IrWorld&) = delete;

  /// The infra-red port of meter `index`, or null: nothing stands before it.
  models::pins::LinePort* port(std::size_t index);
  /// The meter at that port.
  void connect(std::size_t index, platform::Meter& meter);
  /// See IrHead.
  void trace_pins(PinTrace& pins);
  /// Where whoever leads the run may sit, or null.
  LedLine* led_line();

  /// Adds the sessions that were over before the evidence's end.
  void give(Evidence& evidence) const;

  State state() const;
  /// Goes on at `now`, the present kernel time, at which `state` was saved.
  void restore(const State& state, Ps now);
  /// In place of `restore`: nothing was before.
  void begin();

 private:
  void ask(std::size_t entry, Ps now);

  const Scenario& scenario_;
  std::map<std::size_t, IrHead> heads_;  ///< by meter
  std::set<std::size_t> wanted_;         ///< entries of the timeline that an expectation speaks of
  std::vector<IrSessionResult> results_;
};

}  // namespace tools
