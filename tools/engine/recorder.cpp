#include "tools/engine/recorder.h"

#include <systemc>

#include "platform/event_log.h"

namespace tools {
namespace {

/// So many changes of wires are looked through together.
constexpr std::size_t newest_kept = 64;

constexpr std::array outputs = {Output::led_active, Output::led_reactive, Output::s0_forward,
                                Output::s0_reverse};

bool level_of(std::initializer_list<models::pins::Field> fields) {
  for (const models::pins::Field& field : fields) {
    if (field.name == "on" || field.name == "mark") return std::get<bool>(field.value);
  }
  return false;
}

std::string text_of(std::initializer_list<models::pins::Field> fields, std::string_view name) {
  for (const models::pins::Field& field : fields) {
    if (field.name == name) return std::string(std::get<std::string_view>(field.value));
  }
  return {};
}

}  // namespace

std::string pulse_instance(const std::string& meter_id, Output output) {
  return meter_id + "." + std::string(name_of(output));
}

Recorder::Recorder(const std::vector<std::string>& meter_ids, models::pins::EventSink* log,
                   VcdWriter* vcd)
    : log_(log),
      vcd_(vcd),
      kept_(meter_ids.size()),
      wanted_(meter_ids.size()),
      display_wanted_(meter_ids.size()) {
  for (std::size_t i = 0; i < meter_ids.size(); ++i) {
    for (const Output output : outputs) {
      Channel& channel = channels_[pulse_instance(meter_ids[i], output)];
      channel.meter = static_cast<int>(i);
      channel.output = static_cast<int>(output);
    }
    Channel& diagnostic = channels_[meter_ids[i] + ".diagnostic"];
    diagnostic.meter = static_cast<int>(i);
    diagnostic.diagnostic = true;
    for (const auto& [name, member] :
         {std::pair{".display", &Channel::display}, std::pair{".backlight", &Channel::backlight}}) {
      Channel& channel = channels_[meter_ids[i] + name];
      channel.meter = static_cast<int>(i);
      channel.*member = true;
    }
    for (const char* signal :
         {"led_active", "led_reactive", "led_tariff", "backlight", "s0_forward", "s0_reverse"}) {
      const std::string instance = meter_ids[i] + "." + signal;
      Channel& channel = channels_[instance];
      channel.wire = true;
      if (vcd_ != nullptr) channel.signal = vcd_->add_signal(instance);
    }
  }
}

void Recorder::add_line(const std::string& instance, bool logged) {
  Channel& channel = channels_[instance];
  channel.line = true;
  channel.wire = true;
  channel.logged = logged;
  if (vcd_ != nullptr) channel.signal = vcd_->add_signal(instance);
}

void Recorder::keep(int meter, Output output) {
  wanted_[static_cast<std::size_t>(meter)][static_cast<std::size_t>(output)] = true;
}

void Recorder::record(Ps t, std::string_view instance, std::string_view event,
                      std::initializer_list<models::pins::Field> fields) {
  if (watcher_ != nullptr) watcher_->record(t, instance, event, fields);
  key_.assign(instance);
  const auto found = channels_.find(key_);
  const bool known = found != channels_.end();
  if (log_ != nullptr && !(known && !found->second.logged)) {
    log_->record(t, instance, event, fields);
  }
  if (t >= end_ || !known) return;
  const Channel& channel = found->second;
  if (channel.line) {
    follow_wire(t, key_, channel, level_of(fields));
    return;
  }
  if (channel.diagnostic) {
    kept_[static_cast<std::size_t>(channel.meter)].diagnostics[std::string(event)].push_back(t);
    return;
  }
  if (channel.display && event == "show") {
    std::vector<DisplayChange>& display = kept_[static_cast<std::size_t>(channel.meter)].display;
    if (!display_wanted_[static_cast<std::size_t>(channel.meter)]) display.clear();
    display.push_back({t, text_of(fields, "text"), text_of(fields, "symbols")});
    return;
  }
  if (event != "edge") return;
  const bool on = level_of(fields);
  if (channel.wire) follow_wire(t, key_, channel, on);
  if (channel.backlight) {
    std::vector<LevelChange>& light = kept_[static_cast<std::size_t>(channel.meter)].backlight;
    if (!display_wanted_[static_cast<std::size_t>(channel.meter)]) light.clear();
    light.push_back({t, on});
  }
  if (channel.output < 0) return;
  Kept& kept = kept_[static_cast<std::size_t>(channel.meter)];
  const auto output = static_cast<std::size_t>(channel.output);
  if (wanted_[static_cast<std::size_t>(channel.meter)][output])
    add_edge(kept.pulses[output], t, on);
}

void Recorder::add_edge(PulseTrain& train, Ps t, bool on) {
  if (on) {
    train.push_back({t, models::pins::ps_never});
  } else if (!train.empty() && train.back().end == models::pins::ps_never) {
    train.back().end = t;
  }
}

void Recorder::follow_wire(Ps t, const std::string& instance, const Channel& channel, bool level) {
  if (channel.signal >= 0) vcd_->change(t, channel.signal, level);
  newest_.push_back({t, instance, level});
  if (newest_.size() < newest_kept) return;
  // What a run may still be cut before stays; the order among wires has no meaning.
  const Ps now = sc_core::sc_time_stamp().value();
  const Ps sure = now > platform::latest_report_ps ? now - platform::latest_report_ps : 0;
  std::vector<WireChange> rest;
  for (WireChange& change : newest_) {
    if (change.t < sure) {
      levels_[change.instance] = change.level;
    } else {
      rest.push_back(std::move(change));
    }
  }
  newest_ = std::move(rest);
}

Recorder::State Recorder::state(Ps cut) const {
  State out{kept_, levels_, {}};
  for (const WireChange& change : newest_) {
    if (change.t < cut) {
      out.levels[change.instance] = change.level;
    } else {
      out.after_the_cut.push_back(change);
    }
  }
  return out;
}

void Recorder::restore(const State& state, Ps cut) {
  kept_ = state.kept;
  levels_ = state.levels;
  newest_ = state.after_the_cut;
  if (vcd_ == nullptr) return;
  vcd_->begin_at(cut);
  for (const auto& [instance, level] : levels_) {
    const auto channel = channels_.find(instance);
    if (channel != channels_.end() && channel->second.signal >= 0) {
      vcd_->begin_with(channel->second.signal, level);
    }
  }
  for (const WireChange& change : newest_) {
    const auto channel = channels_.find(change.instance);
    if (channel != channels_.end() && channel->second.signal >= 0) {
      vcd_->change(change.t, channel->second.signal, change.level);
    }
  }
}

void Recorder::take_over(const State& state) {
  State at_zero;
  at_zero.kept.resize(kept_.size());
  at_zero.levels = state.levels;
  for (const WireChange& change : state.after_the_cut) {
    at_zero.levels[change.instance] = change.level;
  }
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    if (!state.kept[i].display.empty()) {
      at_zero.kept[i].display = {state.kept[i].display.back()};
      at_zero.kept[i].display.back().t = 0;
    }
    if (!state.kept[i].backlight.empty()) {
      at_zero.kept[i].backlight = {{0, state.kept[i].backlight.back().on}};
    }
  }
  restore(at_zero, 0);
}

void Recorder::give(Evidence& evidence) {
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    evidence.meters[i].pulses = std::move(kept_[i].pulses);
    evidence.meters[i].diagnostics = std::move(kept_[i].diagnostics);
    evidence.meters[i].display = std::move(kept_[i].display);
    evidence.meters[i].backlight = std::move(kept_[i].backlight);
  }
}

}  // namespace tools
