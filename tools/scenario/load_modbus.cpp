#include <fmt/format.h>

#include <charconv>

#include "metrology/registers/table.h"
#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

using metrology::registers::Access;
using metrology::registers::Row;

/// A row by its name or its address in either map.
const Row& load_modbus_row(const TreeNode& node, std::string_view key, bool& second_map) {
  if (node.kind == TreeNode::Kind::scalar && node.text.rfind("0x", 0) == 0) {
    unsigned address = 0;
    const char* end = node.text.data() + node.text.size();
    const auto parsed = std::from_chars(node.text.data() + 2, end, address, 16);
    const Row* row = parsed.ec == std::errc{} && parsed.ptr == end
                         ? metrology::registers::find_second(address)
                         : nullptr;
    if (row != nullptr) {
      second_map = true;
      return *row;
    }
  }
  const Row& row = load_register(node, key);
  if (row.modbus == Access::none) {
    if (row.second == Access::none) {
      refuse(node, key, "a register that Modbus has; bytes: asks for any other");
    }
    second_map = true;
  }
  return row;
}

void require_second(const TreeNode& node, std::string_view key, const ModbusEntry& entry) {
  for (const Row* row : entry.rows) {
    if (entry.second_map ? row->second_address == 0 : row->modbus == Access::none) {
      refuse(node, key, fmt::format("registers of one map; {} is not in it", row->name));
    }
  }
}

/// The bytes to be written, as they stand in the words of a debug port's request.
void load_written(const TreeNode& value, ModbusEntry& out) {
  const RegisterWrite write = load_write_value(value, *out.rows.front());
  for (std::size_t i = 0; i < write.row->bytes; ++i) {
    out.bytes.push_back(static_cast<std::uint8_t>(write.words[i / 4] >> (24 - 8 * (i % 4)) & 0xFF));
  }
  out.shown = write.shown;
  out.function = out.bytes.size() == 2 ? 0x06 : 0x10;
}

void load_action(const SectionReader& reader, ModbusEntry& out) {
  constexpr std::array<std::string_view, 4> actions = {"read", "write", "poll", "bytes"};
  const TreeNode* found = nullptr;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    const TreeNode* n = reader.find(actions[i]);
    if (n == nullptr) continue;
    if (found != nullptr) {
      throw InputError(n->position,
                       fmt::format("found {} beside {}, expected one of read, write, "
                                   "poll and bytes",
                                   actions[i], actions[static_cast<std::size_t>(out.action)]));
    }
    found = n;
    out.action = static_cast<ModbusAction>(i);
  }
  if (found == nullptr) {
    throw InputError(reader.position(),
                     "found nothing to be asked, expected read, write, poll or bytes");
  }
  switch (out.action) {
    case ModbusAction::read:
      out.rows.push_back(&load_modbus_row(*found, "read", out.second_map));
      break;
    case ModbusAction::write:
      out.rows.push_back(&load_modbus_row(*found, "write", out.second_map));
      break;
    case ModbusAction::poll:
      for (const TreeNode& item : read_list(*found, "poll", "register_list")) {
        out.rows.push_back(&load_modbus_row(item, "poll", out.second_map));
      }
      break;
    case ModbusAction::bytes:
      out.bytes = load_bytes(*found, "bytes");
      break;
  }
  if (const TreeNode* n = reader.find("map")) out.second_map = read_count(*n, "map", 1, 2) == 2;
  require_second(*found, actions[static_cast<std::size_t>(out.action)], out);
  const bool writes = out.action == ModbusAction::write;
  const TreeNode* value = reader.find("value");
  if (writes && value == nullptr) {
    throw InputError(reader.position(), "found write without a value, expected value beside it");
  }
  if (writes) {
    load_written(*value, out);
  } else if (value != nullptr) {
    refuse(*value, "value", "it only beside write");
  }
}

void load_shape(const SectionReader& reader, ModbusEntry& out) {
  const bool bytes = out.action == ModbusAction::bytes;
  const bool writes = out.action == ModbusAction::write;
  if (const TreeNode* n = reader.find("function")) {
    if (bytes) refuse(*n, "function", "it in the bytes themselves");
    const std::int64_t function = read_count(*n, "function", 1, 127);
    const bool fits = writes ? function == 6 || function == 16 : function == 3 || function == 4;
    if (!fits) refuse(*n, "function", writes ? "6 or 16" : "3 or 4");
    if (function == 6 && out.bytes.size() != 2) refuse(*n, "function", "16 for a float");
    out.function = static_cast<std::uint8_t>(function);
  }
  if (const TreeNode* n = reader.find("registers")) {
    if (bytes || writes) refuse(*n, "registers", "it only beside read and poll");
    out.registers = static_cast<int>(read_count(*n, "registers", 0, 65535));
  }
  if (const TreeNode* n = reader.find("to")) {
    if (bytes) refuse(*n, "to", "the ID in the bytes themselves");
    out.to = static_cast<std::uint8_t>(read_count(*n, "to", 0, 255));
  }
  for (const std::string_view key : {"count", "until"}) {
    const TreeNode* n = reader.find(key);
    if (n == nullptr) continue;
    if (out.action != ModbusAction::poll) refuse(*n, key, "it only beside poll");
    if (key == "count") {
      out.count = static_cast<std::uint64_t>(read_count(*n, key, 1, 100'000'000));
    } else {
      out.until = read_time(*n, key);
    }
  }
}

/// Bytes of the frame.
std::size_t frame_length(const ModbusEntry& entry) {
  if (entry.action == ModbusAction::bytes) {
    return entry.bytes.size() + (entry.crc == FrameCrc::none ? 0 : 2);
  }
  // What is not sent as it stands is 8 bytes, or 11 with a float that is written.
  return entry.function == 0x10 ? 9 + entry.bytes.size() : 8;
}

void load_faults(const SectionReader& reader, ModbusEntry& out) {
  if (const TreeNode* n = reader.find("crc")) {
    out.crc = static_cast<FrameCrc>(read_choice(*n, "crc", "crc"));
  }
  load_frame_faults(reader, frame_length(out), out);
  if (const TreeNode* n = reader.find("timeout")) out.timeout = read_duration(*n, "timeout");
  if (const TreeNode* n = reader.find("baud")) out.baud = load_baud(*n);
  if (const TreeNode* n = reader.find("parity")) out.parity = load_parity(*n);
}

}  // namespace

ModbusEntry load_modbus(const TreeNode& node) {
  const SectionReader reader(node, section("modbus"));
  ModbusEntry out;
  load_action(reader, out);
  load_shape(reader, out);
  load_faults(reader, out);
  return out;
}

ExpectAnswer load_modbus_answer(const SectionReader& reader, const ModbusEntry& asked) {
  refuse_keys(reader, {"value", "record", "error"}, "it only of an mbus or ir entry");
  refuse_ir_keys(reader, {"step", "identification", "tries"});
  ExpectAnswer out;
  const TreeNode* limits = nullptr;
  for (const std::string_view key : {"equals", "at_least", "at_most"}) {
    if (const TreeNode* n = reader.find(key)) limits = n;
  }
  if (limits != nullptr) {
    const bool one_row = asked.rows.size() == 1 && asked.action != ModbusAction::write;
    if (!one_row || asked.registers) {
      throw InputError(limits->position,
                       "found a value, expected one only of an entry that reads "
                       "one register as a whole");
    }
    out.value.emplace().row = asked.rows.front();
    load_row_limits(reader, *out.value);
  } else if (const TreeNode* n = reader.find("tolerance")) {
    refuse(*n, "tolerance", "it only beside equals");
  }
  if (const TreeNode* n = reader.find("exception")) {
    out.exception = static_cast<int>(read_count(*n, "exception", 0, 255));
  }
  return out;
}

}  // namespace tools
