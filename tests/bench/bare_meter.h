// "Bare": the ADC's block evaluation, of the same sensors as the whole meter's, and the firmware's
// block functions in a plain loop: signal path, booking, and once a second the measurements. No
// kernel, bus, CPU or DMA, no pulses, tariffs or ports. The yardstick of what virtual hardware may
// cost.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "metrology/energy/booking.h"
#include "metrology/energy/measurements.h"
#include "metrology/signal/signal_path.h"
#include "models/grid/grid.h"
#include "models/sensors/front_end.h"
#include "models/thermal/ambient.h"
#include "models/wiring/wiring.h"
#include "peripherals/adc/sinc3_sampler.h"
#include "platform/clock_tree.h"
#include "tests/end_to_end/workbench.h"

namespace bench {

class BareMeter {
 public:
  explicit BareMeter(const end_to_end::Load& load);
  ~BareMeter();

  /// 32 blocks of 128 sample sets of seven channels through signal path, booking and measurements.
  void run_one_second();

 private:
  void run_block();

  models::grid::Grid grid_;
  models::wiring::Terminals terminals_;
  models::thermal::Ambient air_;
  models::sensors::FrontEnd front_end_;
  platform::ClockTree clock_;
  peripherals::Sinc3Kernels kernels_;
  std::vector<std::unique_ptr<peripherals::Sinc3Sampler>> channels_;
  std::array<std::int32_t, metrology::hal::block_words> block_{};
  std::int64_t next_sample_ = 0;
  metrology::signal::SignalSetup signal_setup_{};
  metrology::signal::SignalState signal_{};
  metrology::energy::BookingSetup booking_setup_;
  metrology::energy::EnergyState energy_{};
  metrology::energy::MeasurementSetup measurement_setup_;
  metrology::energy::MeasurementState measurement_{};
};

}  // namespace bench
