// Reading and writing rows: the table's getters and setters.
#pragma once

#include <cstdint>

#include "metrology/energy/booking.h"
#include "metrology/energy/measurements.h"
#include "metrology/energy/pulse_output.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/registers/diagnostics.h"
#include "metrology/registers/row.h"
#include "metrology/registers/settings.h"

namespace metrology::registers {

/// What the rows show. Lives as long as one access.
struct MeterData {
  const hal::ParameterPage& page;
  const Settings& settings;
  const energy::Measurements& measurements;
  const energy::EnergyState& energy;
  const energy::PulseState& pulses;
  const Diagnostics& diagnostics;
  std::int64_t now_cycle;  ///< for the pulse debt
};

/// Writes row.bytes bytes, big endian.
void read(const MeterData& data, const Row& row, std::uint8_t* bytes);

/// The unrounded value behind a row.
struct Raw {
  enum class Kind : std::uint8_t { none, value, energy };
  Kind kind;
  double value;                  ///< in the row's unit
  energy::EnergyCounter energy;  ///< µWh or µvarh
  bool reactive;                 ///< the energy is booked with the reactive path's further delay
};
Raw read_raw(const MeterData& data, const Row& row);

enum class WriteResult : std::uint8_t { ok, read_only, bad_value };

/// Writes `row` through `port`: the new value takes effect in `settings`.
WriteResult write(Settings& settings, const Row& row, Port port, const std::uint8_t* bytes);

/// The whole name of a variant: "PRO380-Mod CT".
const char* variant_name(hal::MeterVariant variant);

}  // namespace metrology::registers
