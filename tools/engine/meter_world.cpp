#include "tools/engine/meter_world.h"

#include "metrology/storage/layout.h"
#include "peripherals/adc/full_scale.h"
#include "platform/metering_firmware.h"
#include "tools/engine/recorder.h"

namespace tools {
namespace {

constexpr double ct_secondary_A = 5;

const MeterSpec& spec_of(const Scenario& scenario, int index) {
  return scenario.meters[static_cast<std::size_t>(index)];
}

models::eeprom::EepromConfig eeprom_config(const MeterSpec& spec, std::uint64_t seed) {
  models::eeprom::EepromConfig config;
  config.instance = spec.id + ".eeprom";
  config.device = metrology::storage::eeprom_device;
  config.seed = seed;
  return config;
}

std::array<double, metrology::hal::adc_channel_count> noise_codes(const MeterSpec& spec) {
  const std::array<double, metrology::hal::adc_channel_count> full_scale =
      peripherals::adc_full_scale(metrology::hal::is_ct(spec.page.variant));
  const models::sensors::ChannelNoise noise =
      models::sensors::channel_noise(spec.sensors, full_scale[0], full_scale[phase_count]);
  return {noise.voltage, noise.voltage, noise.voltage,    noise.current,
          noise.current, noise.current, noise.temperature};
}

double ratio_of(const metrology::hal::ParameterPage& page) {
  if (!metrology::hal::is_ct(page.variant) || page.ct_primary_A == 0) return 1;
  return page.ct_primary_A / ct_secondary_A;
}

}  // namespace

void MeterWorld::ReceiverSetting::apply(const ReceiverChange& change) {
  supply_V = change.supply_V.value_or(supply_V);
  reversed = change.reversed.value_or(reversed);
  series_ohm = change.series_ohm.value_or(series_ohm);
}

models::receivers::S0Supply MeterWorld::ReceiverSetting::supply() const {
  return {reversed ? -supply_V : supply_V, series_ohm};
}

MeterWorld::MeterWorld(const Scenario& scenario, int index, const SimulationSettings& settings,
                       models::pins::EventSink& sink, Script& script, models::pins::LinePort* bus,
                       models::pins::LinePort* ir, SampleTable* samples)
    : grid_(spec_of(scenario, index)),
      terminals_(grid_.grid(), spec_of(scenario, index).wiring),
      front_end_(terminals_, grid_.air(), spec_of(scenario, index).sensors),
      crystal_(front_end_.body(), spec_of(scenario, index)),
      display_(spec_of(scenario, index).id + ".display", sink),
      eeprom_(eeprom_config(spec_of(scenario, index), settings.seed), sink,
              tools::eeprom_image(spec_of(scenario, index))) {
  const MeterSpec& spec = spec_of(scenario, index);
  if (!settings.led) grid_.apply_all(scenario, index);
  truth_ = std::make_unique<TerminalTruth>(terminals_, ratio_of(spec.page));

  platform::MeterTerminals connected;
  for (int phase = 0; phase < phase_count; ++phase) {
    const auto i = static_cast<std::size_t>(phase);
    connected.analog[i] = &front_end_.voltage(phase);
    connected.analog[i + phase_count] = &front_end_.current(phase);
  }
  connected.analog[static_cast<std::size_t>(metrology::hal::AdcChannel::temperature)] =
      &front_end_.temperature();

  constexpr std::array<Output, s0_count> s0 = {Output::s0_forward, Output::s0_reverse};
  for (std::size_t i = 0; i < s0_count; ++i) {
    for (const ReceiversChange& change : spec.receivers) receiver_settings_[i].apply(change[i]);
    receivers_[i] = std::make_unique<models::receivers::S0Receiver>(pulse_instance(spec.id, s0[i]),
                                                                    spec.id + ".diagnostic", sink,
                                                                    receiver_settings_[i].supply());
    connected.pulse[static_cast<std::size_t>(s0[i])] = receivers_[i].get();
  }

  connected.glass = &display_;
  connected.i2c_device = &eeprom_;
  connected.bus = bus;
  connected.ir = ir;
  platform::MeterConfig config;
  config.id = spec.id;
  config.parameters = spec.page;
  config.seed = settings.seed;
  config.sync = settings.sync;
  config.trace_bus = settings.trace_bus;
  config.trace_lcd = settings.trace_lcd;
  config.adc_noise_codes = noise_codes(spec);
  config.crystal_ppb = crystal_.at_start();
  config.base = settings.base;
  config.awaits_state = settings.awaits_state;
  config.samples = samples;
  config.image = spec.image;
  if (spec.image != nullptr && settings.observer_of) {
    config.observer = settings.observer_of(spec.id);
  }
  meter_ = std::make_unique<platform::Meter>(config, connected, platform::metering_firmware(), sink,
                                             script);
  if (spec.image != nullptr && settings.view_of) settings.view_of(spec.id, meter_->debug_view());
  if (samples != nullptr) samples->set_clock(meter_->clock());
  surroundings_ =
      std::make_unique<Surroundings>(spec, settings.seed, terminals_, eeprom_, *meter_, script);
  crystal_.attach(*meter_, script);
}

void MeterWorld::change_receivers(Ps t, const ReceiversChange& change) {
  for (std::size_t i = 0; i < s0_count; ++i) {
    receiver_settings_[i].apply(change[i]);
    receivers_[i]->set_supply(t, receiver_settings_[i].supply());
  }
}

void MeterWorld::change_mains(Ps t, const TimelineEntry& entry) {
  grid_.apply(t + front_end_.lead(), entry);
  surroundings_->mains_changed(t);
  crystal_.world_changed(t);
}

void MeterWorld::change_mains(Ps t, const ProfileRow& row) {
  grid_.apply(t + front_end_.lead(), row);
  surroundings_->mains_changed(t);
}

MeterWorld::State MeterWorld::state() const {
  return {meter_->state(),       eeprom_.state(),
          display_.state(),      {receivers_[0]->state(), receivers_[1]->state()},
          receiver_settings_,    crystal_.state(),
          surroundings_->state()};
}

void MeterWorld::restore(const State& state) {
  eeprom_.restore(state.eeprom);
  display_.restore(state.display);
  receiver_settings_ = state.receiver_settings;
  for (std::size_t i = 0; i < s0_count; ++i) receivers_[i]->restore(state.receivers[i]);
  surroundings_->restore(state.around);
  meter_->restore(state.meter);
  crystal_.restore(state.crystal);
}

void MeterWorld::take_over(State state, Script& script) {
  // Kernel time of the run that was saved.
  const Ps by = static_cast<Ps>(state.meter.instant - state.meter.base);
  rebase(state.eeprom, by);
  rebase(state.display, by);
  eeprom_.restore(state.eeprom);
  display_.restore(state.display);
  for (std::size_t i = 0; i < s0_count; ++i) {
    rebase(state.receivers[i], by);
    receivers_[i]->restore(state.receivers[i]);
    script.add(0, [this, i] { receivers_[i]->set_supply(0, receiver_settings_[i].supply()); });
  }
  surroundings_->take_over(std::move(state.around), by, script);
  meter_->restore(state.meter);
  script.add(0, [this, ppb = state.crystal.set_ppb] { crystal_.take_over(ppb); });
}

}  // namespace tools
