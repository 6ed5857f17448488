#include "tools/engine/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <systemc>

#include "platform/clock_tree.h"
#include "platform/event_log.h"
#include "tools/checks/judge.h"
#include "tools/checks/raw_value.h"
#include "tools/engine/advance.h"
#include "tools/engine/bus_world.h"
#include "tools/engine/ir_world.h"
#include "tools/engine/mbus_world.h"
#include "tools/engine/pin_trace.h"
#include "tools/engine/recorder.h"
#include "tools/engine/requests.h"
#include "tools/engine/script.h"
#include "tools/profile/run_profile.h"
#include "tools/report/gtkwave.h"
#include "tools/report/output_file.h"
#include "tools/report/pulse_table.h"
#include "tools/report/screenshots.h"
#include "tools/state/state_file.h"

namespace tools {
namespace {

/// Between two looks at the clock on the wall and at the user's wish to stop.
constexpr Ps slice = 100 * models::pins::ps_per_ms;

/// How a quiet instant is looked for, and how long after the one that was asked for. [twin]
constexpr Ps quiet_step = 20 * models::pins::ps_per_us;
constexpr Ps quiet_within = 2 * models::pins::ps_per_s;

/// What is known of everything when the kernel stands at `now`: a run that is cut there tells it.
Ps cut_at(Ps now) {
  return now > platform::latest_report_ps ? now - platform::latest_report_ps : 0;
}

SimulationSettings settings_of(const RunOptions& options) {
  SimulationSettings settings = options.simulation;
  if (!options.loaded) return settings;
  const platform::SavedMeter& meter = options.loaded->run.meters.front().meter;
  settings.awaits_state = true;
  settings.old_world = options.loaded->use == StateUse::continuation;
  settings.base = settings.old_world ? meter.base : meter.instant;
  return settings;
}

/// An event log that appears at its path when it is complete.
class StagedLog {
 public:
  StagedLog(const std::string& path, platform::WideTime base)
      : path_(path), log_(make_staging(path), base) {
    if (!log_.error().empty()) throw OutputRefused(log_.error());
  }
  StagedLog(const StagedLog&) = delete;
  StagedLog& operator=(const StagedLog&) = delete;
  ~StagedLog() {
    if (!placed_) discard_output(path_);
  }

  platform::EventLog& log() { return log_; }
  bool failed() const { return !log_.error().empty(); }
  void finish(Ps end) {
    if (!log_.finish(end)) throw OutputFailed(log_.error());
    place_output(path_);
    placed_ = true;
  }

 private:
  std::string path_;
  platform::EventLog log_;
  bool placed_ = false;
};

/// Everything that must stand while the kernel runs.
class Bench {
 public:
  // The script's module has a name that no meter's id can have.
  Bench(const Scenario& scenario, const RunOptions& options)
      : scenario_(scenario),
        options_(options),
        settings_(settings_of(options)),
        // A meter may have to go on for a while after the end until it can be saved.
        script_("_script", scenario.duration,
                options.save_state_path.empty() ? scenario.duration
                                                : scenario.duration + 2 * quiet_within) {
    platform::require_segment(scenario.duration);
    open_log();
    if (!options.save_state_path.empty()) {
      state_file_ = std::make_unique<OutputFile>(options.save_state_path);
    }
    if (!options.vcd_path.empty()) {
      vcd_file_ = std::make_unique<OutputFile>(options.vcd_path);
      vcd_ = std::make_unique<VcdWriter>(*vcd_file_, options.vcd_step);
    }
    if (!options.csv_path.empty()) csv_file_ = std::make_unique<OutputFile>(options.csv_path);
    if (!options.gtkw_path.empty()) gtkw_file_ = std::make_unique<OutputFile>(options.gtkw_path);
    if (!options.samples_path.empty()) open_samples();
    if (!options.profile_path.empty() || options.gives_profile) {
      profile_ = std::make_unique<profile::RunProfile>(options.program_path, options.profile_path);
      settings_.observer_of = [this](const std::string& meter) { return profile_->observe(meter); };
    }
    std::vector<std::string> ids;
    for (const MeterSpec& meter : scenario.meters) ids.push_back(meter.id);
    recorder_ = std::make_unique<Recorder>(ids, events_, vcd_.get());
    if (scenario.bus) connect_bus();
    if (scenario.mbus) connect_mbus();
    connect_ir();
    if (vcd_) trace_pins();
    keep_pulses();
    for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
      // A meter has one bus at most, by its variant.
      models::pins::LinePort* port = bus_ ? bus_->port(i) : nullptr;
      if (mbus_ && port == nullptr) port = mbus_->port(i);
      worlds_.push_back(std::make_unique<MeterWorld>(scenario, static_cast<int>(i), settings_,
                                                     *recorder_, script_, port, ir_->port(i),
                                                     samples_of(i)));
      if (bus_) bus_->connect(i, worlds_.back()->meter());
      if (mbus_) mbus_->connect(i, worlds_.back()->meter());
      ir_->connect(i, worlds_.back()->meter());
    }
    for (std::size_t i = 0; i < scenario.meters.size(); ++i) {
      const std::string& path = scenario.meters[i].eeprom_file;
      if (!path.empty()) eeprom_files_[i] = std::make_unique<OutputFile>(path);
    }
    requests_ = std::make_unique<Requests>(scenario, worlds_, script_, options.simulation.led);
    if (!options.loaded) script_.ready();
    if (options.session != nullptr) {
      options.session->begin({scenario, script_, lines_, *recorder_, *requests_, worlds_});
    }
  }

  RunResult run() {
    RunResult result;
    sc_core::sc_start(sc_core::SC_ZERO_TIME);  // elaboration, before the clock on the wall starts
    const auto begin = std::chrono::steady_clock::now();
    const Ps start = options_.loaded ? go_on() : 0;
    const Ps end = options_.until.value_or(scenario_.duration);
    Ps now = start;
    while (now < end && !result.interrupted) {
      const Ps to = options_.session != nullptr ? options_.session->next(now, end)
                                                : std::min(now + slice, end);
      if (to == now) break;
      advance(to - now);
      now = to;
      if (log_ && log_->failed()) throw OutputFailed(log_->log().error());
      if (vcd_ && now > platform::latest_report_ps) {
        vcd_->write_before(now - platform::latest_report_ps);
      }
      if (samples_) samples_->write_before(now);
      if (options_.progress) {
        const double done = static_cast<double>(now - start) / static_cast<double>(end - start);
        result.interrupted = !options_.progress(done);
      }
    }
    if (options_.session != nullptr) options_.session->over(now);
    whole_ = now >= scenario_.duration;
    if (state_file_ && !result.interrupted) {
      now = save(now, result);
    } else {
      // What happened just before the end may be reported just after it; what happens then is cut.
      recorder_->end_at(now);
      advance(platform::latest_report_ps);
    }
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
    result.wall_s = wall.count();
    result.simulated = now - start;
    finish(now, start, result);
    return result;
  }

 private:
  void open_log() {
    if (!options_.log_path.empty()) {
      log_ = std::make_unique<StagedLog>(options_.log_path, settings_.base);
      events_ = &log_->log();
    } else if (!options_.save_state_path.empty()) {
      memory_ = std::make_unique<platform::EventLog>(settings_.base);
      events_ = memory_.get();
    }
    if (events_ != nullptr && options_.loaded) events_->take_up(options_.loaded->run.log);
  }

  /// Puts back what was saved. Returns the kernel time at which it goes on.
  Ps go_on() {
    const RunState& state = options_.loaded->run;
    const bool old_world = settings_.old_world;
    const Ps now = old_world ? state.now : 0;
    if (now > 0) advance(now);
    if (old_world) {
      recorder_->restore(state.recorder, cut_at(now));
      if (samples_) samples_->begin_at(cut_at(now), now);
      requests_->restore(state.requests);
      if (bus_) bus_->restore(state.bus.value(), now);
      if (mbus_) mbus_->restore(state.mbus.value(), now);
      ir_->restore(state.ir, now);
      if (pins_) pins_->go_on(cut_at(now));
      for (std::size_t i = 0; i < worlds_.size(); ++i) worlds_[i]->restore(state.meters[i]);
    } else {
      recorder_->take_over(state.recorder);
      requests_->take_over(state.requests);
      for (std::size_t i = 0; i < worlds_.size(); ++i) {
        worlds_[i]->take_over(state.meters[i], script_);
      }
      if (bus_) bus_->begin();
      if (mbus_) mbus_->begin();
      ir_->begin();
    }
    script_.ready();
    return now;
  }

  /// The first meter that is busy, or null.
  const MeterSpec* busy_meter() const {
    for (std::size_t i = 0; i < worlds_.size(); ++i) {
      if (!worlds_[i]->meter().quiet()) return &scenario_.meters[i];
    }
    return nullptr;
  }

  /// Goes on from `end` to the first instant at which all can be saved, and does. Returns the end
  /// of what this run has to tell.
  Ps save(Ps end, RunResult& result) {
    Ps now = end + platform::latest_report_ps;
    advance(now - end);
    for (const MeterSpec* busy = busy_meter(); busy != nullptr; busy = busy_meter()) {
      if (now - end > quiet_within) {
        throw OutputFailed(fmt::format(
            "{}: nothing was saved: meter {} was busy for {} from {} on, or without supply while "
            "it "
            "was asked",
            options_.save_state_path, busy->id, show_time(quiet_within), show_time(end)));
      }
      advance(quiet_step);
      now += quiet_step;
    }
    const Ps cut = cut_at(now);
    RunState state;
    state.now = now;
    for (const auto& world : worlds_) state.meters.push_back(world->state());
    if (bus_) state.bus = bus_->state();
    if (mbus_) state.mbus = mbus_->state();
    state.ir = ir_->state();
    state.recorder = recorder_->state(cut);
    state.requests = requests_->state();
    state.log = events_->pending(cut);
    result.saved_at_ps = platform::to_decimal(state.meters.front().meter.instant);
    state_file_->write(state_file(scenario_, options_.build, state));
    return cut;
  }

  void open_samples() {
    const MeterSpec& meter = scenario_.meters[options_.samples.meter];
    samples_file_ = std::make_unique<OutputFile>(options_.samples_path);
    samples_ = std::make_unique<SampleTable>(*samples_file_, options_.samples,
                                             metrology::hal::is_ct(meter.page.variant));
  }

  /// Whoever observes the samples of meter `index`, or null.
  SampleTable* samples_of(std::size_t index) const {
    return index == options_.samples.meter ? samples_.get() : nullptr;
  }

  void connect_bus() {
    const bool log_line = options_.simulation.trace_line;
    recorder_->add_line("bus.line", log_line);
    bus_ = std::make_unique<BusWorld>(scenario_, settings_, log_line || vcd_, *recorder_, script_);
    lines_["modbus"] = bus_.get();
  }

  void connect_ir() {
    const bool log_line = options_.simulation.trace_line;
    for (std::size_t i = 0; i < scenario_.meters.size(); ++i) {
      if (!has_ir_head(scenario_, i)) continue;
      recorder_->add_line(ir_line_instance(scenario_.meters[i]), log_line);
    }
    ir_ = std::make_unique<IrWorld>(scenario_, settings_, log_line || vcd_, *recorder_, script_);
    if (LedLine* line = ir_->led_line()) lines_["ir"] = line;
  }

  void connect_mbus() {
    const bool log_line = options_.simulation.trace_line;
    recorder_->add_line("mbus.line", log_line);
    recorder_->add_line("mbus.current", log_line);
    mbus_ =
        std::make_unique<MbusWorld>(scenario_, settings_, log_line || vcd_, *recorder_, script_);
    lines_["mbus"] = mbus_.get();
  }

  void trace_pins() {
    pins_ = std::make_unique<PinTrace>(*vcd_);
    if (bus_) bus_->trace_pins(*pins_);
    if (mbus_) mbus_->trace_pins(*pins_);
    ir_->trace_pins(*pins_);
  }

  void keep_pulses() {
    for (const Expectation& expectation : scenario_.expectations) {
      std::visit(
          [&](const auto& e) {
            if constexpr (has_output<std::decay_t<decltype(e)>>::value) {
              recorder_->keep(expectation.meter, e.output);
            }
          },
          expectation.kind);
      const bool display = std::holds_alternative<ExpectDisplay>(expectation.kind) ||
                           std::holds_alternative<ExpectBacklight>(expectation.kind);
      if (display || !options_.screenshot_folder.empty()) {
        recorder_->keep_display(expectation.meter);
      }
    }
    if (!csv_file_) return;
    for (std::size_t meter = 0; meter < scenario_.meters.size(); ++meter) {
      for (int output = 0; output < output_count; ++output) {
        recorder_->keep(static_cast<int>(meter), static_cast<Output>(output));
      }
    }
  }

  template <typename T, typename = void>
  struct has_output : std::false_type {};
  template <typename T>
  struct has_output<T, std::void_t<decltype(T::output)>> : std::true_type {};

  /// `end`: of what this run tells, which began at `start`.
  void finish(Ps end, Ps start, RunResult& result) {
    Evidence evidence;
    evidence.end = std::min(end, scenario_.duration);
    evidence.meters.resize(scenario_.meters.size());
    recorder_->give(evidence);
    for (std::size_t i = 0; i < worlds_.size(); ++i) {
      evidence.meters[i].truth = &worlds_[i]->truth();
      evidence.meters[i].clock = &worlds_[i]->meter().clock();
    }
    requests_->give(evidence);
    if (bus_) bus_->give(evidence);
    if (mbus_) mbus_->give(evidence);
    ir_->give(evidence);
    result.verdicts = verdicts(evidence);
    if (options_.session != nullptr) {
      // Nobody knows how long somebody outside will go on: what was not reached says nothing.
      result.verdicts.erase(std::remove_if(result.verdicts.begin(), result.verdicts.end(),
                                           [end](const Verdict& verdict) {
                                             return !verdict.seen && verdict.at.value_or(0) >= end;
                                           }),
                            result.verdicts.end());
    }
    for (Verdict& verdict : requests_->failures(evidence.end, whole_ || !options_.until)) {
      result.verdicts.push_back(std::move(verdict));
    }
    result.pass = true;
    for (const Verdict& verdict : result.verdicts) result.pass = result.pass && verdict.pass;
    if (log_) log_->finish(end);
    if (vcd_) {
      vcd_->finish(end);
      vcd_file_->commit();
    }
    if (gtkw_file_) {
      gtkw_file_->write(gtkwave_document(options_.gtkw_path, options_.vcd_path, vcd_->signals(),
                                         vcd_->steps(end)));
      gtkw_file_->commit();
    }
    if (samples_) {
      worlds_[options_.samples.meter]->meter().work_out_samples();
      samples_->write_before(end);
      samples_file_->commit();
    }
    if (!options_.screenshot_folder.empty()) {
      write_screenshots(scenario_, evidence, options_.screenshot_folder);
    }
    if (csv_file_) {
      write_pulse_table(scenario_, evidence, *csv_file_, cut_at(start));
      csv_file_->commit();
    }
    if (options_.gives_profile) result.profile = profile_->document();
    if (profile_) profile_->write();
    if (!result.saved_at_ps.empty()) state_file_->commit();
    write_eeproms();
  }

  /// A run that stops before the scenario's end says only what is decided by then.
  std::vector<Verdict> verdicts(const Evidence& evidence) const {
    if (whole_ || options_.session != nullptr || !options_.until) {
      return judge_all(scenario_, evidence);
    }
    std::vector<Verdict> out;
    for (std::size_t i = 0; i < scenario_.expectations.size(); ++i) {
      if (is_decided(scenario_, i, evidence)) out.push_back(judge(scenario_, i, evidence));
    }
    return out;
  }

  /// Last: a run whose other outputs failed leaves the meters as it found them.
  void write_eeproms() {
    for (const auto& [meter, file] : eeprom_files_) {
      const std::vector<std::uint8_t> image = worlds_[meter]->eeprom_image();
      file->write(std::string_view(reinterpret_cast<const char*>(image.data()), image.size()));
    }
    for (const auto& [meter, file] : eeprom_files_) file->commit();
  }

  const Scenario& scenario_;
  const RunOptions& options_;
  SimulationSettings settings_;
  std::unique_ptr<StagedLog> log_;
  std::unique_ptr<platform::EventLog> memory_;  ///< in place of a log, of a run that is saved
  platform::EventLog* events_ = nullptr;        ///< either, or null
  std::unique_ptr<OutputFile> state_file_;
  bool whole_ = false;  ///< the scenario has come to its end
  std::unique_ptr<OutputFile> vcd_file_;
  std::unique_ptr<VcdWriter> vcd_;
  std::unique_ptr<PinTrace> pins_;  ///< of the waveform file, or null
  std::unique_ptr<OutputFile> csv_file_;
  std::unique_ptr<OutputFile> gtkw_file_;
  std::unique_ptr<OutputFile> samples_file_;
  std::unique_ptr<SampleTable> samples_;
  std::unique_ptr<profile::RunProfile> profile_;
  std::map<std::size_t, std::unique_ptr<OutputFile>> eeprom_files_;  ///< by meter
  std::unique_ptr<Recorder> recorder_;
  Script script_;
  std::unique_ptr<BusWorld> bus_;
  std::unique_ptr<MbusWorld> mbus_;
  std::unique_ptr<IrWorld> ir_;
  LedLines lines_;
  std::vector<std::unique_ptr<MeterWorld>> worlds_;
  std::unique_ptr<Requests> requests_;
};

}  // namespace

RunResult run_scenario(const Scenario& scenario, const RunOptions& options) {
  return Bench(scenario, options).run();
}

}  // namespace tools
