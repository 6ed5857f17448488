// A meter's analog front end as one object: the sensors between its terminals and its ADC, and the
// body whose temperature they have.
#pragma once

#include <array>
#include <memory>

#include "models/sensors/current_transformer.h"
#include "models/sensors/front_end_spec.h"
#include "models/sensors/temperature_sensor.h"
#include "models/sensors/voltage_divider.h"
#include "models/thermal/body.h"
#include "models/wiring/wiring.h"

namespace models::sensors {

/// Noise of an ADC's channels, r.m.s. in codes.
struct ChannelNoise {
  double voltage;
  double current;
  double temperature;
};

/// Thermal and modulator noise are independent: they add up in quadrature. The full scales are the
/// peak values of code 2^23.
ChannelNoise channel_noise(const FrontEndSpec& spec, double full_scale_V, double full_scale_A);

class FrontEnd {
 public:
  /// `terminals` and `air` must outlive this. Throws std::invalid_argument for a specification out
  /// of its range.
  FrontEnd(const wiring::Terminals& terminals, const thermal::Ambient& air,
           const FrontEndSpec& spec);

  const pins::AnalogSource& voltage(int phase) const {
    return *dividers_[static_cast<std::size_t>(phase)];
  }
  const pins::AnalogSource& current(int phase) const {
    return *transformers_[static_cast<std::size_t>(phase)];
  }
  const pins::AnalogSource& temperature() const { return temperature_; }
  const thermal::Body& body() const { return body_; }
  /// How far the sensor that leads most asks its waveform ahead of the ADC; 0 if none does. A
  /// change of the world that much later than what was asked for is never too late.
  Ps lead() const { return lead_; }

 private:
  thermal::Body body_;
  std::array<std::unique_ptr<VoltageDivider>, phase_count> dividers_;
  std::array<std::unique_ptr<CurrentTransformer>, phase_count> transformers_;
  TemperatureSensor temperature_;
  Ps lead_ = 0;
};

}  // namespace models::sensors
