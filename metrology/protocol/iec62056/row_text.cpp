#include "metrology/protocol/iec62056/row_text.h"

#include "metrology/registers/encode.h"

namespace metrology::iec62056 {

namespace {

using registers::Content;
using registers::Row;
using registers::ValueType;

constexpr std::uint32_t decimal = 10;
constexpr int bcd_word_bytes = 4;
constexpr int error_code_digits = 4;
/// More would not fit any row.
constexpr int max_digits = 9;

const char* unit_of(const Row& row) {
  return row.unit == registers::Unit::imp_per_kWh ? "" : registers::text(row.unit);
}

void add_hex(Answer& answer, unsigned nibble) {
  add(answer, static_cast<std::uint8_t>(nibble < 10 ? '0' + nibble : 'A' + nibble - 10));
}

/// The last `count` hexadecimal digits of `word`.
void add_word(Answer& answer, std::uint32_t word, int count) {
  for (int n = count - 1; n >= 0; --n)
    add_hex(answer, (word >> (4U * static_cast<unsigned>(n))) & 0xFU);
}

/// `steps` of 10^-decimals.
void add_number(Answer& answer, std::int64_t steps, int decimals) {
  if (steps < 0) add(answer, '-');
  // At most 10^8 steps: all values have at most eight digits, or nine of a CT meter's power.
  auto left = static_cast<std::uint32_t>(steps < 0 ? -steps : steps);
  std::uint8_t digits[decimal];
  int count = 0;
  do {
    digits[count++] = static_cast<std::uint8_t>('0' + left % decimal);
    left /= decimal;
  } while (left != 0 || count <= decimals);
  while (count > 0) {
    if (count == decimals) add(answer, '.');
    add(answer, digits[--count]);
  }
}

std::int64_t part_of(std::int64_t steps, Part part) {
  if (part == Part::taken) return steps < 0 ? 0 : steps;
  if (part == Part::given_back) return steps < 0 ? -steps : 0;
  return steps;
}

int hex_digit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Two digits a byte, all of them; of BCD rows decimal ones.
bool parse_digits(Text value, const Row& row, std::uint8_t* bytes) {
  if (value.size != 2 * row.bytes) return false;
  const int most = row.type == ValueType::bcd ? 9 : 15;
  for (int n = 0; n < row.bytes; ++n) {
    const int high = hex_digit(value.bytes[2 * n]);
    const int low = hex_digit(value.bytes[2 * n + 1]);
    if (high < 0 || low < 0 || high > most || low > most) return false;
    bytes[n] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return true;
}

/// A number in steps of 10^-decimals. Signs are not taken: no row that is written has negative
/// values.
bool parse_steps(Text value, int decimals, std::uint32_t& steps) {
  steps = 0;
  int digits = 0;
  int behind = -1;  // digits behind the point
  for (int n = 0; n < value.size; ++n) {
    const std::uint8_t c = value.bytes[n];
    if (c == '.' && behind < 0 && digits > 0) {
      behind = 0;
    } else if (c >= '0' && c <= '9' && digits < max_digits && behind < decimals) {
      steps = steps * decimal + (c - std::uint32_t{'0'});
      ++digits;
      if (behind >= 0) ++behind;
    } else {
      return false;
    }
  }
  if (digits == 0 || behind == 0) return false;
  for (behind = behind < 0 ? 0 : behind; behind < decimals; ++behind) {
    if (steps > UINT32_MAX / decimal) return false;
    steps *= decimal;
  }
  return true;
}

bool parse_number(Text value, const Row& row, std::uint8_t* bytes) {
  std::uint32_t steps = 0;
  if (!parse_steps(value, row.decimals, steps)) return false;
  if (row.type == ValueType::floating) {
    registers::put_big_endian(bytes, row.bytes, registers::steps_float(steps, row.decimals));
    return true;
  }
  constexpr std::uint32_t most_word = 0xFFFF;
  constexpr std::uint32_t most_digits = 9999;
  if (steps > (row.type == ValueType::bcd ? most_digits : most_word)) return false;
  registers::put_big_endian(bytes, row.bytes,
                            row.type == ValueType::bcd ? registers::to_bcd(steps) : steps);
  return true;
}

}  // namespace

void add_value(Answer& answer, const registers::MeterData& data, const Row& row, Part part) {
  add(answer, '(');
  if (row.type == ValueType::ascii || row.type == ValueType::bits) {
    std::uint8_t bytes[registers::max_row_bytes];
    registers::read(data, row, bytes);
    for (int n = 0; n < row.bytes; ++n) {
      if (row.type == ValueType::bits) {
        add_word(answer, bytes[n], 2);
      } else if (bytes[n] != 0) {
        add(answer, bytes[n]);
      }
    }
  } else {
    const std::int64_t steps = part_of(registers::steps(data, row), part);
    if (row.content == Content::error_code) {
      add_word(answer, static_cast<std::uint32_t>(steps), error_code_digits);
    } else if (row.type == ValueType::bcd && row.bytes == bcd_word_bytes) {
      add_word(answer, registers::to_bcd(static_cast<std::uint32_t>(steps)), 2 * bcd_word_bytes);
    } else {
      add_number(answer, steps, row.decimals);
    }
  }
  const char* unit = unit_of(row);
  if (*unit != '\0') {
    add(answer, '*');
    add(answer, unit);
  }
  add(answer, ')');
}

bool parse_value(const DataSet& set, const Row& row, std::uint8_t* bytes) {
  if (set.unit.size != 0 && !is_equal(set.unit, unit_of(row))) return false;
  switch (row.type) {
    case ValueType::bits:
      return parse_digits(set.value, row, bytes);
    case ValueType::bcd:
      if (row.bytes == bcd_word_bytes) return parse_digits(set.value, row, bytes);
      return parse_number(set.value, row, bytes);
    case ValueType::integer:
    case ValueType::floating:
      return parse_number(set.value, row, bytes);
    case ValueType::ascii:
      break;
  }
  return false;
}

}  // namespace metrology::iec62056
