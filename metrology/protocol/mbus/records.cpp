#include "metrology/protocol/mbus/records.h"

#include "metrology/registers/encode.h"
#include "metrology/registers/table.h"

namespace metrology::mbus {

namespace {

using registers::Access;
using registers::MeterData;
using registers::Raw;
using registers::Row;

constexpr unsigned extension = 0x80;
constexpr unsigned dif_data = 0x0F;
constexpr std::uint8_t dif_filler = 0x2F;
constexpr unsigned dif_variable = 0x0D;
constexpr std::uint8_t vif_plain_text = 0x7C;
constexpr std::uint8_t vife_overflow = 0x16;
constexpr int max_extensions = 10;

/// Every row that M-Bus may read has its record, in the matrix's order, and no other row has.
constexpr bool records_are_the_matrix() {
  int n = 0;
  for (const Row& row : registers::rows) {
    if (row.mbus == Access::none) continue;
    if (n == record_count || records[n].row != row.address) return false;
    ++n;
  }
  return n == record_count;
}
static_assert(records_are_the_matrix());

// --- sets ---------------------------------------------------------------------------------------

constexpr std::uint16_t standard_rows[] = {0x3000, 0x3100, 0x3200, 0x3020, 0x3120,
                                           0x3220, 0x3040, 0x3140, 0x3240};
constexpr std::uint16_t measured_rows[] = {0x2008, 0x200C, 0x2010, 0x2068, 0x206C,
                                           0x2070, 0x2080, 0x2088, 0x208C, 0x2090};
constexpr std::uint16_t phase_rows[] = {0x3008, 0x300C, 0x3010, 0x3028, 0x302C,
                                        0x3030, 0x3048, 0x304C, 0x3050};

constexpr std::uint8_t index_of(std::uint16_t row) {
  std::uint8_t n = 0;
  while (records[n].row != row) ++n;
  return n;
}

template <int size>
struct Selection {
  static constexpr int count = size;
  std::uint8_t record[size] = {};
  explicit constexpr Selection(const std::uint16_t (&rows)[size]) {
    for (int n = 0; n < size; ++n) record[n] = index_of(rows[n]);
  }
};
constexpr Selection standard_set(standard_rows);
constexpr Selection measured_set(measured_rows);
constexpr Selection phase_set(phase_rows);

// --- reading ------------------------------------------------------------------------------------

int digits_of(const Record& record) {
  const auto nibble = static_cast<int>(record.head[0] & dif_data);
  return nibble == 0xE ? 12 : 2 * (nibble - 8);
}

/// Far more than any record holds, and far from what 64 bits do.
constexpr std::int64_t most_steps = 1'000'000'000'000'000;

std::int64_t limited(std::int64_t steps) {
  if (steps > most_steps) return most_steps;
  return steps < -most_steps ? -most_steps : steps;
}

/// The row's value in steps of its last digit; of energies as the row has it, which counts on where
/// the display of a negative total begins anew.
std::int64_t steps_of(const MeterData& data, const Row& row) {
  const Raw raw = registers::read_raw(data, row);
  switch (raw.kind) {
    case Raw::Kind::energy:
      return registers::energy_steps(raw.energy);
    case Raw::Kind::value:
      return limited(registers::quantised_steps(raw.value, row.decimals));
    case Raw::Kind::none:
      break;
  }
  return registers::steps(data, row);
}

std::int64_t divided(std::int64_t value, std::int64_t by, bool cut) {
  if (by == 1) return value;
  const std::int64_t half = cut ? 0 : by / 2;
  return (value < 0 ? value - half : value + half) / by;
}

/// `size` in `digits` digits, the lowest first; false: it has more.
bool put_digits(std::uint8_t* bytes, int digits, std::uint64_t size, bool negative) {
  constexpr std::uint64_t most = 999'999'999'999;
  if (size > most) return false;
  // Two halves of six digits: no division of 64 bits for what most numbers are.
  constexpr std::uint64_t million = 1'000'000;
  std::uint32_t high = 0;
  auto low = static_cast<std::uint32_t>(size);
  if (size > UINT32_MAX) {
    high = static_cast<std::uint32_t>(size / million);
    low = static_cast<std::uint32_t>(size % million);
  }
  for (int n = 0; n < digits; n += 2) {
    if (n == 6 && high != 0) low = high;
    const std::uint32_t pair = low % 100;
    low /= 100;
    bytes[n / 2] = static_cast<std::uint8_t>(pair / 10 << 4U | pair % 10);
  }
  if (low != 0 || (high != 0 && digits <= 6)) return false;
  if (!negative) return true;
  std::uint8_t& last = bytes[digits / 2 - 1];
  if ((last & 0xF0U) != 0) return false;
  last = static_cast<std::uint8_t>(last | 0xF0U);
  return true;
}

std::uint64_t size_of(std::int64_t value) {
  return value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
}

/// Head and digits; the head grows by a byte when nothing fits.
int put_bcd(const Record& record, std::int64_t value, bool cut, std::uint8_t* bytes) {
  const int digits = digits_of(record);
  const int head = record.head_bytes;
  std::int64_t step = 1;
  for (std::uint8_t decade = 0; decade <= record.decades; ++decade, step *= 10) {
    const std::int64_t number = divided(value, step, cut);
    if (put_digits(bytes + head, digits, size_of(number), number < 0)) {
      bytes[head - 1] = static_cast<std::uint8_t>(record.head[head - 1] + decade);
      return head + digits / 2;
    }
  }
  bytes[head - 1] = static_cast<std::uint8_t>(record.head[head - 1] | extension);
  bytes[head] = vife_overflow;
  for (int n = 0; n < digits / 2; ++n) bytes[head + 1 + n] = 0xFF;
  return head + 1 + digits / 2;
}

int integer_bytes(unsigned dif) { return static_cast<int>(dif & dif_data); }

void put_low_first(std::uint8_t* bytes, int count, std::uint32_t value) {
  for (int n = 0; n < count; ++n, value >>= 8U) bytes[n] = static_cast<std::uint8_t>(value);
}

/// The row's bytes, the last first.
int put_reversed(const MeterData& data, const Row& row, std::uint8_t* bytes) {
  std::uint8_t row_bytes[registers::max_row_bytes];
  registers::read(data, row, row_bytes);
  for (int n = 0; n < row.bytes; ++n) bytes[n] = row_bytes[row.bytes - 1 - n];
  return row.bytes;
}

/// The text's length without the zeros that fill its row, then its letters, the last first.
int put_text(const MeterData& data, const Row& row, std::uint8_t* bytes) {
  std::uint8_t letters[registers::max_row_bytes];
  registers::read(data, row, letters);
  int length = row.bytes;
  while (length > 0 && letters[length - 1] == 0) --length;
  bytes[0] = static_cast<std::uint8_t>(length);
  for (int n = 0; n < length; ++n) bytes[1 + n] = letters[length - 1 - n];
  return 1 + length;
}

// --- writing ------------------------------------------------------------------------------------

/// Bytes of data behind a DIF that have no length of their own; −1: none that can be written.
int data_bytes_of(unsigned dif) {
  constexpr std::int8_t bytes[] = {0, 1, 2, 3, 4, 4, 6, 8, -1, 1, 2, 3, 4, -1, 6, -1};
  return bytes[dif & dif_data];
}

/// Moves `next` behind the extensions of the byte before it. false: the telegram ends in them.
bool skip_extensions(const std::uint8_t* bytes, int count, int& next, int& extensions) {
  extensions = 0;
  while ((bytes[next - 1] & extension) != 0) {
    if (next == count) return false;
    ++next;
    ++extensions;
  }
  return true;
}

}  // namespace

int count_of(Set set) {
  switch (set) {
    case Set::standard:
      return standard_set.count;
    case Set::measured:
      return measured_set.count;
    case Set::phases:
      return phase_set.count;
    case Set::everything:
      break;
  }
  return record_count;
}

const Record& record_of(Set set, int n) {
  switch (set) {
    case Set::standard:
      return records[standard_set.record[n]];
    case Set::measured:
      return records[measured_set.record[n]];
    case Set::phases:
      return records[phase_set.record[n]];
    case Set::everything:
      break;
  }
  return records[n];
}

int put_record(const MeterData& data, const Record& record, std::uint8_t* bytes) {
  const Row& row = *registers::find(record.row);
  const int head = record.head_bytes;
  for (int n = 0; n < head; ++n) bytes[n] = record.head[n];
  switch (record.coding) {
    case Coding::bcd: {
      const bool energy = row.unit == registers::Unit::kWh || row.unit == registers::Unit::kvarh;
      return put_bcd(record, steps_of(data, row) * record.scale, energy, bytes);
    }
    case Coding::integer: {
      const int count = integer_bytes(record.head[0]);
      put_low_first(bytes + head, count, static_cast<std::uint32_t>(registers::steps(data, row)));
      return head + count;
    }
    case Coding::real:
      return head + put_reversed(data, row, bytes + head);
    case Coding::text:
      break;
  }
  return head + put_text(data, row, bytes + head);
}

Error next_record(const std::uint8_t* bytes, int count, int& next, GivenRecord& record) {
  record = {};
  while (next < count && bytes[next] == dif_filler) ++next;
  if (next == count) return Error::none;
  record.head = bytes + next;
  const unsigned dif = bytes[next++];
  int extensions = 0;
  if (!skip_extensions(bytes, count, next, extensions)) return Error::premature_end;
  if (extensions > max_extensions) return Error::too_many_difes;
  record.data_bytes = data_bytes_of(dif);
  const bool variable = (dif & dif_data) == dif_variable;
  if (record.data_bytes < 0 && !variable) return Error::unspecified;
  if (next == count) return Error::premature_end;
  const unsigned vif = bytes[next++];
  if ((vif & ~extension) == vif_plain_text) return Error::unspecified;
  if (!skip_extensions(bytes, count, next, extensions)) return Error::premature_end;
  if (extensions > max_extensions) return Error::too_many_vifes;
  record.head_bytes = static_cast<int>(bytes + next - record.head);
  if (variable) {
    if (next == count) return Error::premature_end;
    record.data_bytes = bytes[next++];
  }
  record.data = bytes + next;
  if (count - next < record.data_bytes) return Error::premature_end;
  next += record.data_bytes;
  return Error::none;
}

const Row* row_of(const GivenRecord& given, std::uint8_t* row_bytes) {
  for (const Record& record : records) {
    if (record.head_bytes != given.head_bytes) continue;
    int same = 0;
    while (same < record.head_bytes && record.head[same] == given.head[same]) ++same;
    if (same != record.head_bytes) continue;
    const Row& row = *registers::find(record.row);
    if (record.coding == Coding::text) return &row;
    for (int n = 0; n < row.bytes; ++n) {
      const int place = row.bytes - 1 - n;
      row_bytes[n] = place < given.data_bytes ? given.data[place] : std::uint8_t{0};
    }
    return &row;
  }
  return nullptr;
}

}  // namespace metrology::mbus
