#include <fmt/format.h>

#include <iostream>

#include "metrology/registers/table.h"
#include "tools/cli/options.h"
#include "tools/report/result.h"

namespace tools {
namespace {

using metrology::registers::Access;
using metrology::registers::Port;
using metrology::registers::Row;
using metrology::registers::ValueType;

std::string type_name(ValueType type) {
  switch (type) {
    case ValueType::integer:
      return "integer";
    case ValueType::floating:
      return "float";
    case ValueType::bcd:
      return "BCD";
    case ValueType::ascii:
      return "ASCII";
    case ValueType::bits:
      return "bits";
  }
  return "";
}

std::string access_name(Access access) {
  switch (access) {
    case Access::none:
      return "-";
    case Access::write:
      return "W";
    case Access::read:
      return "R";
    case Access::read_mbus_write:
      return "R, Mb R/W";
    case Access::read_write:
      return "R/W";
  }
  return "";
}

}  // namespace

int registers_command(const Arguments& arguments) {
  CommandOptions parsed({"registers",
                         "Prints the register matrix: addresses of both generations' "
                         "maps, size, type, unit and access per port."},
                        {});
  if (!parsed.parse(arguments, 0, 0)) return all_hold;
  std::vector<std::vector<std::string>> rows = {{"address", "second", "name", "bytes", "type",
                                                 "unit", "IR", "M-Bus", "Modbus", "2nd map",
                                                 "engine"}};
  for (const Row& row : metrology::registers::rows) {
    rows.push_back({fmt::format("0x{:04X}", row.address),
                    row.second_address == 0 ? "-" : fmt::format("0x{:04X}", row.second_address),
                    row.name, std::to_string(row.bytes), type_name(row.type),
                    metrology::registers::text(row.unit), access_name(row.ir),
                    access_name(row.mbus), access_name(row.modbus), access_name(row.second),
                    access_name(metrology::registers::access(row, Port::debug))});
  }
  std::cout << columns(rows);
  return all_hold;
}

}  // namespace tools
