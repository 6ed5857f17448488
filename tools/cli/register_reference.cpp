#include "tools/cli/register_reference.h"

#include <fmt/format.h>

#include "metrology/protocol/iec62056/obis.h"
#include "metrology/protocol/mbus/records.h"
#include "metrology/registers/table.h"

namespace tools {
namespace {

using metrology::registers::Access;
using metrology::registers::Row;
using metrology::registers::ValueType;

constexpr std::string_view head =
    "# Register matrix\n\n"
    "Made by `vmeter registers --markdown > tools/REGISTERS.md` from the firmware's own tables; a "
    "test "
    "holds this\nfile against them. `R` reads, `W` writes, `Mb R/W`: the Mb variants write, too, "
    "`-`: "
    "neither.\n\n"
    "* **Modbus**: function 03 or 04 reads, 06 or 16 writes. The address in a request is the one "
    "below, nothing\n  added or taken away, and counts bytes' places: a value of four bytes is two "
    "registers of 16 bits, and the next\n  value lies four addresses on. Values are big endian, "
    "the "
    "high word first; floats are IEEE 754. The second map,\n  which a meter with `firmware: 2` has "
    "as "
    "well, counts registers as is usual.\n"
    "* **M-Bus**: the head of the record, DIF to VIFE in hex. Records come in BCD unless the DIF "
    "says "
    "otherwise; which\n  come when stands [below](#which-records-come-when).\n"
    "* **OBIS**: the codes of the infra-red readout and of R5. Any row that the infra-red port may "
    "read answers to\n  `R1 address()` besides. `taken` is 0 while energy flows back, `given back` "
    "is 0 while it does not; `sum` and\n  `difference` are there with the combined codes 05, and "
    "09 "
    "or 10.\n";

std::string record_text(const Row& row) {
  for (const auto& record : metrology::mbus::records) {
    if (record.row != row.address) continue;
    std::string out;
    for (int n = 0; n < record.head_bytes; ++n) {
      out += fmt::format("{}{:02X}", n == 0 ? "" : " ", record.head[n]);
    }
    return out;
  }
  return "-";
}

std::string part_text(metrology::iec62056::Part part) {
  using metrology::iec62056::Part;
  switch (part) {
    case Part::whole:
      break;
    case Part::taken:
      return " (taken)";
    case Part::given_back:
      return " (given back)";
    case Part::sum:
      return " (sum)";
    case Part::difference:
      return " (difference)";
  }
  return "";
}

std::string codes_text(const Row& row) {
  std::string out;
  for (const auto& entry : metrology::iec62056::obis_table) {
    if (entry.row != row.address) continue;
    out += fmt::format("{}{}{}", out.empty() ? "" : ", ", entry.code, part_text(entry.part));
  }
  return out.empty() ? "-" : out;
}

bool has_port(const Row& row) {
  return row.ir != Access::none || row.mbus != Access::none || row.modbus != Access::none;
}

std::string unit_text(const Row& row) {
  const std::string unit = metrology::registers::text(row.unit);
  return unit.empty() ? "-" : unit;
}

std::string step_text(const Row& row) {
  if (row.type != ValueType::floating) return "-";
  double step = 1;
  for (int n = 0; n < row.decimals; ++n) step /= 10;
  return fmt::format("{:.{}f}", step, row.decimals);
}

/// The rows of a telegram's contents, by name.
std::string rows_of(metrology::mbus::Set set) {
  std::string out;
  for (int n = 0; n < metrology::mbus::count_of(set); ++n) {
    const std::uint16_t address = metrology::mbus::record_of(set, n).row;
    for (const Row& row : metrology::registers::rows) {
      if (row.address != address) continue;
      out += fmt::format("{}{}", out.empty() ? "" : ", ", row.name);
    }
  }
  return out;
}

}  // namespace

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

std::string register_reference() {
  std::string out(head);
  out +=
      "\n## The manual's matrix\n\n"
      "| address | name | bytes | type | unit | step | Modbus | M-Bus | IR | second map | M-Bus "
      "record | OBIS |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const Row& row : metrology::registers::rows) {
    if (!has_port(row)) continue;
    const std::string second =
        row.second_address == 0
            ? "-"
            : fmt::format("0x{:04X} {}", row.second_address, access_name(row.second));
    out += fmt::format("| 0x{:04X} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                       row.address, row.name, row.bytes, type_name(row.type), unit_text(row),
                       step_text(row), access_name(row.modbus), access_name(row.mbus),
                       access_name(row.ir), second, record_text(row), codes_text(row));
  }
  using metrology::mbus::Set;
  out += fmt::format(
      "\n### Which records come when\n\n| asked by | rows |\n|---|---|\n"
      "| REQ_UD2 | {} |\n| SND_UD with CI B1, which these answer | {} |\n"
      "| SND_UD with CI B4, which these answer | {} |\n"
      "| an application reset with subcode 00, then REQ_UD2 as long as more follow | every row "
      "with a "
      "record |\n",
      rows_of(Set::standard), rows_of(Set::measured), rows_of(Set::phases));
  out +=
      "\n## Only in the second map\n\n"
      "| second map | name | bytes | type | unit | access | in scenarios "
      "|\n|---|---|---|---|---|---|---|\n";
  for (const Row& row : metrology::registers::rows) {
    if (has_port(row) || row.second_address == 0) continue;
    out += fmt::format("| 0x{:04X} | {} | {} | {} | {} | {} | 0x{:04X} |\n", row.second_address,
                       row.name, row.bytes, type_name(row.type), unit_text(row),
                       access_name(row.second), row.address);
  }
  out +=
      "\n## Only for scenarios\n\n"
      "What no port of a meter shows: `register`, `raw` and `write` of a scenario go through a "
      "debug "
      "port of the\nmicrocontroller. The rows from 0xF100 on hold the calibration constants.\n\n"
      "| address | name | bytes | type | unit | access |\n|---|---|---|---|---|---|\n";
  for (const Row& row : metrology::registers::rows) {
    if (has_port(row) || row.second_address != 0) continue;
    out += fmt::format(
        "| 0x{:04X} | {} | {} | {} | {} | {} |\n", row.address, row.name, row.bytes,
        type_name(row.type), unit_text(row),
        access_name(metrology::registers::access(row, metrology::registers::Port::debug)));
  }
  return out;
}

}  // namespace tools
