#include "metrology/protocol/iec62056/register_access.h"

#include "metrology/protocol/iec62056/obis.h"
#include "metrology/protocol/iec62056/row_text.h"
#include "metrology/registers/table.h"

namespace metrology::iec62056 {

namespace {

using registers::Access;
using registers::Port;
using registers::Row;
using registers::WriteResult;

constexpr int address_digits = 4;

/// A row, which part of it, and what may be done with it.
struct Target {
  const Row* row;
  Part part;
  Access access;
};

/// The address that four hexadecimal digits spell; −1 for anything else.
std::int32_t address_of(Text code) {
  if (code.size != address_digits) return -1;
  std::int32_t address = 0;
  for (int n = 0; n < address_digits; ++n) {
    const std::uint8_t c = code.bytes[n];
    std::int32_t digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (digit < 0) return -1;
    address = address << 4 | digit;
  }
  return address;
}

bool find_address(Text code, Target& target) {
  const std::int32_t address = address_of(code);
  const Row* row = address < 0 ? nullptr : registers::find(static_cast<std::uint32_t>(address));
  if (row == nullptr || registers::access(*row, Port::ir) == Access::none) return false;
  target = {row, Part::whole, registers::access(*row, Port::ir)};
  return true;
}

/// What has an OBIS code may be read.
bool find_code(Text code, registers::CombinedCode combined, Target& target) {
  const ObisEntry* entry = find_obis(code, combined);
  if (entry == nullptr) return false;
  const Row* row = registers::find(entry->row);
  if (row == nullptr) return false;
  const Access access = registers::access(*row, Port::ir);
  target = {row, entry->part, access == Access::none ? Access::read : access};
  return true;
}

Error error_of(WriteResult result) {
  switch (result) {
    case WriteResult::ok:
    case WriteResult::unchanged:
      return Error::none;
    case WriteResult::read_only:
      return Error::no_access;
    case WriteResult::bad_value:
      return Error::bad_value;
    case WriteResult::locked:
      return Error::locked_value;
    case WriteResult::not_stored:
      break;
  }
  return Error::not_stored;
}

Error write(const DataSet& set, const Target& target, const Bank& bank) {
  if (!registers::may_write(target.access, bank.data.page.variant)) return Error::no_access;
  std::uint8_t bytes[registers::max_row_bytes];
  if (!parse_value(set, *target.row, bytes)) return Error::bad_value;
  return error_of(bank.write(bank.context, *target.row, Port::ir, bytes));
}

Error read(const DataSet& set, const Target& target, const Bank& bank, Answer& answer) {
  if (!registers::may_read(target.access)) return Error::no_access;
  begin_data(answer);
  for (int n = 0; n < set.code.size; ++n) add(answer, set.code.bytes[n]);
  add_value(answer, bank.data, *target.row, target.part);
  end_data(answer);
  return Error::none;
}

Error carried_out(const Command& command, const Bank& bank, Answer& answer) {
  const bool reads = command.letter == 'R';
  DataSet set{};
  if (!parse_data_set(command.data, set)) return Error::bad_data;
  if (reads && (set.value.size != 0 || set.unit.size != 0)) return Error::bad_data;
  Target target{};
  const bool found = command.digit == '1'
                         ? find_address(set.code, target)
                         : find_code(set.code, bank.data.settings.combined_code, target);
  if (!found) return Error::unknown_code;
  if (reads) return read(set, target, bank, answer);
  const Error error = write(set, target, bank);
  if (error == Error::none) put_character(answer, ack);
  return error;
}

}  // namespace

bool is_register_command(const Command& command) {
  return (command.letter == 'R' || command.letter == 'W') &&
         (command.digit == '1' || command.digit == '5');
}

void carry_out(const Command& command, const Bank& bank, Answer& answer) {
  const Error error = carried_out(command, bank, answer);
  if (error != Error::none) put_error(answer, error);
}

void put_error(Answer& answer, Error error) {
  begin_data(answer);
  add(answer, "(ER0");
  add(answer, static_cast<std::uint8_t>('0' + static_cast<int>(error)));
  add(answer, ')');
  end_data(answer);
}

}  // namespace metrology::iec62056
