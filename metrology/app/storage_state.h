// What the storage's and the supply's tasks keep: parts of app::State.
#pragma once

#include <cstdint>

#include "metrology/energy/accounts.h"
#include "metrology/registers/settings.h"
#include "metrology/storage/store.h"

namespace metrology::app {

struct StorageTask {
  storage::Store store;
  bool loaded;            ///< or has failed to: settings and counters hold, metering books
  bool constants_loaded;  ///< likewise all calibration constants: they hold, and may be written
  bool look;              ///< a request to the store may have given it something to do
  bool protect;           ///< level of the EEPROM's WP pin

  // The transaction under way or just over.
  std::uint8_t read_count;
  bool transfer_over;             ///< noted by the interrupt's handler
  std::uint32_t transfer_status;  ///< the I²C master's, then

  // What was last given to the store, to see changes.
  registers::Settings settings;
  energy::StoredTariff tariff;
  energy::EnergyCounter day_start;
  std::uint32_t power_downs;
  bool save_due;  ///< the counters are to be saved
};

struct PowerTask {
  bool failing;  ///< mains went: nothing is booked or pulsed until the hold-up is charged again
  bool snapshot_due;  ///< … and what is booked by now is still to be saved
  bool look;          ///< mains may be back, the hold-up charged
};

}  // namespace metrology::app
