#include "tests/soak/mbus_values.h"

#include <cmath>
#include <cstring>

namespace soak {

namespace {

/// What a VIF with its extensions means: the matrix' place of the quantity, and its unit as a power
/// of ten of the row's.
struct Quantity {
  std::uint16_t place;
  int exponent;
  bool parameter = false;  ///< not one of a phase, direction or tariff
};

std::optional<Quantity> quantity_of(const Bytes& vif) {
  const unsigned last = vif.back() & 0x7FU;
  const auto ten = [last](unsigned zero) {
    return static_cast<int>(last) - static_cast<int>(zero);
  };
  if (vif.size() == 1) {
    if (vif[0] == 0x79) return Quantity{0x1000, 0, true};
    if (vif[0] == 0x7A) return Quantity{0x1018, 0, true};
    if (last <= 0x07) return Quantity{0x3000, ten(0x03 + 3)};                  // Wh to kWh
    if (last >= 0x28 && last <= 0x2F) return Quantity{0x2080, ten(0x2B + 3)};  // W to kW
    return std::nullopt;
  }
  if (vif[0] == 0xFD && vif.size() == 2) {
    if (vif[1] == 0x1C) return Quantity{0x1020, 0, true};
    if (last >= 0x40 && last <= 0x4F) return Quantity{0x2008, ten(0x49)};
    if (last >= 0x50 && last <= 0x5F) return Quantity{0x2068, ten(0x5C)};
  }
  // VIFE 70 … 77: a factor of ten to the power of n − 6.
  if (vif[0] == 0xFD && vif.size() == 3 && vif[1] == 0xBA) return Quantity{0x20E0, ten(0x76)};
  if (vif[0] == 0xFB && vif.size() == 3 && vif[1] == 0x82) return Quantity{0x3060, ten(0x76)};
  if (vif[0] == 0xFB && vif.size() == 2) {
    if (last >= 0x14 && last <= 0x17) return Quantity{0x20A0, ten(0x17)};
    if (last >= 0x2C && last <= 0x2F) return Quantity{0x2020, ten(0x2F), true};
    if (last >= 0x34 && last <= 0x37) return Quantity{0x20C0, ten(0x37)};
  }
  if (vif[0] == 0xFF && vif.size() == 2) {
    constexpr std::uint16_t places[] = {0,      0x1066, 0x107A, 0x1510, 0x2200, 0x1010,
                                        0x1062, 0x1060, 0x1030, 0x1050, 0x1054, 0x1058};
    if (vif[1] > 0 && vif[1] < std::size(places)) return Quantity{places[vif[1]], 0, true};
  }
  return std::nullopt;
}

/// Storage number is the phase, maximum forward, minimum reverse.
const Row* row_of(const Quantity& quantity, unsigned function, unsigned phase, unsigned tariff) {
  unsigned address = quantity.place;
  if (quantity.parameter) return row_at(address);
  if (phase > 3 || tariff > 2 || function > 2) return nullptr;
  if (address == 0x2008 || address == 0x2068) {
    if (phase == 0) return nullptr;
    return row_at(address + 4 * (phase - 1));
  }
  if (phase != 0) address += 4 + 4 * phase;
  if (address >= 0x3000) address += 0x20 * function + 0x100 * tariff;
  return row_at(address);
}

class Reader {
 public:
  Reader(const std::uint8_t* data, std::size_t count) : next_(data), end_(data + count) {}

  bool done() const { return next_ == end_; }
  std::uint8_t byte() {
    if (done()) throw Broken("data end within a record");
    return *next_++;
  }
  Bytes bytes(std::size_t count) {
    Bytes out;
    while (count-- > 0) out.push_back(byte());
    return out;
  }

 private:
  const std::uint8_t* next_;
  const std::uint8_t* end_;
};

/// Digits with the lowest byte first; the highest of all may be an F, a minus.
double bcd(const Bytes& bytes) {
  std::vector<unsigned> digits;
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    digits.push_back(*byte >> 4U);
    digits.push_back(*byte & 0xFU);
  }
  const bool negative = digits[0] == 0xF;
  if (negative) digits[0] = 0;
  double value = 0;
  for (const unsigned digit : digits) {
    if (digit > 9) throw Broken("digits that are none: " + hex(bytes));
    value = value * 10 + digit;
  }
  return negative ? -value : value;
}

double number(Reader& reader, unsigned coding) {
  switch (coding) {
    case 1:
      return reader.byte();
    case 2: {
      const Bytes bytes = reader.bytes(2);
      return bytes[0] | bytes[1] << 8U;
    }
    case 5: {
      const Bytes bytes = reader.bytes(4);
      float value = 0;
      std::memcpy(&value, bytes.data(), sizeof value);
      return value;
    }
    case 9:
    case 10:
    case 11:
    case 12:
      return bcd(reader.bytes(coding - 8));
    default:
      throw Broken("a coding that this meter does not use, " + std::to_string(coding));
  }
}

MbusRecord read_record(Reader& reader, std::uint8_t dif) {
  unsigned storage = (dif >> 6U) & 1U;
  unsigned tariff = 0;
  unsigned shift = 1;
  for (std::uint8_t last = dif; (last & 0x80U) != 0; shift += 4) {
    last = reader.byte();
    storage |= (last & 0xFU) << shift;
    tariff |= ((last >> 4U) & 3U) << (2 * (shift / 4));
  }
  Bytes vif = {reader.byte()};
  while ((vif.back() & 0x80U) != 0) vif.push_back(reader.byte());
  const auto quantity = quantity_of(vif);
  if (!quantity) throw Broken("a quantity that this meter does not have: " + hex(vif));
  MbusRecord record;
  record.row = row_of(*quantity, (dif >> 4U) & 3U, storage, tariff);
  if (record.row == nullptr) throw Broken("a row that is none: " + hex(vif));
  if ((dif & 0xFU) == 0xD) {
    const std::size_t letters = reader.byte();
    const Bytes text = reader.bytes(letters);
    record.text.assign(text.rbegin(), text.rend());
    return record;
  }
  record.step =
      quantity->parameter && quantity->exponent == 0 ? 0 : std::pow(10, quantity->exponent);
  record.value = number(reader, dif & 0xFU) * (record.step == 0 ? 1 : record.step);
  return record;
}

}  // namespace

MbusRecords read_records(const std::uint8_t* data, std::size_t count) {
  MbusRecords out;
  Reader reader(data, count);
  try {
    while (!reader.done()) {
      const std::uint8_t dif = reader.byte();
      if (dif == 0x1F) {
        out.more_follow = true;
        if (!reader.done()) throw Broken("something behind DIF 1F");
        break;
      }
      out.records.push_back(read_record(reader, dif));
    }
  } catch (const Broken& error) {
    out.wrong = error.what();
  }
  return out;
}

}  // namespace soak
