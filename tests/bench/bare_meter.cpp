#include "tests/bench/bare_meter.h"

#include "peripherals/adc/full_scale.h"

namespace bench {

namespace hal = metrology::hal;

namespace {

hal::ParameterPage page() {
  hal::ParameterPage page{};
  page.magic = hal::parameter_page_magic;
  page.variant = hal::MeterVariant::mod;
  page.s0_rate_centi = 100'000;
  return page;
}

}  // namespace

BareMeter::BareMeter(const end_to_end::Load& load)
    : terminals_(grid_, models::wiring::Wiring{}),
      front_end_(terminals_, air_, models::sensors::FrontEndSpec{}),
      booking_setup_(
          metrology::energy::make_booking_setup(page(), metrology::energy::reference_conditions)),
      measurement_setup_(metrology::energy::make_measurement_setup(
          page(), metrology::energy::reference_conditions)) {
  end_to_end::schedule(grid_, 0, load);
  const auto full_scale = peripherals::adc_full_scale(false);
  for (int channel = 0; channel < hal::adc_channel_count; ++channel) {
    const models::pins::AnalogSource* source = &front_end_.temperature();
    if (channel < 3) source = &front_end_.voltage(channel);
    if (channel >= 3 && channel < 6) source = &front_end_.current(channel - 3);
    channels_.push_back(std::make_unique<peripherals::Sinc3Sampler>(
        *source, clock_, kernels_,
        peripherals::SamplerSettings{full_scale.at(static_cast<std::size_t>(channel))}));
  }
  metrology::signal::reset(signal_);
  metrology::energy::reset(measurement_);
}

BareMeter::~BareMeter() = default;

void BareMeter::run_one_second() {
  constexpr int blocks = hal::samples_per_second / hal::block_samples;
  for (int n = 0; n < blocks; ++n) run_block();
}

void BareMeter::run_block() {
  std::int32_t* codes = block_.data();
  for (const auto& channel : channels_) {
    channel->convert(0, 0, next_sample_, hal::block_samples, codes);
    codes += hal::block_samples;
  }
  next_sample_ += hal::block_samples;
  metrology::signal::Window windows[metrology::signal::max_windows_per_block];
  const int count =
      metrology::signal::process_block(signal_, signal_setup_, block_.data(), windows);
  for (int n = 0; n < count; ++n) {
    metrology::energy::book(energy_, booking_setup_, windows[n]);
    if (!metrology::energy::accumulate(measurement_, windows[n])) continue;
    const bool standing_still[metrology::energy::phase_count] = {};
    metrology::energy::refresh(measurement_, measurement_setup_, standing_still);
  }
}

}  // namespace bench
