#include "models/masters/mbus_records.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace models::masters {
namespace {

/// At most so many DIFE, and so many VIFE.
constexpr int most_extensions = 10;
constexpr std::uint8_t extended = 0x80;
constexpr std::uint8_t plain_text = 0x7C;

/// Bytes by coding; variable and special ones have their own.
constexpr std::array<int, 16> data_bytes = {0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, -1, 6, -1};

bool is_bcd(std::uint8_t coding) { return (coding >= 0x9 && coding <= 0xC) || coding == 0xE; }

/// Reads on, and knows when nothing is left.
class Cursor {
 public:
  explicit Cursor(const MbusBytes& bytes) : bytes_(bytes) {}

  bool at_end() const { return next_ == bytes_.size(); }
  std::uint8_t take() {
    if (at_end()) {
      short_ = true;
      return 0;
    }
    return bytes_[next_++];
  }
  MbusBytes take(std::size_t count) {
    const std::size_t left = bytes_.size() - next_;
    short_ = short_ || count > left;
    count = std::min(count, left);
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(next_);
    next_ += count;
    return {from, from + static_cast<std::ptrdiff_t>(count)};
  }
  MbusBytes rest() { return take(bytes_.size() - next_); }
  bool ran_short() const { return short_; }

 private:
  const MbusBytes& bytes_;
  std::size_t next_ = 0;
  bool short_ = false;
};

/// DIFE after the DIF. False: too many.
bool take_dife(Cursor& cursor, bool more, MbusRecord& record) {
  for (int i = 0; more; ++i) {
    if (i == most_extensions) return false;
    const std::uint8_t dife = cursor.take();
    record.storage |= static_cast<std::uint64_t>(dife & 0x0F) << (1 + 4 * i);
    record.tariff |= static_cast<unsigned>(dife >> 4 & 3) << (2 * i);
    record.subunit |= static_cast<unsigned>(dife >> 6 & 1) << i;
    more = (dife & extended) != 0;
  }
  return true;
}

/// VIF and VIFE. False: too many.
bool take_vif(Cursor& cursor, MbusRecord& record) {
  bool more = true;
  for (int i = 0; more; ++i) {
    if (i > most_extensions) return false;
    const std::uint8_t vif = cursor.take();
    record.vif.push_back(static_cast<std::uint8_t>(vif & ~extended));
    more = (vif & extended) != 0;
    if (i == 0 && (vif & ~extended) == plain_text) {
      record.text = cursor.take(cursor.take());
      std::reverse(record.text.begin(), record.text.end());
    }
  }
  return true;
}

/// False: a length that is not known here.
bool take_data(Cursor& cursor, MbusRecord& record) {
  const int fixed = data_bytes[record.coding];
  if (fixed >= 0) {
    record.data = cursor.take(static_cast<std::size_t>(fixed));
    return true;
  }
  if (record.coding != 0x0D) return false;
  const std::uint8_t lvar = cursor.take();
  if (lvar > 0xBF) return false;
  record.data = cursor.take(lvar);
  return true;
}

std::uint64_t bits_of(const MbusBytes& data) {
  std::uint64_t bits = 0;
  for (std::size_t i = data.size(); i-- > 0;) bits = bits << 8 | data[i];
  return bits;
}

MbusNumber integer_of(const MbusBytes& data) {
  const auto unused = static_cast<unsigned>(64 - 8 * data.size());
  const auto shifted = static_cast<std::int64_t>(bits_of(data) << unused);
  return {static_cast<double>(shifted >> unused), false};
}

MbusNumber bcd_of(const MbusBytes& data) {
  MbusNumber out;
  bool minus = false;
  double value = 0;
  for (std::size_t i = 2 * data.size(); i-- > 0;) {
    const unsigned digit = data[i / 2] >> (4 * (i % 2)) & 0xF;
    const bool first = i == 2 * data.size() - 1;
    if (first && digit == 0xF) {
      minus = true;
    } else if (digit > 9) {
      out.overflow = true;
    } else {
      value = value * 10 + digit;
    }
  }
  out.value = minus ? -value : value;
  return out;
}

}  // namespace

std::optional<MbusNumber> mbus_number_of(const MbusRecord& record) {
  if (record.data.empty() || record.coding == 0x0D) return std::nullopt;
  if (is_bcd(record.coding)) return bcd_of(record.data);
  if (record.coding != 5) return integer_of(record.data);
  const auto bits = static_cast<std::uint32_t>(bits_of(record.data));
  float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return MbusNumber{static_cast<double>(value), false};
}

std::optional<std::string> mbus_text_of(const MbusRecord& record) {
  if (record.coding != 0x0D) return std::nullopt;
  return std::string(record.data.rbegin(), record.data.rend());
}

MbusRecords mbus_records(const MbusBytes& data) {
  MbusRecords out;
  Cursor cursor(data);
  while (!cursor.at_end()) {
    const std::uint8_t dif = cursor.take();
    if (dif == 0x2F) continue;
    if (dif == 0x0F || dif == 0x1F) {
      out.more_follow = dif == 0x1F;
      out.makers = cursor.rest();
      break;
    }
    MbusRecord record;
    record.coding = dif & 0x0F;
    record.function = static_cast<MbusFunction>(dif >> 4 & 3);
    record.storage = dif >> 6 & 1;
    const bool sound = take_dife(cursor, (dif & extended) != 0, record) &&
                       take_vif(cursor, record) && take_data(cursor, record) && !cursor.ran_short();
    if (!sound) {
      out.whole = false;
      break;
    }
    out.records.push_back(std::move(record));
  }
  return out;
}

std::optional<MbusRecords> mbus_records_of(const MbusFrame& frame) {
  if (!mbus_header_of(frame)) return std::nullopt;
  return mbus_records(MbusBytes(frame.data.begin() + static_cast<std::ptrdiff_t>(mbus_header_bytes),
                                frame.data.end()));
}

}  // namespace models::masters
