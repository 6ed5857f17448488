// What the engine asks of the meters through their debug ports: the readings that expectations
// need, and the writes of the timeline; and what else the timeline does to a meter directly.
#pragma once

#include <memory>
#include <vector>

#include "tools/checks/evidence.h"
#include "tools/checks/verdict.h"
#include "tools/engine/meter_world.h"
#include "tools/engine/script.h"

namespace tools {

class Requests {
 public:
  /// A write of the timeline, and what came of it.
  struct WriteState {
    int meter;
    std::uint64_t entry;  ///< of the timeline
    Ps at;
    std::optional<Reading> answer;
  };
  struct State {
    std::vector<WriteState> writes;
    std::vector<ExpectationReadings> readings;
    std::vector<double> start_rates;  ///< of each meter's S0 outputs when the run began, imp/kWh
    std::vector<double> s0_rates;     ///< … and by now
  };

  /// Puts every request into the script. `led`: as in SimulationSettings. All references must
  /// outlive this, and this the run.
  Requests(const Scenario& scenario, const std::vector<std::unique_ptr<MeterWorld>>& worlds,
           Script& script, bool led);
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;

  /// Does to meter `index` what the entry says at `t`, the present kernel time. The entry must
  /// outlive the run. Throws std::invalid_argument for what the grid refuses.
  void perform(const TimelineEntry& entry, std::size_t index, Ps t);
  /// Adds to the evidence the readings and the S0 rates of the time before its end.
  void give(Evidence& evidence) const;
  /// A failed verdict for every entry of the timeline that lies after the scenario's duration, and
  /// for every write that the meter did not accept before `end`.
  /// `whole`: the scenario has come to its end.
  std::vector<Verdict> failures(Ps end, bool whole) const;

  /// While no request is on its way.
  State state() const;
  /// Of the same scenario.
  void restore(const State& state);
  /// In a run whose world is new: the rates that the meters have by now.
  void take_over(const State& state) { start_rates_ = state.s0_rates; }

 private:
  struct Write {
    int meter;
    Ps at;
    const RegisterWrite* what;
    std::optional<Reading> answer;
  };

  void schedule_profiles();
  void schedule_timeline();
  bool acts(const TimelineEntry& entry) const;
  void schedule_readings();
  void schedule_reading(std::size_t expectation, Ps at, bool first);
  void perform_scripted(const TimelineEntry& entry, std::size_t index, Ps t);
  void post_write(std::size_t index);
  platform::Meter& meter(int index) const;
  static bool accepted_before(const Write& write, Ps end);

  const Scenario& scenario_;
  const std::vector<std::unique_ptr<MeterWorld>>& worlds_;
  Script& script_;
  bool led_;
  std::vector<double> start_rates_;  ///< of the S0 outputs, imp/kWh
  std::vector<Write> writes_;
  std::vector<ExpectationReadings> readings_;
};

}  // namespace tools
