// Any bytes before the M-Bus frame parser and the parser of records.
#include <cstdint>
#include <cstring>

#include "metrology/protocol/mbus/frame.h"
#include "metrology/protocol/mbus/records.h"
#include "metrology/registers/access.h"
#include "tests/fuzz/invariant.h"

using namespace metrology;
using tests::require;

namespace {

/// The standard's rules, written down a second time.
bool is_frame(const std::uint8_t* bytes, int count) {
  if (count == 1) return bytes[0] == 0xE5;
  const bool brief = count == 5 && bytes[0] == 0x10;
  const bool full = count >= 9 && count <= 261 && bytes[0] == 0x68 && bytes[3] == 0x68 &&
                    bytes[1] == count - 6 && bytes[2] == count - 6;
  if (!brief && !full) return false;
  unsigned sum = 0;
  for (int n = brief ? 1 : 4; n < count - 2; ++n) sum += bytes[n];
  return bytes[count - 2] == (sum & 0xFFU) && bytes[count - 1] == 0x16;
}

/// Every record lies within the data, and they follow each other.
void walk(const std::uint8_t* data, int count) {
  int next = 0;
  for (;;) {
    const int begin = next;
    mbus::GivenRecord record{};
    if (mbus::next_record(data, count, next, record) != mbus::Error::none) return;
    require(next >= begin && next <= count);
    if (record.head_bytes == 0) {
      require(next == count);
      return;
    }
    require(record.head >= data + begin && record.head_bytes >= 2);
    require(record.data >= record.head + record.head_bytes);
    require(record.data_bytes >= 0 && record.data + record.data_bytes == data + next);
    std::uint8_t row_bytes[registers::max_row_bytes];
    const registers::Row* row = mbus::row_of(record, row_bytes);
    require(row == nullptr || row->mbus != registers::Access::none);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 300) return 0;
  const int count = static_cast<int>(size);
  mbus::Frame frame{};
  const bool whole = mbus::parse(data, count, frame);
  require(whole == is_frame(data, count));
  if (whole && frame.type == mbus::FrameType::full) {
    require(frame.data_bytes == count - 9 && frame.data == data + 7);
    require(frame.c == data[4] && frame.a == data[5] && frame.ci == data[6]);
    walk(frame.data, frame.data_bytes);
  }
  walk(data, count);
  return 0;
}
