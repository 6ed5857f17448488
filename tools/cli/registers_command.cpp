#include <fmt/format.h>

#include <iostream>

#include "metrology/registers/table.h"
#include "tools/cli/options.h"
#include "tools/cli/register_reference.h"
#include "tools/report/result.h"

namespace tools {
namespace {

using metrology::registers::Port;
using metrology::registers::Row;

}  // namespace

CommandSpec registers_spec() {
  boost::program_options::options_description options;
  options.add_options()("markdown", "prints the reference, as tools/REGISTERS.md has it");
  CommandSpec spec;
  spec.name = "registers";
  spec.purpose = "the register matrix";
  spec.description = {
      "Prints the register matrix: addresses of both generations' maps, size, type, unit, and who "
      "may do what: R reads, W writes, Mb R/W: the Mb variants write, too.",
      "Names and addresses are those that scenarios use."};
  spec.add_options("Options", options);
  spec.examples = {{"registers", "every row, with its addresses"}};
  spec.status = "0.";
  return spec;
}

int registers_command(const Arguments& arguments) {
  CommandOptions parsed(registers_spec());
  if (!parsed.parse(arguments, 0, 0)) return all_hold;
  if (parsed.has("markdown")) {
    std::cout << register_reference();
    return all_hold;
  }
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
