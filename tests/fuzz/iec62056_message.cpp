// Any bytes as a message of each kind, and what a parser says of them against what must hold.
#include <cstdint>
#include <cstring>

#include "metrology/protocol/iec62056/message.h"
#include "metrology/protocol/iec62056/row_text.h"
#include "metrology/registers/table.h"
#include "tests/fuzz/invariant.h"

using namespace metrology;
using namespace metrology::iec62056;
using tests::require;

namespace {

bool is_inside(Text part, Text whole) {
  if (part.size == 0) return true;
  return part.size > 0 && part.bytes >= whole.bytes &&
         part.bytes + part.size <= whole.bytes + whole.size;
}

void check_data_set(Text data) {
  DataSet set{};
  if (!parse_data_set(data, set)) return;
  require(is_inside(set.code, data) && is_inside(set.value, data) && is_inside(set.unit, data));
  // What is taken apart is all there was: code ( value * unit ).
  const int star = set.unit.size > 0 ? 1 : 0;
  const int rest = data.size - set.code.size - set.value.size - set.unit.size - 2;
  require(rest == star || (rest == 1 && set.unit.size == 0));
  for (const registers::Row& row : registers::rows) {
    std::uint8_t bytes[registers::max_row_bytes + 1] = {};
    bytes[row.bytes] = 0xA5;
    const bool parsed = parse_value(set, row, bytes);
    require(bytes[row.bytes] == 0xA5);
    if (parsed) require(set.value.size > 0 && row.type != registers::ValueType::ascii);
  }
}

void check_command(Text message) {
  if (!is_intact(message)) return;
  unsigned check = 0;
  for (int n = 1; n < message.size; ++n) check ^= message.bytes[n];
  require(check == 0 && message.bytes[0] == soh);
  Command command{};
  if (!parse_command(message, command)) return;
  require(is_inside(command.data, message));
  require(command.digit >= '0' && command.digit <= '9');
  check_data_set(command.data);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Text message{data, static_cast<int>(size)};
  Text address{};
  if (parse_sign_on(message, address)) {
    require(is_inside(address, message) && address.size <= max_address_size);
    require(address.size + 5 == message.size);
    require(is_addressed(address, 0x00000042) ==
            (address.size == 0 || is_addressed(address, 0x42)));
  }
  Option option{};
  if (parse_option(message, option)) {
    require(size == 6 && option.protocol <= 9 && option.rate <= 9 && option.mode <= 9);
  }
  check_command(message);
  check_data_set(message);
  return 0;
}
