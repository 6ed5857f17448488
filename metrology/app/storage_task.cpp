#include "metrology/app/storage_task.h"

#include "metrology/app/boot.h"
#include "metrology/app/charges.h"
#include "metrology/app/correction.h"
#include "metrology/app/pins.h"
#include "metrology/app/ports.h"
#include "metrology/app/pulse_driver.h"
#include "metrology/app/snapshot.h"
#include "metrology/app/timers.h"

namespace metrology::app {

namespace {

/// 16 core clocks in a quarter of a bit: 393 kHz.
constexpr std::uint32_t bus_divider = 16;

constexpr std::uint32_t bytes_per_word = 4;
constexpr std::uint32_t buffer_word(std::uint32_t n) {
  return hal::i2c::base + hal::i2c::buffer_0 + bytes_per_word * n;
}

// --- transactions -------------------------------------------------------------------------------

void start_transfer(StorageTask& task, hal::Bus& bus, const storage::Transaction& transaction) {
  for (std::uint32_t begin = 0; begin < transaction.write_count; begin += bytes_per_word) {
    std::uint32_t word = 0;
    for (std::uint32_t n = begin; n < begin + bytes_per_word && n < transaction.write_count; ++n) {
      word |= std::uint32_t{transaction.bytes[n]} << (8 * (n - begin));
    }
    bus.write(buffer_word(begin / bytes_per_word), word);
  }
  bus.charge(charges::fill_transfer, charges::filled_byte, transaction.write_count);
  task.read_count = transaction.read_count;
  const std::uint32_t writes = transaction.write_count;
  const std::uint32_t reads = transaction.read_count;
  bus.write(hal::i2c::base + hal::i2c::command, transaction.device |
                                                    writes << hal::i2c::command_write_shift |
                                                    reads << hal::i2c::command_read_shift);
}

storage::Result result_of(std::uint32_t status) {
  if ((status & hal::i2c::status_stuck) != 0) return storage::Result::bus_stuck;
  if ((status & hal::i2c::status_nak) != 0) return storage::Result::not_acknowledged;
  return storage::Result::acknowledged;
}

void charge_result(storage::Work work, hal::Bus& bus) {
  switch (work) {
    case storage::Work::little:
      return bus.charge(charges::storage_result);
    case storage::Work::slots:
      return bus.charge(charges::slots_searched);
    case storage::Work::page:
      return bus.charge(charges::page_read_back);
    case storage::Work::config:
      return bus.charge(charges::config_loaded);
    case storage::Work::record:
      return bus.charge(charges::record_loaded);
  }
}

void charge_step(storage::Work work, hal::Bus& bus) {
  switch (work) {
    case storage::Work::little:
    case storage::Work::slots:  // a result's only
      return bus.charge(charges::storage_step);
    case storage::Work::page:
      return bus.charge(charges::page_to_write);
    case storage::Work::config:
      return bus.charge(charges::config_to_write);
    case storage::Work::record:
      return bus.charge(charges::record_to_write);
  }
}

/// Hands the store what the transaction brought.
void finish_transfer(StorageTask& task, hal::Bus& bus) {
  std::uint8_t bytes[hal::i2c::buffer_bytes] = {};
  for (std::uint32_t begin = 0; begin < task.read_count; begin += bytes_per_word) {
    const std::uint32_t word = bus.read(buffer_word(begin / bytes_per_word));
    for (std::uint32_t n = 0; n < bytes_per_word; ++n) {
      bytes[begin + n] = static_cast<std::uint8_t>(word >> (8 * n));
    }
  }
  bus.charge(charges::read_transfer, charges::read_byte, task.read_count);
  task.transfer_over = false;
  storage::done(task.store, result_of(task.transfer_status), bytes, read_ticks(bus));
  charge_result(task.store.work, bus);
}

/// The WP pin is low only while the store writes.
void set_protection(StorageTask& task, hal::Bus& bus) {
  const bool protect = !storage::is_writing(task.store);
  if (protect == task.protect) return;
  task.protect = protect;
  set_pin(bus, hal::GpioPin::eeprom_write_protect, protect);
}

void next_step(State& state, hal::Bus& bus) {
  StorageTask& task = state.storage;
  const storage::Step step = storage::next(task.store, read_ticks(bus));
  charge_step(task.store.work, bus);
  set_protection(task, bus);
  switch (step.kind) {
    case storage::Step::Kind::transfer:
      start_transfer(task, bus, step.transaction);
      break;
    case storage::Step::Kind::wait:
      set_timer(state.timers, bus, Timer::storage, step.until);
      break;
    case storage::Step::Kind::under_way:
    case storage::Step::Kind::idle:
      break;
  }
}

storage::Calibration constants_of(const State& state) {
  storage::Calibration calibration{};
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    calibration.phase[phase] = state.page.calibration[phase];
  }
  return calibration;
}

// --- loading ------------------------------------------------------------------------------------

void note_given(State& state) {
  StorageTask& task = state.storage;
  task.settings = state.settings;
  task.tariff = energy::stored(state.tariff);
  task.day_start = state.energy.accounts.day_start;
  task.power_downs = state.status.power_downs;
}

/// Everything is loaded, or has failed to: metering begins.
void take_loaded(State& state, hal::Bus& bus) {
  StorageTask& task = state.storage;
  const storage::Calibration calibration = storage::calibration(task.store);
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    state.page.calibration[phase] = calibration.phase[phase];
  }
  configure(state, storage::settings(task.store));
  put_back(state, bus, storage::loaded_counters(task.store));
  note_given(state);
  bus.charge(charges::take_loaded);
  task.loaded = true;
  if (!state.power.failing) release_pulses(state, bus);
  set_timer(state.timers, bus, Timer::periodic_save, read_ticks(bus) + save_period_ticks);
}

/// The rest of the constants, a few ms later: they hold from the second block on.
void take_compensation(State& state, hal::Bus& bus) {
  state.storage.constants_loaded = true;
  bool other = false;
  const storage::Calibration calibration = storage::calibration(state.storage.store);
  for (int phase = 0; phase < energy::phase_count; ++phase) {
    const hal::PhaseCalibration usable = usable_calibration(calibration.phase[phase]);
    other = other || usable != state.page.calibration[phase];
    state.page.calibration[phase] = usable;
  }
  bus.charge(charges::take_constants);
  if (!other) return;
  apply_correction(state);
  bus.charge(charges::correction);
}

// --- saving -------------------------------------------------------------------------------------

/// What has changed since it was last given to the store.
void watch_changes(State& state) {
  StorageTask& task = state.storage;
  const energy::StoredTariff tariff = energy::stored(state.tariff);
  if (tariff.saved != task.tariff.saved || tariff.input_on != task.tariff.input_on ||
      state.energy.accounts.day_start != task.day_start ||
      state.status.power_downs != task.power_downs) {
    task.save_due = true;
  }
  if (state.constants_unsaved) {
    state.constants_unsaved = false;
    storage::save(task.store, constants_of(state));
    task.look = true;
  }
  if (state.settings != task.settings) {
    storage::save(task.store, state.settings);
    task.look = true;
  }
  note_given(state);
}

void save_counters(State& state, hal::Bus& bus) {
  StorageTask& task = state.storage;
  if (task.store.saving) return;  // asked again when that is done
  const storage::Counters counters = take_snapshot(state, bus);
  storage::save(task.store, counters, storage::Urgency::periodic);
  bus.charge(charges::storage_record);
  task.save_due = false;
}

}  // namespace

void start_storage(State& state, hal::Bus& bus) {
  StorageTask& task = state.storage;
  storage::begin_load(task.store, state.settings, constants_of(state));
  task.look = true;
  task.protect = true;
  drive_pin(bus, hal::GpioPin::eeprom_write_protect, true);
  constexpr std::uint32_t direction = hal::gpio::base + hal::gpio::direction;
  bus.write(direction, bus.read(direction) | pin_bit(hal::GpioPin::eeprom_write_protect));
  bus.write(hal::i2c::base + hal::i2c::divider, bus_divider);
  bus.write(hal::i2c::base + hal::i2c::control, hal::i2c::control_enable);
}

void note_transfer(State& state, hal::Bus& bus) {
  const std::uint32_t status = bus.read(hal::i2c::base + hal::i2c::status);
  bus.write(hal::i2c::base + hal::i2c::status,
            hal::i2c::status_done | hal::i2c::status_nak | hal::i2c::status_stuck);
  state.storage.transfer_status = status;
  state.storage.transfer_over = true;
}

bool storage_work_pending(const State& state) {
  return state.storage.transfer_over || state.storage.look;
}

void run_storage(State& state, hal::Bus& bus) {
  StorageTask& task = state.storage;
  if (task.loaded) watch_changes(state);
  if (take_expired(state.timers, Timer::periodic_save)) {
    set_timer(state.timers, bus, Timer::periodic_save, read_ticks(bus) + save_period_ticks);
    task.save_due = true;
  }
  const bool expired = take_expired(state.timers, Timer::storage);
  if (task.transfer_over) {
    if (task.loaded) {
      bus.charge(charges::task_entry);
    } else {
      bus.charge(charges::loading_entry);
    }
    finish_transfer(task, bus);
    task.look = true;
  }
  if (!task.loaded && storage::counters_ready(task.store)) take_loaded(state, bus);
  if (!task.constants_loaded && storage::all_ready(task.store)) take_compensation(state, bus);
  if (task.save_due && !state.power.failing) {
    save_counters(state, bus);
    task.look = true;
    run_ports(state, bus);
  }
  if (!task.look && !expired) return;
  task.look = false;
  next_step(state, bus);
  state.status.constants_pending = state.constants_unsaved ||
                                   !storage::keeps(task.store, storage::Config::calibration) ||
                                   !storage::keeps(task.store, storage::Config::compensation);
  state.status.memory_fault = task.loaded && !storage::is_sound(task.store);
}

void save_at_power_fail(State& state, hal::Bus& bus) {
  storage::Counters counters = take_snapshot(state, bus);
  ++counters.power_downs;
  storage::save(state.storage.store, counters, storage::Urgency::power_fail);
  bus.charge(charges::storage_record);
  state.storage.look = true;
}

}  // namespace metrology::app
