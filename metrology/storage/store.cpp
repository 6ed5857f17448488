#include "metrology/storage/store.h"

#include <cstring>

#include "metrology/storage/crc32.h"
#include "metrology/storage/store_load.h"

namespace metrology::storage {

namespace {

using Operation = Store::Operation;

constexpr bool has_come(std::uint32_t tick, std::uint32_t now) {
  return static_cast<std::int32_t>(tick - now) <= 0;
}

/// The EEPROM did not answer while loading: what stands in it is left alone.
bool is_out_of_reach(const Store& store) { return store.counters_origin == Origin::unreachable; }

void begin(Store& store, Operation operation, std::uint8_t target, std::uint32_t now) {
  store.operation = operation;
  store.target = target;
  store.programming = false;
  store.obsolete = false;
  store.begun = now;
  store.not_before = now;
}

/// The number, and so the slot, of the next record: after the newest one, but never in the place of
/// the newest whole one, however many slots have been passed over since.
std::uint32_t sequence_to_write(const Store& store) {
  if (!store.ring_used) return 0;
  const std::uint32_t sequence = next_sequence(store.sequence);
  const bool is_whole = store.whole_known && slot_of(sequence) == slot_of(store.whole_sequence);
  return is_whole ? next_sequence(sequence) : sequence;
}

/// Gives the record to save its number, once.
void seal_image(Store& store) {
  if (store.sealed) return;
  store.save_sequence = sequence_to_write(store);
  seal(RecordKind::counters, store.save_sequence, store.image);
  store.work = Work::record;
  store.sealed = true;
}

bool is_due(const ConfigState& config) {
  return !config.resting && (config.changed || config.copies < copy_count);
}

/// Saves `image` from its last page on.
void begin_save(Store& store, bool first) {
  store.saving = true;
  store.saving_first = first;
  store.sealed = false;
  store.slot_page = slot_pages - 1;
}

/// Begins the most urgent operation; false: there is none.
bool choose_operation(Store& store, std::uint32_t now) {
  // Only compensation may still be to be loaded when power fails.
  if (!all_ready(store) && !(store.saving && store.saving_first)) {
    begin(store, Operation::load, 0, now);
    return true;
  }
  if (is_out_of_reach(store)) return false;
  if (!store.saving && store.saves_due > 0 && !store.resting) begin_save(store, false);
  if (!(store.saving && store.saving_first)) {
    for (std::uint8_t config = 0; config < config_count; ++config) {
      if (!is_due(store.config[config])) continue;
      begin(store, Operation::config_page, config, now);
      return true;
    }
  }
  if (!store.saving) return false;
  begin(store, Operation::slot_page, store.slot_page, now);
  return true;
}

void put_address(Transaction& transaction, std::uint32_t address) {
  transaction.device = eeprom_device;
  transaction.bytes[0] = static_cast<std::uint8_t>(address >> 8U);
  transaction.bytes[1] = static_cast<std::uint8_t>(address);
  transaction.write_count = 2;
}

std::uint32_t slot_page_address(const Store& store) {
  return slot_address(slot_of(store.save_sequence)) + store.target * page_bytes;
}

/// The copy that a settings or calibration page goes to, and its number.
std::uint8_t copy_to_write(const ConfigState& config) {
  return config.copies == 0 ? 0 : static_cast<std::uint8_t>(1 - config.in_use);
}
std::uint32_t number_to_write(const ConfigState& config) {
  return config.copies == 0 ? 1 : config.sequence + 1;
}

std::uint32_t config_page_address(const Store& store) {
  return config_address(store.target, copy_to_write(store.config[store.target]));
}

void fill_config_page(Store& store, Transaction& transaction) {
  ConfigState& config = store.config[store.target];
  put_address(transaction, config_page_address(store));
  std::memcpy(transaction.bytes + 2, config.page, page_bytes);
  seal(kind_of(store.target), number_to_write(config), transaction.bytes + 2);
  store.work = Work::config;
  transaction.write_count = 2 + page_bytes;
  config.changed = false;  // from here on a change is another save
}

void fill_slot_page(Store& store, Transaction& transaction) {
  seal_image(store);
  put_address(transaction, slot_page_address(store));
  const std::uint32_t offset = store.target * page_bytes;
  std::memcpy(transaction.bytes + 2, store.image + offset, page_bytes);
  transaction.write_count = 2 + page_bytes;
}

/// Acknowledged once the page is written.
void ask_back(const Store& store, Transaction& transaction) {
  const bool of_config = store.operation == Operation::config_page;
  put_address(transaction, of_config ? config_page_address(store) : slot_page_address(store));
  transaction.read_count = page_bytes;
}

void make_transaction(Store& store, Transaction& transaction) {
  transaction.device = eeprom_device;
  if (store.operation == Operation::load) {
    const load::Read read = load::next_read(store);
    put_address(transaction, read.address);
    transaction.read_count = read.count;
  } else if (store.programming) {
    ask_back(store, transaction);
  } else {
    store.work = Work::page;
    if (store.operation == Operation::config_page) {
      fill_config_page(store, transaction);
    } else {
      fill_slot_page(store, transaction);
    }
    store.page_crc = crc32(transaction.bytes + 2, page_bytes);
  }
}

/// The EEPROM has the page and begins to write it.
void page_handed_over(Store& store, std::uint32_t now) {
  store.programming = true;
  store.begun = now;
  store.not_before = now + first_poll_ticks;
  // A slot whose header may be written from now on is not written again, whatever comes.
  if (store.operation == Operation::slot_page && store.target == 0) {
    store.ring_used = true;
    store.sequence = store.save_sequence;
  }
}

void config_page_written(Store& store) {
  ConfigState& config = store.config[store.target];
  config.in_use = copy_to_write(config);
  config.sequence = number_to_write(config);
  config.write_failed = false;
  config.spoiled = 0;
  if (config.copies < copy_count) ++config.copies;
}

void slot_page_written(Store& store) {
  if (store.target == 0) {
    store.whole_known = true;
    store.whole_sequence = store.save_sequence;
  }
  if (store.obsolete) return;
  if (store.target > 0) {
    --store.slot_page;
    return;
  }
  store.write_failed = false;
  store.saving = false;
  store.saving_first = false;
  store.spoiled = 0;
  store.image_saved = true;
  if (store.saves_due > 0) --store.saves_due;
}

/// The EEPROM has kept the page.
void page_written(Store& store) {
  if (store.operation == Operation::config_page) {
    config_page_written(store);
  } else {
    slot_page_written(store);
  }
  store.operation = Operation::none;
}

void give_up_config(ConfigState& config) {
  config.changed = true;
  config.spoiled = 0;
  config.write_failed = true;
  config.resting = true;
}

/// A save that has replaced the one given up is still tried.
void give_up_counters(Store& store) {
  store.write_failed = true;
  if (store.obsolete) return;
  store.saving = false;
  store.saving_first = false;
  store.spoiled = 0;
  store.resting = true;
}

/// No answer for too long.
void give_up(Store& store) {
  if (store.operation == Operation::load) {
    load::fail(store);
  } else if (store.operation == Operation::config_page) {
    give_up_config(store.config[store.target]);
  } else {
    give_up_counters(store);
  }
  store.operation = Operation::none;
}

void config_page_spoiled(ConfigState& config) {
  // The copy in use is the only one.
  if (config.copies == copy_count) config.copies = 1;
  config.changed = true;
  if (++config.spoiled == most_spoiled) give_up_config(config);
}

void slot_page_spoiled(Store& store) {
  if (store.obsolete) return;
  // The slot is passed over like one whose record is damaged.
  store.ring_used = true;
  store.sequence = store.save_sequence;
  begin_save(store, store.saving_first);
  if (++store.spoiled == most_spoiled) give_up_counters(store);
}

/// Whether the EEPROM has kept what it was given.
bool reads_as_written(Store& store, const std::uint8_t* bytes) {
  store.work = Work::page;
  return crc32(bytes, page_bytes) == store.page_crc;
}

/// The page reads otherwise than it was written.
void page_spoiled(Store& store) {
  store.damaged = true;
  if (store.operation == Operation::config_page) {
    config_page_spoiled(store.config[store.target]);
  } else {
    slot_page_spoiled(store);
  }
  store.operation = Operation::none;
}

/// Power fails: a page that is not handed over yet has to wait.
void put_off_page(Store& store) {
  if (store.in_flight || store.programming) return;
  if (store.operation == Operation::config_page) store.config[store.target].changed = true;
  store.operation = Operation::none;
}

void save_config(Store& store, Config which, const std::uint8_t* page) {
  if (!configs_ready(store) || (which == Config::compensation && !all_ready(store))) return;
  ConfigState& config = store.config[static_cast<int>(which)];
  constexpr std::uint32_t compared = page_bytes - header_bytes - crc_bytes;
  retry(store);  // what was given up before
  if (std::memcmp(config.page + header_bytes, page + header_bytes, compared) == 0) return;
  std::memcpy(config.page, page, page_bytes);
  config.changed = true;
}

}  // namespace

void begin_load(Store& store, const registers::Settings& settings, const Calibration& calibration) {
  store = {};
  put(settings, store.config[static_cast<int>(Config::settings)].page);
  put(calibration, store.config[static_cast<int>(Config::calibration)].page);
  put_compensation(calibration, store.config[static_cast<int>(Config::compensation)].page);
}

Step next(Store& store, std::uint32_t now) {
  store.work = Work::little;
  Step step{};
  if (store.in_flight) {
    step.kind = Step::Kind::under_way;
    return step;
  }
  if (store.operation == Operation::none && !choose_operation(store, now)) {
    step.kind = Step::Kind::idle;
    return step;
  }
  if (!has_come(store.not_before, now)) {
    step.kind = Step::Kind::wait;
    step.until = store.not_before;
    return step;
  }
  step.kind = Step::Kind::transfer;
  make_transaction(store, step.transaction);
  store.in_flight = true;
  return step;
}

void done(Store& store, Result result, const std::uint8_t* bytes, std::uint32_t now) {
  store.work = Work::little;
  store.in_flight = false;
  if (result != Result::acknowledged) {
    store.not_before = now + poll_ticks;
    if (has_come(store.begun + give_up_ticks, now)) {
      give_up(store);
    } else if (store.saving_first && store.operation != Operation::load) {
      if (store.obsolete || store.operation == Operation::config_page) put_off_page(store);
    }
    return;
  }
  if (store.operation == Operation::load) {
    load::take(store, bytes);
    store.operation = Operation::none;
  } else if (!store.programming) {
    page_handed_over(store, now);
  } else if (reads_as_written(store, bytes)) {
    page_written(store);
  } else {
    page_spoiled(store);
  }
}

bool configs_ready(const Store& store) { return store.loading > Store::Loading::configs; }
bool counters_ready(const Store& store) { return store.loading > Store::Loading::record; }
bool all_ready(const Store& store) { return store.loading == Store::Loading::finished; }

registers::Settings settings(const Store& store) {
  registers::Settings record{};
  get(store.config[static_cast<int>(Config::settings)].page, record);
  return record;
}
Calibration calibration(const Store& store) {
  Calibration record{};
  get(store.config[static_cast<int>(Config::calibration)].page, record);
  get_compensation(store.config[static_cast<int>(Config::compensation)].page, record);
  return record;
}
Counters loaded_counters(const Store& store) {
  Counters record{};
  get(store.image, record);
  return record;
}

void save(Store& store, const registers::Settings& settings) {
  std::uint8_t page[page_bytes];
  put(settings, page);
  save_config(store, Config::settings, page);
}

void save(Store& store, const Calibration& calibration) {
  std::uint8_t page[page_bytes];
  put(calibration, page);
  save_config(store, Config::calibration, page);
  put_compensation(calibration, page);
  save_config(store, Config::compensation, page);
}

bool save(Store& store, const Counters& counters, Urgency urgency) {
  if (!counters_ready(store) || is_out_of_reach(store)) return false;
  std::uint8_t bytes[slot_bytes];
  put(counters, bytes);
  retry(store);  // what was given up before
  constexpr std::uint32_t compared = slot_bytes - header_bytes - crc_bytes;
  const bool same = std::memcmp(bytes + header_bytes, store.image + header_bytes, compared) == 0;
  const bool first = urgency == Urgency::power_fail;
  if (same && (store.saving || store.image_saved)) {
    if (store.saving && first) store.saving_first = true;
    return true;
  }
  if (store.saving && !first) return false;
  std::memcpy(store.image, bytes, slot_bytes);
  store.image_saved = false;
  if (first) put_off_page(store);
  if (store.operation == Operation::slot_page) store.obsolete = true;
  begin_save(store, first);
  return true;
}

bool keeps(const Store& store, Config which) {
  const auto index = static_cast<std::uint8_t>(which);
  const bool under_way = store.operation == Operation::config_page && store.target == index;
  return all_ready(store) && !is_out_of_reach(store) && !under_way &&
         !store.config[index].changed && store.config[index].copies > 0;
}

bool is_idle(const Store& store) {
  if (!all_ready(store) || store.operation != Operation::none) return false;
  if (is_out_of_reach(store)) return true;
  for (const ConfigState& config : store.config) {
    if (is_due(config)) return false;
  }
  return !store.saving && (store.saves_due == 0 || store.resting);
}

bool is_writing(const Store& store) {
  return store.operation == Operation::config_page || store.operation == Operation::slot_page;
}

void retry(Store& store) {
  store.resting = false;
  for (ConfigState& config : store.config) config.resting = false;
}

bool answers(const Store& store) {
  for (const ConfigState& config : store.config) {
    if (config.write_failed) return false;
  }
  return !store.write_failed && !is_out_of_reach(store);
}

bool is_sound(const Store& store) { return !store.damaged && answers(store); }

}  // namespace metrology::storage
