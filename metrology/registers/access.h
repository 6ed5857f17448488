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
#include "metrology/registers/status.h"

namespace metrology::registers {

/// What the rows show. Lives as long as one access.
struct MeterData {
  const hal::ParameterPage& page;
  const Settings& settings;
  const energy::Measurements& measurements;
  const energy::EnergyState& energy;
  const energy::PulseState& pulses;
  const Diagnostics& diagnostics;
  const energy::TariffState& tariff;
  const Status& status;
  std::int64_t now_cycle;  ///< for the pulse debt
};

/// The row's value as the display shows it: a whole number in 10^-decimals of its unit. It is what
/// read() gives, but for energies, whose float may be less by what a float cannot hold, and for
/// negative totals, which have one digit less on the display: −99 999.99 kWh is followed by
/// 0.00 [twin]. Rows of digits give the number they spell, texts and bits 0.
std::int64_t steps(const MeterData& data, const Row& row);

/// Writes row.bytes bytes, big endian. A row that may not be read gives zeros.
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

/// What rows can change.
struct Writable {
  const hal::ParameterPage& page;
  Settings& settings;
  energy::TariffState& tariff;
  energy::Accounts& accounts;
  Status& status;
};

enum class WriteResult : std::uint8_t {
  ok,
  unchanged,  ///< acknowledged like ok; the value was held already, so there is nothing to store
  read_only,
  bad_value,
  locked,      ///< combined code 10 holds: no write changes it any more, nor is 10 itself accepted
  not_stored,  ///< the value would be taken, but the EEPROM could not keep it (app/row_writes.h)
};

/// Writes `row` through `port`: the new value takes effect in `target`. The meter ID's range is the
/// port's, for the debug port that of the variant's bus. The tariff row takes 1, 2 (saved), 11, 12.
WriteResult write(const Writable& target, const Row& row, Port port, const std::uint8_t* bytes);

/// Writes a row of the calibration constants (Content::calibration) into `page`; no other. A value
/// out of the range of hal::calibration_fields is refused.
WriteResult write_constant(hal::ParameterPage& page, const Row& row, Port port,
                           const std::uint8_t* bytes);

/// The whole name of a variant: "PRO380-Mod CT".
const char* variant_name(hal::MeterVariant variant);

}  // namespace metrology::registers
