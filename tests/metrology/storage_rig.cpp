#include "tests/metrology/storage_rig.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>

#include "metrology/storage/image.h"
#include "metrology/storage/record.h"

namespace tests {

using namespace metrology;
using storage::Result;
using storage::Transaction;

namespace {

/// 64 core clocks a bit at divider 16.
constexpr double bit_ns = 64.0 / 25'165'824.0 * 1e9;
/// From a transaction's end to the next one's begin: interrupt, main loop, registers.
constexpr Nanoseconds turnaround = 60'000;

constexpr Nanoseconds second = 1'000'000'000;
Nanoseconds begin_of_tick(std::int64_t tick) {
  return (tick * second + storage::ticks_per_second - 1) / storage::ticks_per_second;
}

/// Start, stop, and nine bits a byte; a repeated start with the address again.
Nanoseconds duration(const Transaction& transaction, bool acknowledged) {
  int bits = 2 + 9;
  if (acknowledged) {
    bits += 9 * transaction.write_count;
    if (transaction.read_count > 0) bits += 1 + 9 + 9 * transaction.read_count;
  }
  return static_cast<Nanoseconds>(bits * bit_ns) + 1;
}

}  // namespace

// --- EEPROM -------------------------------------------------------------------------------------

PageEeprom::PageEeprom() : bytes(storage::eeprom_bytes, 0xFF) {}

void PageEeprom::finish_write(Nanoseconds now) {
  if (!writing_ || now < busy_until_) return;
  std::copy(written_.begin(), written_.end(),
            bytes.begin() + std::ptrdiff_t{page_} * storage::page_bytes);
  if (worn.count(page_) != 0) bytes[page_ * storage::page_bytes + 37] ^= 0x08U;
  writing_ = false;
}

Result PageEeprom::transact(const Transaction& transaction, Nanoseconds begin, Nanoseconds end,
                            std::uint8_t* read) {
  finish_write(begin);
  if (!answers(begin)) return Result::not_acknowledged;
  if (transaction.device != storage::eeprom_device) return Result::not_acknowledged;
  if (transaction.write_count == 0) return Result::acknowledged;
  if (transaction.write_count == 1) throw std::logic_error("half an address");
  const std::uint32_t address =
      (std::uint32_t{transaction.bytes[0]} << 8U | transaction.bytes[1]) % storage::eeprom_bytes;
  for (std::uint32_t n = 0; n < transaction.read_count; ++n) {
    read[n] = bytes[(address + n) % storage::eeprom_bytes];
  }
  if (transaction.write_count == 2 || write_protected || locked) return Result::acknowledged;
  page_ = address / storage::page_bytes;
  const auto first = bytes.begin() + std::ptrdiff_t{page_} * storage::page_bytes;
  std::copy(first, first + storage::page_bytes, written_.begin());
  for (std::uint32_t n = 2; n < transaction.write_count; ++n) {
    written_.at((address + n - 2) % storage::page_bytes) = transaction.bytes[n];
  }
  ++wear.at(page_);
  writing_ = true;
  busy_until_ = end + write_time;
  return Result::acknowledged;
}

void PageEeprom::cut(Nanoseconds now, std::uint32_t seed) {
  finish_write(now);
  if (!writing_) return;
  writing_ = false;
  std::uint32_t state = seed * 2'654'435'761U + 1;
  const auto random = [&state] {
    state = state * 1'664'525U + 1'013'904'223U;
    return state >> 16U;
  };
  for (std::uint32_t n = 0; n < storage::page_bytes; ++n) {
    std::uint8_t& byte = bytes[page_ * storage::page_bytes + n];
    // The first three seeds: all old, all new, all random.
    const std::uint32_t fate = seed < 3 ? seed : random() % 3;
    if (fate == 1) byte = written_.at(n);
    if (fate == 2) byte = static_cast<std::uint8_t>(random());
  }
}

// --- rig ----------------------------------------------------------------------------------------

std::uint32_t StorageRig::ticks() const {
  return static_cast<std::uint32_t>(now * storage::ticks_per_second / second);
}

void StorageRig::power_up() {
  powered_up_ = now;
  in_flight_ = false;
  begin_load(store, settings_of(default_settings), calibration_of(default_settings));
}

void StorageRig::mark(Nanoseconds begin, Nanoseconds end) {
  if (!marking) return;
  for (const Nanoseconds instant : {begin, begin + 1, (begin + end) / 2, end - 1, end}) {
    marks.insert(instant);
  }
}

/// One event of the store, none after `until`. false: nothing more before it.
bool StorageRig::step(Nanoseconds until) {
  if (in_flight_) {
    if (flight_end_ > until) return false;
    now = flight_end_;
    in_flight_ = false;
    std::uint8_t read[80] = {};
    const Nanoseconds busy_before = eeprom.busy_until();
    const Result result = eeprom.transact(transaction_, flight_begin_, flight_end_, read);
    if (eeprom.busy_until() != busy_before) mark(flight_end_, eeprom.busy_until());
    done(store, result, read, ticks());
    return true;
  }
  const storage::Step next = storage::next(store, ticks());
  switch (next.kind) {
    case storage::Step::Kind::idle:
      return false;
    case storage::Step::Kind::under_way:
      throw std::logic_error("the store waits for a transaction that it never began");
    case storage::Step::Kind::wait: {
      const auto distance = static_cast<std::int32_t>(next.until - ticks());
      if (distance <= 0) throw std::logic_error("the store waits for the past");
      const Nanoseconds wanted = begin_of_tick(now * storage::ticks_per_second / second + distance);
      if (wanted > until) return false;
      now = wanted;
      return true;
    }
    case storage::Step::Kind::transfer:
      break;
  }
  ++transactions;
  eeprom.write_protected = !is_writing(store);
  transaction_ = next.transaction;
  in_flight_ = true;
  flight_begin_ = now + turnaround;
  flight_end_ = flight_begin_ + duration(transaction_, eeprom.answers(flight_begin_));
  mark(flight_begin_, flight_end_);
  return true;
}

void StorageRig::run(Nanoseconds until) {
  while (step(until)) {
  }
  now = std::max(now, until);
}

Nanoseconds StorageRig::run_idle(Nanoseconds limit) {
  const Nanoseconds begin = now;
  while (!is_idle(store) && step(begin + limit)) {
  }
  if (!is_idle(store)) throw std::logic_error("the store does not come to rest");
  return now - begin;
}

Nanoseconds StorageRig::run_configs_ready() {
  while (!configs_ready(store)) step(now + ms(1000));
  return now - powered_up_;
}

Nanoseconds StorageRig::run_counters_ready() {
  while (!counters_ready(store)) step(now + ms(1000));
  return now - powered_up_;
}

void StorageRig::run_all_ready() {
  while (!all_ready(store)) step(now + ms(1000));
}

// --- records ------------------------------------------------------------------------------------

registers::Settings settings_of(std::uint32_t n) {
  registers::Settings record{};
  record.serial_bcd = 0x1450'0000 + n;
  record.s0_rate_centi = 100'000 + n;
  record.ct_primary_A = n % 7500;
  record.meter_id = static_cast<std::uint16_t>(n + 1);
  record.baud = static_cast<std::uint16_t>(9600 - n);
  record.combined_code = registers::combined_codes[n % 6];
  record.lcd_cycle_s = static_cast<std::uint8_t>(n % 31);
  record.backlight = static_cast<registers::BacklightMode>(n % 3);
  record.ir_password = 0x1234 + n;
  for (std::uint32_t k = 0; k < 9; ++k) record.scroll_mask[k] = static_cast<std::uint8_t>(n * k);
  return record;
}

storage::Calibration calibration_of(std::uint32_t n) {
  storage::Calibration record{};
  std::int32_t value = static_cast<std::int32_t>(n);
  for (hal::PhaseCalibration& phase : record.phase) {
    phase = {value,      -2 * value - 1, value % 1000, value + 1,         -30 * value,
             17 * value, -(value % 500), 900 * value,  -800 * value - 100};
    ++value;
  }
  return record;
}

storage::Counters counters_of(std::uint32_t n) {
  storage::Counters record{};
  if (n == 0) return record;
  std::int64_t value = std::int64_t{n} * 1'000'003;
  for (energy::Account* account : {&record.accounts.phase[0], &record.accounts.phase[1],
                                   &record.accounts.phase[2], &record.accounts.total}) {
    for (auto& tariff : account->counter) {
      for (auto& kind : tariff) {
        for (energy::EnergyCounter& counter : kind) {
          // All 63 bits take part; what goes beyond them wraps.
          const auto wide = static_cast<std::uint64_t>(value) * static_cast<std::uint64_t>(value);
          counter = {static_cast<std::int64_t>(wide),
                     static_cast<std::uint32_t>(value % 1'000'000)};
          value += 17;
        }
      }
    }
  }
  record.accounts.day_start = {value, n % 1'000'000};
  for (storage::Counters::Output& output : record.output) {
    output.fraction = static_cast<std::uint64_t>(value) * 77'777;
    output.balance = (n % 2 == 0 ? -1 : 1) * value;
    value += 19;
  }
  record.tariff = {n % 2 == 0 ? energy::Tariff::t1 : energy::Tariff::t2, n / 2 % 2 == 1};
  record.power_downs = n;
  return record;
}

namespace {

std::vector<std::uint8_t> payload(const storage::Calibration& record) {
  std::vector<std::uint8_t> bytes(2 * storage::config_bytes);
  storage::put(record, bytes.data());
  storage::put_compensation(record, bytes.data() + storage::config_bytes);
  return bytes;
}

template <typename Record>
std::vector<std::uint8_t> payload(const Record& record) {
  std::vector<std::uint8_t> bytes(storage::slot_bytes);
  storage::put(record, bytes.data());
  return bytes;
}

template <typename Record>
int number_if(const Record& record, std::uint32_t n, Record (*make)(std::uint32_t)) {
  return payload(record) == payload(make(n)) ? static_cast<int>(n) : -1;
}

}  // namespace

int number_of(const registers::Settings& settings) {
  return number_if(settings, settings.meter_id - 1U, settings_of);
}
int number_of(const storage::Calibration& calibration) {
  return number_if(calibration, static_cast<std::uint32_t>(calibration.phase[0].voltage_ppm),
                   calibration_of);
}
int number_of(const storage::Counters& counters) {
  return number_if(counters, counters.power_downs, counters_of);
}

void place(std::vector<std::uint8_t>& image, std::uint32_t sequence,
           const storage::Counters& counters) {
  std::uint8_t* slot = image.data() + storage::slot_address(storage::slot_of(sequence));
  storage::put(counters, slot);
  storage::seal(storage::RecordKind::counters, sequence, slot);
}

StorageRig filled_rig(std::uint32_t n) {
  StorageRig rig;
  metrology::storage::make_image(settings_of(n), calibration_of(n), counters_of(n),
                                 rig.eeprom.bytes.data());
  return rig;
}

void load(StorageRig& rig) {
  rig.power_up();
  rig.run_all_ready();
}

int restored_counters(StorageRig rig) {
  rig.cut();
  load(rig);
  return number_of(metrology::storage::loaded_counters(rig.store));
}

}  // namespace tests
