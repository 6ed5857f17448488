#include "metrology/protocol/modbus/register_access.h"

#include "metrology/registers/table.h"

namespace metrology::modbus {

namespace {

using registers::Access;
using registers::Port;
using registers::Row;
using registers::WriteResult;

/// The map that an address is looked up in.
Port port_of(std::uint32_t address) {
  return address < registers::second_map_begin ? Port::modbus : Port::modbus_second;
}

/// The row that begins at `address` and that masters may see, or null.
const Row* row_at(const Bank& bank, std::uint32_t address) {
  const Port port = port_of(address);
  if (port == Port::modbus_second && !bank.second_map) return nullptr;
  const Row* row =
      port == Port::modbus ? registers::find(address) : registers::find_second(address);
  return row != nullptr && registers::access(*row, port) != Access::none ? row : nullptr;
}

/// How far it is from a row's address to the next one's: the first map counts bytes, the second
/// registers.
std::uint32_t addresses_of(const Row& row, Port port) {
  return port == Port::modbus ? row.bytes : row.bytes / 2U;
}

/// Gives `visit` each row of the `bytes` from `address` on. false: they are not whole rows.
template <typename Visit>
bool for_each_row(const Bank& bank, std::uint32_t address, int bytes, const Visit& visit) {
  while (bytes > 0) {
    const Row* row = row_at(bank, address);
    if (row == nullptr || row->bytes > bytes) return false;
    visit(*row);
    bytes -= row->bytes;
    address += addresses_of(*row, port_of(address));
  }
  return true;
}

bool count_fits(const Request& request) {
  const int most = is_read(request.function) ? max_read_registers : max_write_registers;
  return request.length_fits && request.count >= 1 && request.count <= most;
}

Exception read(const Request& request, std::uint8_t id, const Bank& bank, Answer& answer) {
  const int bytes = 2 * request.count;
  if (!for_each_row(bank, request.address, bytes, [](const Row&) {})) {
    return Exception::illegal_data_address;
  }
  begin_read_answer(answer, id, request.function, request.count);
  for_each_row(bank, request.address, bytes, [&](const Row& row) {
    registers::read(bank.data, row, answer.bytes + answer.size);
    answer.size += row.bytes;
  });
  seal(answer);
  return Exception::none;
}

Exception exception_of(WriteResult result) {
  switch (result) {
    case WriteResult::ok:
    case WriteResult::unchanged:
      return Exception::none;
    case WriteResult::read_only:
      return Exception::illegal_data_address;
    case WriteResult::bad_value:
    case WriteResult::locked:
      return Exception::illegal_data_value;
    case WriteResult::not_stored:
      break;
  }
  return Exception::server_device_failure;
}

Exception write(const Request& request, const Bank& bank) {
  const Port port = port_of(request.address);
  const Row* row = row_at(bank, request.address);
  if (row == nullptr || row->bytes != 2 * request.count ||
      registers::access(*row, port) != Access::read_write) {
    return Exception::illegal_data_address;
  }
  return exception_of(bank.write(bank.context, *row, port, request.values));
}

}  // namespace

bool carry_out(const Request& request, std::uint8_t id, const Bank& bank, Answer& answer) {
  Exception exception = Exception::none;
  if (!is_read(request.function) && !is_write(request.function)) {
    exception = Exception::illegal_function;
  } else if (!count_fits(request)) {
    exception = Exception::illegal_data_value;
  } else if (is_read(request.function)) {
    exception = read(request, id, bank, answer);
  } else {
    exception = write(request, bank);
    if (exception == Exception::none) put_write_answer(answer, id, request);
  }
  if (exception != Exception::none) {
    put_exception(answer, id, request.function, exception, bank.legacy_exceptions);
  }
  return request.id != broadcast_id || is_read(request.function);
}

}  // namespace metrology::modbus
