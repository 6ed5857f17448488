// Frames of any bytes: the parser reads nothing beyond them, and what it says of a request holds.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>

#include "metrology/protocol/modbus/frame.h"
#include "tests/fuzz/invariant.h"

using namespace metrology::modbus;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int count = size > 300 ? 300 : static_cast<int>(size);
  // In memory of its own, so that the sanitizer sees a read beyond it.
  auto* const bytes = new std::uint8_t[static_cast<std::size_t>(count)];
  if (count != 0) std::memcpy(bytes, data, static_cast<std::size_t>(count));

  const bool whole = is_whole(bytes, count);
  tests::require(!whole || (count >= min_frame_bytes && count <= max_frame_bytes));
  if (whole) tests::require(crc16(bytes, count) == 0);  // a frame with its CRC has the CRC 0
  if (count >= min_frame_bytes && count <= max_frame_bytes) {
    // Whatever the CRC: the fuzzer need not find it first.
    const Request request = parse(bytes, count);
    tests::require(request.id == bytes[0]);
    tests::require(request.function == static_cast<Function>(bytes[1]));
    if (is_write(request.function) && request.length_fits) {
      const std::uint8_t* end = request.values + std::ptrdiff_t{2} * request.count;
      tests::require(end == bytes + count - 2);
      Answer answer{};
      put_write_answer(answer, request.id, request);
      tests::require(answer.size == 8 && is_whole(answer.bytes, answer.size));
      tests::require(std::memcmp(answer.bytes, bytes, 4) == 0);
    }
    for (const bool legacy : {false, true}) {
      Answer answer{};
      put_exception(answer, request.id, request.function, Exception::illegal_function, legacy);
      tests::require(answer.size == (legacy ? 2 : 5));
      tests::require(legacy || is_whole(answer.bytes, answer.size));
    }
  }
  delete[] bytes;
  return 0;
}
