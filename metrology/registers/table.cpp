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

/// The first map's last row that a port shows lies below the second map.
constexpr bool maps_are_apart() {
  for (const Row& row : rows) {
    const bool shown =
        row.modbus != Access::none || row.mbus != Access::none || row.ir != Access::none;
    if (shown && row.address + row.bytes > second_map_begin) return false;
    if (row.second_address != 0 && row.second_address < second_map_begin) return false;
    if ((row.second_address != 0) != (row.second != Access::none)) return false;
  }
  return true;
}
static_assert(maps_are_apart());

constexpr int second_row_count() {
  int count = 0;
  for (const Row& row : rows) count += row.second_address != 0 ? 1 : 0;
  return count;
}

/// Which rows stand in the second map, in the order of their addresses there.
struct SecondOrder {
  std::uint8_t row[second_row_count()] = {};
  constexpr SecondOrder() {
    int count = 0;
    for (int n = 0; n < row_count; ++n) {
      if (rows[n].second_address == 0) continue;
      int place = count++;
      for (; place > 0 && rows[row[place - 1]].second_address > rows[n].second_address; --place) {
        row[place] = row[place - 1];
      }
      row[place] = static_cast<std::uint8_t>(n);
    }
  }
};
static_assert(row_count <= UINT8_MAX);
constexpr SecondOrder second_order;

constexpr bool second_addresses_rise() {
  for (int n = 1; n < second_row_count(); ++n) {
    const Row& before = rows[second_order.row[n - 1]];
    if (before.second_address + before.bytes / 2 > rows[second_order.row[n]].second_address) {
      return false;
    }
  }
  return true;
}
static_assert(second_addresses_rise());

/// Of `count` rows whose addresses rise the one at `address`; `row_at` and `address_of` say which
/// and where they are.
template <typename RowAt, typename AddressOf>
const Row* search(std::uint32_t address, int count, const RowAt& row_at,
                  const AddressOf& address_of) {
  int first = 0;
  while (first < count) {
    const int middle = first + (count - first) / 2;
    const Row& row = row_at(middle);
    if (address_of(row) == address) return &row;
    if (address_of(row) < address) {
      first = middle + 1;
    } else {
      count = middle;
    }
  }
  return nullptr;
}

bool is_debug_row(const Row& row) { return row.address >= 0xF000; }

}  // namespace

const Row* find(std::uint32_t address) {
  return search(
      address, row_count, [](int n) -> const Row& { return rows[n]; },
      [](const Row& row) { return row.address; });
}

const Row* find_second(std::uint32_t address) {
  return search(
      address, second_row_count(), [](int n) -> const Row& { return rows[second_order.row[n]]; },
      [](const Row& row) { return row.second_address; });
}

Access access(const Row& row, Port port) {
  switch (port) {
    case Port::ir:
      return row.ir;
    case Port::mbus:
      return row.mbus;
    case Port::modbus:
      return row.modbus;
    case Port::modbus_second:
      return row.second;
    case Port::debug:
      break;
  }
  if (row.content == Content::calibration) return Access::read_write;
  Access most = is_debug_row(row) ? Access::read : row.ir;
  if (row.mbus > most) most = row.mbus;
  if (row.modbus > most) most = row.modbus;
  if (row.second > most) most = row.second;
  return most;
}

}  // namespace metrology::registers
