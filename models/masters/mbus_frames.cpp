#include "models/masters/mbus_frames.h"

#include <stdexcept>

namespace models::masters {
namespace {

constexpr std::uint8_t start_short = 0x10;
constexpr std::uint8_t start_long = 0x68;
constexpr std::uint8_t stop = 0x16;
/// 68 L L 68 before C, CS and 16 after the last byte that L counts.
constexpr std::size_t around_long = 6;
constexpr std::size_t short_length = 5;

void put(MbusBytes& bytes, std::uint32_t value, int count) {
  for (int i = 0; i < count; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i) & 0xFF));
  }
}

std::uint32_t take(const MbusBytes& bytes, std::size_t from, int count) {
  std::uint32_t value = 0;
  for (int i = 0; i < count; ++i) {
    value |= static_cast<std::uint32_t>(bytes[from + static_cast<std::size_t>(i)]) << (8 * i);
  }
  return value;
}

}  // namespace

std::uint8_t mbus_checksum(const std::uint8_t* bytes, std::size_t count) {
  unsigned sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += bytes[i];
  return static_cast<std::uint8_t>(sum & 0xFF);
}

MbusBytes mbus_short_frame(std::uint8_t c, std::uint8_t a) {
  const MbusBytes body = {c, a};
  return {start_short, c, a, mbus_checksum(body.data(), body.size()), stop};
}

MbusBytes mbus_long_frame(std::uint8_t c, std::uint8_t a, std::uint8_t ci, const MbusBytes& data) {
  if (data.size() > mbus_most_data) throw std::invalid_argument("more data than a frame holds");
  const auto length = static_cast<std::uint8_t>(3 + data.size());
  MbusBytes frame;
  frame.reserve(around_long + length);
  for (const std::uint8_t byte : {start_long, length, length, start_long, c, a, ci}) {
    frame.push_back(byte);
  }
  for (const std::uint8_t byte : data) frame.push_back(byte);
  frame.push_back(mbus_checksum(frame.data() + 4, frame.size() - 4));
  frame.push_back(stop);
  return frame;
}

std::optional<std::size_t> mbus_control_index(const MbusBytes& frame) {
  if (frame.size() >= short_length && frame[0] == start_short) return 1;
  if (frame.size() >= around_long + 3 && frame[0] == start_long) return 4;
  return std::nullopt;
}

std::optional<std::size_t> mbus_frame_length(const MbusBytes& begin) {
  if (begin.empty()) return std::nullopt;
  if (begin[0] == mbus_acknowledge) return 1;
  if (begin[0] == start_short) return short_length;
  if (begin[0] != start_long) return 0;
  if (begin.size() < 4) return std::nullopt;
  const bool sound = begin[1] == begin[2] && begin[3] == start_long && begin[1] >= 3;
  return sound ? around_long + begin[1] : 0;
}

std::optional<MbusFrame> parse_mbus_frame(const MbusBytes& bytes) {
  if (mbus_frame_length(bytes).value_or(0) != bytes.size() || bytes.empty()) return std::nullopt;
  MbusFrame frame;
  if (bytes.size() == 1) return frame;
  const bool is_long = bytes[0] == start_long;
  const std::size_t body = is_long ? 4 : 1;
  const std::size_t end = bytes.size() - 2;
  if (bytes[end + 1] != stop || bytes[end] != mbus_checksum(&bytes[body], end - body)) {
    return std::nullopt;
  }
  frame.kind = is_long ? MbusFrame::Kind::long_frame : MbusFrame::Kind::short_frame;
  frame.c = bytes[body];
  frame.a = bytes[body + 1];
  if (!is_long) return frame;
  frame.ci = bytes[body + 2];
  frame.data.assign(bytes.begin() + static_cast<std::ptrdiff_t>(body) + 3,
                    bytes.begin() + static_cast<std::ptrdiff_t>(end));
  return frame;
}

// --- who is meant
// ------------------------------------------------------------------------------

bool MbusSecondary::operator==(const MbusSecondary& other) const {
  return id == other.id && manufacturer == other.manufacturer && version == other.version &&
         medium == other.medium && fabrication == other.fabrication;
}

std::uint16_t mbus_manufacturer(std::string_view letters) {
  if (letters.size() != 3) throw std::invalid_argument("a manufacturer has three letters");
  unsigned code = 0;
  for (const char letter : letters) {
    if (letter < 'A' || letter > 'Z') throw std::invalid_argument("a manufacturer has letters A-Z");
    code = code * 32 + static_cast<unsigned>(letter - 'A' + 1);
  }
  return static_cast<std::uint16_t>(code);
}

std::string mbus_letters(std::uint16_t manufacturer) {
  if (manufacturer == 0xFFFF) return "*";
  std::string out;
  for (const int shift : {10, 5, 0}) {
    out += static_cast<char>('@' + (manufacturer >> shift & 0x1F));
  }
  return out;
}

MbusBytes mbus_select_frame(const MbusSecondary& whom) {
  MbusBytes data;
  put(data, whom.id, 4);
  put(data, whom.manufacturer, 2);
  data.push_back(whom.version);
  data.push_back(whom.medium);
  if (whom.fabrication) {
    data.push_back(0x0C);
    data.push_back(0x78);
    put(data, *whom.fabrication, 4);
  }
  return mbus_long_frame(mbus_snd_ud, mbus_selected, mbus_ci_select, data);
}

std::optional<MbusHeader> mbus_header_of(const MbusFrame& frame) {
  if (!frame.is_response() || frame.ci != mbus_ci_variable ||
      frame.data.size() < mbus_header_bytes) {
    return std::nullopt;
  }
  MbusHeader header;
  header.address.id = take(frame.data, 0, 4);
  header.address.manufacturer = static_cast<std::uint16_t>(take(frame.data, 4, 2));
  header.address.version = frame.data[6];
  header.address.medium = frame.data[7];
  header.access = frame.data[8];
  header.status = frame.data[9];
  header.signature = static_cast<std::uint16_t>(take(frame.data, 10, 2));
  return header;
}

}  // namespace models::masters
