// M-Bus frames for tests, with a checksum of their own, and what stands in an answer.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/metrology/modbus_bytes.h"

namespace tests {

/// The sum of the bytes from `first` on, modulo 256.
inline std::uint8_t mbus_sum(const Bytes& bytes, std::size_t first) {
  unsigned sum = 0;
  for (std::size_t n = first; n < bytes.size(); ++n) sum += bytes[n];
  return static_cast<std::uint8_t>(sum % 256);
}

inline Bytes mbus_short(std::uint8_t c, std::uint8_t a) {
  return {0x10, c, a, static_cast<std::uint8_t>((c + a) % 256), 0x16};
}

inline Bytes mbus_long(std::uint8_t c, std::uint8_t a, std::uint8_t ci, const Bytes& data = {}) {
  const auto length = static_cast<std::uint8_t>(3 + data.size());
  Bytes bytes{0x68, length, length, 0x68, c, a, ci};
  for (const std::uint8_t byte : data) bytes.push_back(byte);
  bytes.push_back(mbus_sum(bytes, 4));
  bytes.push_back(0x16);
  return bytes;
}

inline const Bytes e5{0xE5};

inline Bytes nke(std::uint8_t a) { return mbus_short(0x40, a); }
/// REQ_UD2 with FCB 0 and 1.
inline Bytes req_ud2(std::uint8_t a, bool fcb) { return mbus_short(fcb ? 0x7B : 0x5B, a); }
inline Bytes req_ud1(std::uint8_t a, bool fcb) { return mbus_short(fcb ? 0x7A : 0x5A, a); }
inline Bytes snd_ud(std::uint8_t a, std::uint8_t ci, const Bytes& data = {}, bool fcb = false) {
  return mbus_long(fcb ? 0x73 : 0x53, a, ci, data);
}

/// A selection of eight bytes as they are sent: number, manufacturer, version, medium.
inline Bytes selection(const std::string& address) { return snd_ud(253, 0x52, hex(address)); }

/// A record of an answer.
struct MbusRecord {
  Bytes head;
  Bytes data;
};
inline bool operator==(const MbusRecord& a, const MbusRecord& b) {
  return a.head == b.head && a.data == b.data;
}

struct MbusAnswer {
  std::uint8_t c = 0;
  std::uint8_t a = 0;
  std::uint8_t ci = 0;
  Bytes header;  ///< twelve bytes, of CI 72
  std::vector<MbusRecord> records;
  bool more = false;  ///< the data end in DIF 1F
};

/// Takes an answer with CI 72 apart; fails the test unless it is a good frame.
inline MbusAnswer mbus_answer(const Bytes& frame) {
  CAPTURE(frame.size());
  REQUIRE(frame.size() >= 21);
  REQUIRE(frame ==
          mbus_long(frame[4], frame[5], frame[6], Bytes(frame.begin() + 7, frame.end() - 2)));
  MbusAnswer answer;
  answer.c = frame[4];
  answer.a = frame[5];
  answer.ci = frame[6];
  REQUIRE(answer.ci == 0x72);
  answer.header = Bytes(frame.begin() + 7, frame.begin() + 19);
  const Bytes data(frame.begin() + 19, frame.end() - 2);
  static const std::size_t sizes[] = {0, 1, 2, 3, 4, 4, 6, 8, 99, 1, 2, 3, 4, 0, 6, 99};
  for (std::size_t n = 0; n < data.size();) {
    if (data[n] == 0x1F) {
      REQUIRE(n + 1 == data.size());
      answer.more = true;
      break;
    }
    MbusRecord record;
    const std::uint8_t dif = data[n];
    while ((data.at(n) & 0x80) != 0) record.head.push_back(data[n++]);
    record.head.push_back(data.at(n++));
    while ((data.at(n) & 0x80) != 0) record.head.push_back(data[n++]);
    record.head.push_back(data.at(n++));
    std::size_t size = sizes[dif & 0xF];
    if ((dif & 0xF) == 0xD) size = data.at(n++);
    REQUIRE(n + size <= data.size());
    record.data.assign(data.begin() + static_cast<std::ptrdiff_t>(n),
                       data.begin() + static_cast<std::ptrdiff_t>(n + size));
    n += size;
    answer.records.push_back(record);
  }
  return answer;
}

/// The record with the head "0C 04" that the answer has; fails without it.
inline Bytes mbus_data(const MbusAnswer& answer, const std::string& head) {
  for (const MbusRecord& record : answer.records) {
    if (record.head == hex(head)) return record.data;
  }
  FAIL("no record " << head);
  return {};
}

}  // namespace tests
