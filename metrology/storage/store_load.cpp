#include "metrology/storage/store_load.h"

#include <cstring>

namespace metrology::storage::load {

namespace {

/// Both copies are known: what is in use, and whether there is something to mend.
void judge_config(Store& store, ConfigState& config) {
  // A first format that was cut short leaves the first copy, number 1, and a blank second one; any
  // other blank page beside a whole copy has been erased.
  const bool erased = config.copies == 1 && !(config.in_use == 0 && config.sequence == 1) &&
                      (config.copy_blank[0] || config.copy_blank[1]);
  const bool damaged = config.copy_damaged[0] || config.copy_damaged[1] || erased;
  if (config.copies > 0) {
    config.origin = damaged ? Origin::previous : Origin::newest;
    store.damaged = store.damaged || damaged;
    return;
  }
  // A first format that was cut short leaves half a first copy and nothing in the second.
  config.origin = damaged && !config.copy_blank[1] ? Origin::lost : Origin::defaults;
  store.damaged = store.damaged || config.origin == Origin::lost;
}

void take_config(Store& store, const std::uint8_t* bytes) {
  const int index = store.load_index / copy_count;
  const int copy = store.load_index % copy_count;
  ConfigState& config = store.config[index];
  std::uint32_t sequence = 0;
  store.work = Work::config;
  if (is_sealed(kind_of(index), bytes, sequence)) {
    // The other copy's number may be any: the newer one is less than 2^31 ahead.
    if (config.copies == 0 || static_cast<std::int32_t>(sequence - config.sequence) > 0) {
      config.in_use = static_cast<std::uint8_t>(copy);
      config.sequence = sequence;
      std::memcpy(config.page, bytes, page_bytes);
    }
    ++config.copies;
  } else {
    config.copy_blank[copy] = is_blank(bytes, page_bytes);
    config.copy_damaged[copy] = !config.copy_blank[copy];
  }
  if (copy == copy_count - 1) judge_config(store, config);
  ++store.load_index;
  if (store.load_index == early_config_count * copy_count) {
    store.loading = Store::Loading::tags;
    store.load_index = 0;
  } else if (store.load_index == config_count * copy_count) {
    store.loading = Store::Loading::finished;
  }
}

/// The counters are known: what is left can wait for them.
void load_late_configs(Store& store) {
  store.loading = Store::Loading::compensation;
  store.load_index = early_config_count * copy_count;
}

/// No record is whole: counters begin at zero.
void begin_empty(Store& store) {
  // A first format that was cut short leaves something in slot 0 only.
  store.counters_origin = store.beyond_first_slot ? Origin::lost : Origin::defaults;
  store.damaged = store.damaged || store.beyond_first_slot;
  put(Counters{}, store.image);
  store.saves_due = copy_count;
  load_late_configs(store);
}

/// Reads the newest of the candidates next; without any the counters begin at zero.
void choose_candidate(Store& store) {
  bool found = false;
  if (store.work == Work::little) store.work = Work::slots;
  for (std::uint32_t slot = 0; slot < slot_count; ++slot) {
    if (!store.slot_candidate[slot]) continue;
    if (found && !is_newer(store.slot_sequence[slot], store.slot_sequence[store.candidate])) {
      continue;
    }
    store.candidate = slot;
    found = true;
  }
  if (!found) {
    begin_empty(store);
    return;
  }
  store.loading = Store::Loading::record;
  store.load_index = 0;
}

void take_tag(Store& store, const std::uint8_t* bytes) {
  const std::uint32_t slot = store.load_index;
  const bool blank = is_blank(bytes, tag_bytes);
  std::uint32_t sequence = 0;
  if (is_tag(RecordKind::counters, bytes, sequence) && slot_of(sequence) == slot) {
    store.slot_sequence[slot] = sequence;
    store.slot_candidate[slot] = true;
  } else if (!blank) {
    store.tag_damaged = true;
  }
  if (slot > 0 && !blank) store.beyond_first_slot = true;
  ++store.load_index;
  if (store.load_index == slot_count) choose_candidate(store);
}

/// The record is whole: it is the one.
void accept_record(Store& store, std::uint32_t sequence) {
  const bool damaged = store.ring_used || store.tag_damaged;
  store.counters_origin = damaged ? Origin::previous : Origin::newest;
  store.damaged = store.damaged || damaged;
  if (!store.ring_used) store.sequence = sequence;
  store.ring_used = true;
  store.whole_known = true;
  store.whole_sequence = sequence;
  store.image_saved = true;
  int records = 0;
  for (const bool candidate : store.slot_candidate) records += candidate ? 1 : 0;
  if (damaged || records < copy_count) store.saves_due = 1;
  load_late_configs(store);
}

void take_record(Store& store, const std::uint8_t* bytes) {
  const std::uint32_t offset = store.load_index * page_bytes;
  std::memcpy(store.image + offset, bytes, page_bytes);
  ++store.load_index;
  if (store.load_index < slot_pages) return;
  std::uint32_t sequence = 0;
  store.work = Work::record;
  if (is_sealed(RecordKind::counters, store.image, sequence) &&
      slot_of(sequence) == store.candidate) {
    accept_record(store, sequence);
    return;
  }
  store.slot_candidate[store.candidate] = false;
  // Numbers go on after the highest one seen, so that no damaged record is newer than the next
  // save.
  if (!store.ring_used) store.sequence = store.slot_sequence[store.candidate];
  store.ring_used = true;
  choose_candidate(store);
}

}  // namespace

Read next_read(const Store& store) {
  switch (store.loading) {
    case Store::Loading::configs:
    case Store::Loading::compensation:
      return {config_address(store.load_index / copy_count, store.load_index % copy_count),
              page_bytes};
    case Store::Loading::tags:
      return {slot_address(store.load_index) + tag_offset, tag_bytes};
    case Store::Loading::record:
      return {slot_address(store.candidate) + store.load_index * page_bytes, page_bytes};
    case Store::Loading::finished:
      break;
  }
  return {0, 0};
}

void take(Store& store, const std::uint8_t* bytes) {
  switch (store.loading) {
    case Store::Loading::configs:
    case Store::Loading::compensation:
      take_config(store, bytes);
      return;
    case Store::Loading::tags:
      take_tag(store, bytes);
      return;
    case Store::Loading::record:
      take_record(store, bytes);
      return;
    case Store::Loading::finished:
      return;
  }
}

void fail(Store& store) {
  for (ConfigState& config : store.config) {
    if (config.origin == Origin::loading) config.origin = Origin::unreachable;
  }
  if (!counters_ready(store)) {
    put(Counters{}, store.image);
    store.work = Work::record;
  }
  store.counters_origin = Origin::unreachable;
  store.loading = Store::Loading::finished;
}

}  // namespace metrology::storage::load
