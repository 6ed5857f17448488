// The records in the EEPROM: bytes ↔ structs, big endian. The simulator's tools use these functions
// too, to make the images of meters with preset counters and to look into images.
//
//   offset  bytes  field
//   0       2      magic: "PS" settings, "PC" calibration, "PT" compensation, "PE" counters
//   2       1      version, 1
//   3       1      0
//   4       4      sequence number
//   8       2      header check: the low half of the CRC-32 of bytes 0 … 7
//   10      …      payload, filled up with zeros
//   end−4   4      CRC-32 of all bytes before
//
// Settings, calibration and compensation take one page of 64 bytes, counters a slot of 512. The
// calibration constants share two records: gains, delay and lead; drifts and offsets. An EEPROM
// from before there were the latter has no lead (it reads 0) and no second record, which counts as
// blank: the parameter page's hold.
//
// The header is in the page that is written last; a reader that only looks for the newest record
// reads bytes 4 … 9.
#pragma once

#include <cstdint>

#include "metrology/energy/accounts.h"
#include "metrology/hal/memory_map.h"
#include "metrology/hal/parameter_page.h"
#include "metrology/registers/settings.h"
#include "metrology/storage/layout.h"

namespace metrology::storage {

// --- what is stored -----------------------------------------------------------------------------

struct Calibration {
  hal::PhaseCalibration phase[energy::phase_count];
};

/// Everything that must survive exactly.
struct Counters {
  energy::Accounts accounts;
  struct Output {
    std::uint64_t fraction;  ///< of a pulse, see energy::OutputState
    std::int64_t balance;    ///< whole pulses owed
  } output[hal::pulse::channel_count];
  energy::StoredTariff tariff;
  std::uint32_t power_downs;
};

// --- bytes --------------------------------------------------------------------------------------

/// A sealed record begins with a header and ends with a CRC; between them the payload.
inline constexpr std::uint32_t header_bytes = 10;
inline constexpr std::uint32_t crc_bytes = 4;
inline constexpr std::uint32_t config_bytes = page_bytes;
inline constexpr std::uint32_t counter_bytes = slot_bytes;
/// What tells a slot's sequence number: these bytes of its header.
inline constexpr std::uint32_t tag_offset = 4;
inline constexpr std::uint32_t tag_bytes = 6;

/// The two-copy records first, in the order of Config.
enum class RecordKind : std::uint8_t { settings, calibration, compensation, counters };
constexpr RecordKind kind_of(int config) { return static_cast<RecordKind>(config); }
constexpr std::uint32_t size_of(RecordKind kind) {
  return kind == RecordKind::counters ? counter_bytes : config_bytes;
}

/// Write the payload of a record into `bytes`, of its whole size; header and CRC stay zero.
void put(const registers::Settings& settings, std::uint8_t* bytes);
void put(const Calibration& calibration, std::uint8_t* bytes);
void put_compensation(const Calibration& calibration, std::uint8_t* bytes);
void put(const Counters& counters, std::uint8_t* bytes);

/// Read the payload of a record that is_sealed(). Of calibration constants each record fills its
/// own part.
void get(const std::uint8_t* bytes, registers::Settings& settings);
void get(const std::uint8_t* bytes, Calibration& calibration);
void get_compensation(const std::uint8_t* bytes, Calibration& calibration);
void get(const std::uint8_t* bytes, Counters& counters);

/// Gives the payload in `bytes` header and CRC.
void seal(RecordKind kind, std::uint32_t sequence, std::uint8_t* bytes);

/// Whether `bytes` are a whole record of this kind; then also its sequence number.
bool is_sealed(RecordKind kind, const std::uint8_t* bytes, std::uint32_t& sequence);

/// Whether the tag of a record's header is in order; then also the sequence number in it.
bool is_tag(RecordKind kind, const std::uint8_t* tag, std::uint32_t& sequence);

/// Whether all of `bytes` are as an EEPROM leaves its factory.
bool is_blank(const std::uint8_t* bytes, std::uint32_t count);

}  // namespace metrology::storage
