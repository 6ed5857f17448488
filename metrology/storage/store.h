// The store's state machine: what is to be loaded and saved in, I²C transactions out, one at a
// time. No hardware and no clock: whoever drives it passes the RTC's ticks in.
//
//   begin_load()
//   loop: next() → transfer: make the transaction, then done() with its result
//                  wait: ask again at that tick, or after a request
//                  idle: ask again after a request
//
// Loading: both copies of settings and calibration first, then the tag of every slot
// in the ring, then the newest record; one that fails its CRC is left for the one before it.
// Compensation comes last, so that metering need not wait for it. What is blank is formatted, what
// is damaged is written anew and said by `damaged`.
//
// Saving: every page is read back as soon as the EEPROM answers again, for it acknowledges also
// what its WP pin or a worn cell keeps it from writing. A settings or calibration page that reads
// otherwise is written again, a counter record is begun again in the next slot; after three tries
// both wait for the next request [twin].
//
// A settings or calibration page goes to the copy that is not in use. A counter record goes
// to the slot after the newest one, the page with its header last: until that page is written the
// slot counts for nothing. A power-fail save goes before everything but the page under way, and it
// replaces a periodic save that is not complete, in the same slot. So the newest whole record is
// never touched.
#pragma once

#include <cstdint>
#include <type_traits>

#include "metrology/storage/layout.h"
#include "metrology/storage/record.h"

namespace metrology::storage {

/// Ticks of the RTC, 1/32 768 s.
inline constexpr std::uint32_t ticks_per_second = 32'768;
/// A device that has not acknowledged for 20 ms is dead: a page is written within 5 ms.
inline constexpr std::uint32_t give_up_ticks = ticks_per_second / 50;
/// After a page was handed over, the first look whether it is written, and from one look to the
/// next: 2.5 ms and 0.5 ms [twin].
inline constexpr std::uint32_t first_poll_ticks = ticks_per_second / 400;
inline constexpr std::uint32_t poll_ticks = ticks_per_second / 2000;

/// So many pages in a row that read otherwise than they were written end a save.
inline constexpr std::uint8_t most_spoiled = 3;

/// One I²C transaction: write, and if `read_count` is not 0 a repeated start and read.
struct Transaction {
  std::uint8_t device;
  std::uint8_t write_count;
  std::uint8_t read_count;
  std::uint8_t bytes[2 + page_bytes];  ///< to write
};

enum class Result : std::uint8_t { acknowledged, not_acknowledged, bus_stuck };

struct Step {
  enum class Kind : std::uint8_t { idle, under_way, wait, transfer } kind;
  std::uint32_t until;      ///< of wait
  Transaction transaction;  ///< of transfer
};

/// What a step had to go through besides a few fields, for whoever lets time pass for it.
enum class Work : std::uint8_t {
  little,
  slots,   ///< all tags, for the newest record
  page,    ///< a page's checksum
  config,  ///< that of a settings or calibration record; to be written, of its page besides
  record   ///< that of a record of counters, likewise; or one of zeros made
};

/// How what is in use came to be.
enum class Origin : std::uint8_t {
  loading,
  newest,      ///< the newest record
  previous,    ///< a previous one, because newer ones are damaged
  defaults,    ///< the EEPROM is blank there
  lost,        ///< defaults, because all records are damaged
  unreachable  ///< defaults, because the EEPROM does not answer
};

/// One of the two-copy records: settings, calibration, compensation.
struct ConfigState {
  Origin origin;
  std::uint8_t in_use;            ///< copy 0 or 1
  std::uint8_t copies;            ///< that are whole and in step: 0 … 2
  bool changed;                   ///< `page` is to be saved
  std::uint8_t spoiled;           ///< pages of the present save that read otherwise
  bool write_failed;              ///< its last save was given up; until one succeeds
  bool resting;                   ///< … and waits for the next request
  bool copy_damaged[2];           ///< found when loading
  bool copy_blank[2];             ///< found when loading
  std::uint32_t sequence;         ///< of the copy in use
  std::uint8_t page[page_bytes];  ///< the payload in use, unsealed
};

struct Store {
  // --- loading
  enum class Loading : std::uint8_t { configs, tags, record, compensation, finished } loading;
  std::uint8_t load_index;                  ///< which copy, slot or page of it is read next
  std::uint32_t slot_sequence[slot_count];  ///< tags that were in order
  bool slot_candidate[slot_count];          ///< … and whose record was not found damaged
  std::uint32_t candidate;                  ///< the slot that is read
  bool tag_damaged;                         ///< any that is neither in order nor blank
  bool beyond_first_slot;                   ///< any tag but slot 0's is not blank

  // --- what is known
  ConfigState config[config_count];
  Origin counters_origin;
  bool ring_used;  ///< `sequence` is that of the newest record, whole or not
  std::uint32_t sequence;
  bool whole_known;  ///< `whole_sequence` is that of the newest whole record
  std::uint32_t whole_sequence;
  std::uint8_t image[slot_bytes];  ///< the counter record that is loaded, being saved, or saved
  bool image_saved;
  bool damaged;       ///< anything was found damaged at power-up, or spoiled since
  bool write_failed;  ///< the last save of counters was given up; until one succeeds

  // --- saving
  bool saving;                  ///< `image` is on its way
  bool saving_first;            ///< … because power fails: before anything else
  bool sealed;                  ///< `image` has its header and CRC
  std::uint8_t slot_page;       ///< its page to write next, counted down to 0
  std::uint32_t save_sequence;  ///< the number it is sealed with
  std::uint8_t saves_due;       ///< how often the ring gets `image` besides: format, repair
  std::uint8_t spoiled;         ///< pages of the present save that read otherwise
  bool resting;                 ///< the last save was given up: wait for the next request

  // --- the operation under way
  enum class Operation : std::uint8_t { none, load, config_page, slot_page } operation;
  bool in_flight;            ///< its transaction is
  bool programming;          ///< its page has been handed over and is asked back
  std::uint32_t page_crc;    ///< of that page's bytes
  bool obsolete;             ///< the save it belongs to has been replaced
  std::uint8_t target;       ///< Config, or page of the slot
  std::uint32_t begun;       ///< tick of its first attempt
  std::uint32_t not_before;  ///< tick of its next one

  Work work;  ///< of the last next() or done()
};
static_assert(std::is_trivially_copyable_v<Store>);

/// Begins loading. `settings` and `calibration` hold until theirs are loaded, and for good if there
/// are none.
void begin_load(Store& store, const registers::Settings& settings, const Calibration& calibration);

/// What to do at tick `now`.
Step next(Store& store, std::uint32_t now);

/// The transaction of the last Step is over; `bytes` are those it read.
void done(Store& store, Result result, const std::uint8_t* bytes, std::uint32_t now);

/// Settings and calibration are loaded, or have failed to.
bool configs_ready(const Store& store);
/// So are the counters.
bool counters_ready(const Store& store);
/// So is compensation, and with it everything: calibration() is complete.
bool all_ready(const Store& store);

/// What is in use, saved or not.
registers::Settings settings(const Store& store);
Calibration calibration(const Store& store);
/// The counters as loaded; zeros if there were none. Before the first save_counters().
Counters loaded_counters(const Store& store);

/// The new value is saved as soon as the counters are not more urgent. The value in use already
/// costs nothing. Before configs_ready() it is lost.
void save(Store& store, const registers::Settings& settings);
void save(Store& store, const Calibration& calibration);

enum class Urgency : std::uint8_t { periodic, power_fail };
/// Saves `counters`; what is saved already costs nothing. false: another save is on its way, ask
/// again later (never for power_fail), or the EEPROM could not be loaded and is left alone.
bool save(Store& store, const Counters& counters, Urgency urgency);

/// Whether the EEPROM has the newest value of this record.
bool keeps(const Store& store, Config which);

/// Nothing is being saved or to be saved before the next request.
bool is_idle(const Store& store);

/// Whether the EEPROM must be able to write now: the level of its WP pin is low.
bool is_writing(const Store& store);

/// What was given up is tried again: asked for by every request to save.
void retry(Store& store);

/// Whether the EEPROM answered, and kept what it was given, when it was last needed: at power-up
/// and for the newest save.
bool answers(const Store& store);

/// The 'e' of the status page: everything was found in order, and the EEPROM answers and keeps what
/// it is given.
bool is_sound(const Store& store);

}  // namespace metrology::storage
