// Sits between the meters and the event log: passes every record on and keeps what expectations,
// the waveform file and the pulse table need.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/pins/event_sink.h"
#include "tools/checks/evidence.h"
#include "tools/report/vcd.h"

namespace tools {

class Recorder : public models::pins::EventSink {
 public:
  /// What is kept of one meter.
  struct Kept {
    std::array<PulseTrain, output_count> pulses;
    std::map<std::string, std::vector<Ps>> diagnostics;
    std::vector<DisplayChange> display;
    std::vector<LevelChange> backlight;
  };
  /// A wire changes at `t`.
  struct WireChange {
    Ps t = 0;
    std::string instance;
    bool level = false;
  };
  struct State {
    std::vector<Kept> kept;
    std::map<std::string, bool> levels;     ///< of the wires of a waveform file, at the cut
    std::vector<WireChange> after_the_cut;  ///< … and what was reported of them already
  };

  /// `log` and `vcd` may be null. Must be told the ids of all meters before the run.
  Recorder(const std::vector<std::string>& meter_ids, models::pins::EventSink* log, VcdWriter* vcd);

  /// Keeps the pulses of one output; others are only passed on.
  void keep(int meter, Output output);

  /// Keeps all that the display of a meter shows, and its light; else only what they show last.
  void keep_display(int meter) { display_wanted_[static_cast<std::size_t>(meter)] = true; }

  /// A serial line's waveform; `logged`: for the log, too.
  void add_line(const std::string& instance, bool logged);

  void record(Ps t, std::string_view instance, std::string_view event,
              std::initializer_list<models::pins::Field> fields) override;

  /// `watcher`, who must outlive this, is told of every record too.
  void tell(models::pins::EventSink& watcher) { watcher_ = &watcher; }

  /// The run ends at `end`: what happens from then on is no longer kept.
  void end_at(Ps end) { end_ = end; }

  /// Moves what was kept to the evidence.
  void give(Evidence& evidence);

  /// Of a run that is cut at `cut`, not later than its first unreported instant.
  State state(Ps cut) const;
  /// Before the first record of a run that goes on from there, with the waveform file from `cut`
  /// on.
  void restore(const State& state, Ps cut);
  /// … of one whose world is new: what the glass shows, and the wires' levels.
  void take_over(const State& state);

 private:
  /// What an instance's records are kept as.
  struct Channel {
    int meter = -1;
    int output = -1;  ///< pulses of this output, or −1
    bool diagnostic = false;
    bool display = false;
    bool backlight = false;
    bool line = false;
    bool logged = true;
    bool wire = false;  ///< may be in a waveform file
    int signal = -1;    ///< of it, or −1
  };
  static void add_edge(PulseTrain& train, Ps t, bool on);
  void follow_wire(Ps t, const std::string& instance, const Channel& channel, bool level);

  models::pins::EventSink* log_;
  models::pins::EventSink* watcher_ = nullptr;
  VcdWriter* vcd_;
  std::unordered_map<std::string, Channel> channels_;
  std::string key_;  ///< reused for look-ups
  std::vector<Kept> kept_;
  std::vector<std::array<bool, output_count>> wanted_;  ///< pulses, by meter
  std::vector<bool> display_wanted_;                    ///< by meter
  std::map<std::string, bool> levels_;                  ///< of wires, before `newest_`
  std::vector<WireChange> newest_;
  Ps end_ = models::pins::ps_never;
};

/// The instance whose edges are an output's pulses: what the receiver behind S0 terminals sees,
/// and the LEDs themselves.
std::string pulse_instance(const std::string& meter_id, Output output);

}  // namespace tools
