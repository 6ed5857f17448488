#include "tools/engine/recorder.h"

namespace tools {
namespace {

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
    : log_(log), vcd_(vcd), kept_(meter_ids.size()) {
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
    if (vcd_ == nullptr) continue;
    for (const char* signal :
         {"led_active", "led_reactive", "led_tariff", "backlight", "s0_forward", "s0_reverse"}) {
      const std::string instance = meter_ids[i] + "." + signal;
      channels_[instance].signal = vcd_->add_signal(instance);
    }
  }
}

void Recorder::add_line(const std::string& instance, bool logged) {
  Channel& channel = channels_[instance];
  channel.line = true;
  channel.logged = logged;
  if (vcd_ != nullptr) channel.signal = vcd_->add_signal(instance);
}

void Recorder::keep(int meter, Output output) {
  kept_[static_cast<std::size_t>(meter)].wanted[static_cast<std::size_t>(output)] = true;
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
    if (channel.signal >= 0) vcd_->change(t, channel.signal, level_of(fields));
    return;
  }
  if (channel.diagnostic) {
    kept_[static_cast<std::size_t>(channel.meter)].diagnostics[std::string(event)].push_back(t);
    return;
  }
  if (channel.display && event == "show") {
    kept_[static_cast<std::size_t>(channel.meter)].display.push_back(
        {t, text_of(fields, "text"), text_of(fields, "symbols")});
    return;
  }
  if (event != "edge") return;
  const bool on = level_of(fields);
  if (channel.signal >= 0) vcd_->change(t, channel.signal, on);
  if (channel.backlight) {
    kept_[static_cast<std::size_t>(channel.meter)].backlight.push_back({t, on});
  }
  if (channel.output < 0) return;
  Kept& kept = kept_[static_cast<std::size_t>(channel.meter)];
  const auto output = static_cast<std::size_t>(channel.output);
  if (kept.wanted[output]) add_edge(kept.pulses[output], t, on);
}

void Recorder::add_edge(PulseTrain& train, Ps t, bool on) {
  if (on) {
    train.push_back({t, models::pins::ps_never});
  } else if (!train.empty() && train.back().end == models::pins::ps_never) {
    train.back().end = t;
  }
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
