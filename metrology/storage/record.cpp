#include "metrology/storage/record.h"

#include "metrology/storage/crc32.h"

namespace metrology::storage {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::uint32_t check_offset = 8;

/// The first four bytes of each kind.
constexpr std::uint8_t prefixes[][4] = {
    {'P', 'S', version, 0}, {'P', 'C', version, 0}, {'P', 'T', version, 0}, {'P', 'E', version, 0}};

/// Writes one number after the other.
class Writer {
 public:
  explicit Writer(std::uint8_t* bytes) : next_(bytes) {}
  void put(std::uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      *next_++ = static_cast<std::uint8_t>(value >> static_cast<unsigned>(shift));
    }
  }
  void put(const energy::EnergyCounter& counter) {
    put(static_cast<std::uint64_t>(counter.counter_uWh), 8);
    put(counter.residue_pWh, 4);
  }

 private:
  std::uint8_t* next_;
};

/// Reads one number after the other.
class Reader {
 public:
  explicit Reader(const std::uint8_t* bytes) : next_(bytes) {}
  std::uint64_t get(int bytes) {
    std::uint64_t value = 0;
    for (int n = 0; n < bytes; ++n) value = (value << 8U) | *next_++;
    return value;
  }
  std::uint32_t get32() { return static_cast<std::uint32_t>(get(4)); }
  std::uint16_t get16() { return static_cast<std::uint16_t>(get(2)); }
  /// Two's complement of 2 or 3 bytes.
  std::int32_t get_signed(int bytes) {
    const auto unused = static_cast<unsigned>(8 * (4 - bytes));
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(get(bytes)) << unused) >> unused;
  }
  std::uint8_t get8() { return static_cast<std::uint8_t>(get(1)); }
  void get(energy::EnergyCounter& counter) {
    counter.counter_uWh = static_cast<std::int64_t>(get(8));
    counter.residue_pWh = get32();
  }

 private:
  const std::uint8_t* next_;
};

/// The order of the counters.
constexpr energy::Tariff tariffs[] = {energy::Tariff::t1, energy::Tariff::t2};
constexpr energy::Kind kinds[] = {energy::Kind::active, energy::Kind::reactive};
constexpr energy::Direction directions[] = {energy::Direction::forward, energy::Direction::reverse};
constexpr int account_count = energy::phase_count + 1;
constexpr int counter_count =
    energy::tariff_count * account_count * energy::kind_count * energy::direction_count;

/// L1, L2, L3, total.
template <typename Accounts>
auto& account_of(Accounts& accounts, int index) {
  return index < energy::phase_count ? accounts.phase[index] : accounts.total;
}

std::uint8_t* cleared(std::uint8_t* bytes, std::uint32_t count) {
  for (std::uint32_t n = 0; n < count; ++n) bytes[n] = 0;
  return bytes + header_bytes;
}

/// The header check of a record with the sequence number in `sequence_bytes`.
std::uint16_t header_check(RecordKind kind, const std::uint8_t* sequence_bytes) {
  const std::uint32_t prefix = crc32(prefixes[static_cast<int>(kind)], 4);
  return static_cast<std::uint16_t>(crc32(sequence_bytes, 4, prefix));
}

/// A payload whose fields take `bytes`, without header and CRC.
constexpr bool fits(std::uint32_t bytes, std::uint32_t record) {
  return header_bytes + bytes + crc_bytes <= record;
}
static_assert(fits(4 + 4 + 4 + 2 + 2 + 1 + 1 + 1 + 9 + 1 + 4, config_bytes));
static_assert(fits(3 * 4 * 4, config_bytes));
static_assert(fits(3 * (3 + 3 + 2 + 3 + 3), config_bytes));
static_assert(fits((counter_count + 1) * 12 + 4 * 16 + 1 + 1 + 4, counter_bytes));

}  // namespace

// --- payloads -----------------------------------------------------------------------------------

void put(const registers::Settings& settings, std::uint8_t* bytes) {
  Writer writer(cleared(bytes, config_bytes));
  writer.put(settings.serial_bcd, 4);
  writer.put(settings.s0_rate_centi, 4);
  writer.put(settings.ct_primary_A, 4);
  writer.put(settings.meter_id, 2);
  writer.put(settings.baud, 2);
  writer.put(static_cast<std::uint64_t>(settings.combined_code), 1);
  writer.put(settings.lcd_cycle_s, 1);
  writer.put(static_cast<std::uint64_t>(settings.backlight), 1);
  for (const std::uint8_t pages : settings.scroll_mask) writer.put(pages, 1);
  writer.put(static_cast<std::uint64_t>(settings.parity), 1);
  writer.put(settings.ir_password, 4);
}

void get(const std::uint8_t* bytes, registers::Settings& settings) {
  Reader reader(bytes + header_bytes);
  settings.serial_bcd = reader.get32();
  settings.s0_rate_centi = reader.get32();
  settings.ct_primary_A = reader.get32();
  settings.meter_id = reader.get16();
  settings.baud = reader.get16();
  settings.combined_code = static_cast<registers::CombinedCode>(reader.get8());
  settings.lcd_cycle_s = reader.get8();
  settings.backlight = static_cast<registers::BacklightMode>(reader.get8());
  for (std::uint8_t& pages : settings.scroll_mask) pages = reader.get8();
  settings.parity = static_cast<registers::Parity>(reader.get8());  // 0 in records before it
  settings.ir_password = reader.get32();                            // likewise: the default
}

void put(const Calibration& calibration, std::uint8_t* bytes) {
  Writer writer(cleared(bytes, config_bytes));
  for (const hal::PhaseCalibration& phase : calibration.phase) {
    writer.put(static_cast<std::uint32_t>(phase.voltage_ppm), 4);
    writer.put(static_cast<std::uint32_t>(phase.current_ppm), 4);
    writer.put(static_cast<std::uint32_t>(phase.current_delay_ns), 4);
  }
  // Behind the three phases: a record from before it reads 0.
  for (const hal::PhaseCalibration& phase : calibration.phase) {
    writer.put(static_cast<std::uint32_t>(phase.current_lead_urad), 4);
  }
}

// Usable values (hal::calibration_fields) fit into these bytes.
void put_compensation(const Calibration& calibration, std::uint8_t* bytes) {
  Writer writer(cleared(bytes, config_bytes));
  for (const hal::PhaseCalibration& phase : calibration.phase) {
    writer.put(static_cast<std::uint32_t>(phase.voltage_ppb_per_K), 3);
    writer.put(static_cast<std::uint32_t>(phase.current_ppb_per_K), 3);
    writer.put(static_cast<std::uint32_t>(phase.lead_ppm_per_K), 2);
    writer.put(static_cast<std::uint32_t>(phase.active_offset_uW), 3);
    writer.put(static_cast<std::uint32_t>(phase.reactive_offset_uvar), 3);
  }
}

void get(const std::uint8_t* bytes, Calibration& calibration) {
  Reader reader(bytes + header_bytes);
  for (hal::PhaseCalibration& phase : calibration.phase) {
    phase.voltage_ppm = static_cast<std::int32_t>(reader.get32());
    phase.current_ppm = static_cast<std::int32_t>(reader.get32());
    phase.current_delay_ns = static_cast<std::int32_t>(reader.get32());
  }
  for (hal::PhaseCalibration& phase : calibration.phase) {
    phase.current_lead_urad = static_cast<std::int32_t>(reader.get32());
  }
}

void get_compensation(const std::uint8_t* bytes, Calibration& calibration) {
  Reader reader(bytes + header_bytes);
  for (hal::PhaseCalibration& phase : calibration.phase) {
    phase.voltage_ppb_per_K = reader.get_signed(3);
    phase.current_ppb_per_K = reader.get_signed(3);
    phase.lead_ppm_per_K = reader.get_signed(2);
    phase.active_offset_uW = reader.get_signed(3);
    phase.reactive_offset_uvar = reader.get_signed(3);
  }
}

void put(const Counters& counters, std::uint8_t* bytes) {
  Writer writer(cleared(bytes, counter_bytes));
  for (const energy::Tariff tariff : tariffs) {
    for (int account = 0; account < account_count; ++account) {
      for (const energy::Kind kind : kinds) {
        for (const energy::Direction direction : directions) {
          writer.put(account_of(counters.accounts, account).of(kind, direction, tariff));
        }
      }
    }
  }
  writer.put(counters.accounts.day_start);
  for (const Counters::Output& output : counters.output) {
    writer.put(output.fraction, 8);
    writer.put(static_cast<std::uint64_t>(output.balance), 8);
  }
  writer.put(static_cast<std::uint64_t>(counters.tariff.saved), 1);
  writer.put(counters.tariff.input_on ? 1 : 0, 1);
  writer.put(counters.power_downs, 4);
}

void get(const std::uint8_t* bytes, Counters& counters) {
  Reader reader(bytes + header_bytes);
  for (const energy::Tariff tariff : tariffs) {
    for (int account = 0; account < account_count; ++account) {
      for (const energy::Kind kind : kinds) {
        for (const energy::Direction direction : directions) {
          reader.get(account_of(counters.accounts, account).of(kind, direction, tariff));
        }
      }
    }
  }
  reader.get(counters.accounts.day_start);
  for (Counters::Output& output : counters.output) {
    output.fraction = reader.get(8);
    output.balance = static_cast<std::int64_t>(reader.get(8));
  }
  counters.tariff.saved = reader.get8() == 0 ? energy::Tariff::t1 : energy::Tariff::t2;
  counters.tariff.input_on = reader.get8() != 0;
  counters.power_downs = reader.get32();
}

// --- header and CRC -----------------------------------------------------------------------------

void seal(RecordKind kind, std::uint32_t sequence, std::uint8_t* bytes) {
  Writer header(bytes);
  for (const std::uint8_t byte : prefixes[static_cast<int>(kind)]) header.put(byte, 1);
  header.put(sequence, 4);
  header.put(header_check(kind, bytes + tag_offset), 2);
  const std::uint32_t covered = size_of(kind) - crc_bytes;
  Writer(bytes + covered).put(crc32(bytes, covered), crc_bytes);
}

bool is_tag(RecordKind kind, const std::uint8_t* tag, std::uint32_t& sequence) {
  Reader reader(tag);
  const std::uint32_t read = reader.get32();
  if (reader.get16() != header_check(kind, tag)) return false;
  if (kind == RecordKind::counters && read >= sequence_modulus) return false;
  sequence = read;
  return true;
}

bool is_sealed(RecordKind kind, const std::uint8_t* bytes, std::uint32_t& sequence) {
  static_assert(tag_offset + 4 == check_offset);
  const std::uint8_t(&prefix)[4] = prefixes[static_cast<int>(kind)];
  for (int n = 0; n < 4; ++n) {
    if (bytes[n] != prefix[n]) return false;
  }
  const std::uint32_t covered = size_of(kind) - crc_bytes;
  if (Reader(bytes + covered).get32() != crc32(bytes, covered)) return false;
  return is_tag(kind, bytes + tag_offset, sequence);
}

bool is_blank(const std::uint8_t* bytes, std::uint32_t count) {
  for (std::uint32_t n = 0; n < count; ++n) {
    if (bytes[n] != 0xFF) return false;
  }
  return true;
}

}  // namespace metrology::storage
