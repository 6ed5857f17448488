#include "metrology/registers/table.h"

namespace metrology::registers {

namespace {

constexpr bool addresses_rise() {
  for (int n = 1; n < row_count; ++n) {
    if (rows[n - 1].address + rows[n - 1].bytes > rows[n].address) return false;
  }
  return true;
}
static_assert(addresses_rise());

bool is_debug_row(const Row& row) { return row.address >= 0xF000; }

/// Of the debug rows those that can be set back to 0.
bool can_be_cleared(const Row& row) {
  return row.content == Content::day_counter || row.content == Content::power_downs;
}

}  // namespace

const Row* find(std::uint32_t address) {
  for (const Row& row : rows) {
    if (row.address == address) return &row;
  }
  return nullptr;
}

Access access(const Row& row, Port port) {
  switch (port) {
    case Port::ir:
      return row.ir;
    case Port::mbus:
      return row.mbus;
    case Port::modbus:
      return row.modbus;
    case Port::debug:
      break;
  }
  if (is_debug_row(row)) return can_be_cleared(row) ? Access::read_write : Access::read;
  Access most = row.ir;
  if (row.mbus > most) most = row.mbus;
  if (row.modbus > most) most = row.modbus;
  return most;
}

}  // namespace metrology::registers
