#include <fmt/format.h>

#include <charconv>
#include <cstring>

#include "metrology/registers/table.h"
#include "tools/scenario/load_parts.h"
#include "tools/scenario/row_units.h"

namespace tools {
namespace {

using metrology::registers::Row;
using metrology::registers::ValueType;

const Row* row_at(const std::string& text) {
  unsigned address = 0;
  const char* begin = text.data() + 2;
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(begin, end, address, 16);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return nullptr;
  for (const Row& row : metrology::registers::rows) {
    if (row.address == address) return &row;
  }
  return nullptr;
}

const Row* row_named(const std::string& text) {
  for (const Row& row : metrology::registers::rows) {
    if (text == row.name) return &row;
  }
  return nullptr;
}

bool all_digits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

/// The number in the row's own unit.
double load_row_number(const TreeNode& node, std::string_view key, const Row& row) {
  const RowUnit unit = unit_of(row);
  const std::string expected =
      fmt::format("{} such as {}", name_of(unit.dimension), example_of(unit.dimension));
  if (node.kind != TreeNode::Kind::scalar) refuse(node, key, expected);
  const ParsedQuantity parsed = parse_quantity(node.text, {unit.dimension});
  if (!parsed.quantity) {
    if (parsed.fault == QuantityFault::no_unit) {
      throw InputError(node.position, fmt::format("{}: found {} without a unit, expected {}", key,
                                                  in_quotes(node.text), expected));
    }
    refuse(node, key, expected);
  }
  Quantity quantity = *parsed.quantity;
  if (unit.base_units == 1000) quantity.shift -= 3;  // rounded once, not divided afterwards
  return quantity.value();
}

std::uint32_t float_bits(double value) {
  const auto single = static_cast<float>(value);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &single, sizeof bits);
  return bits;
}

}  // namespace

const Row& load_register(const TreeNode& node, std::string_view key) {
  const std::string text = read_text(node, key, 40);
  const Row* row = text.rfind("0x", 0) == 0 ? row_at(text) : row_named(text);
  if (row == nullptr) {
    refuse(node, key, "an address or a name of `vmeter registers`, such as 0x2008 or U L1");
  }
  return *row;
}

RowValue load_row_value(const TreeNode& node, std::string_view key, const Row& row) {
  RowValue out;
  if (row.type == ValueType::ascii) {
    out.text = read_text(node, key, row.bytes);
    out.shown = in_quotes(out.text);
    return out;
  }
  if (row.type == ValueType::bcd) {
    const std::size_t digits = std::size_t{2} * row.bytes;
    out.text = read_text(node, key, digits);
    if (!all_digits(out.text) || out.text.size() != digits) {
      refuse(node, key, fmt::format("{} digits", digits));
    }
    out.shown = out.text;
    return out;
  }
  if (row.type == ValueType::bits) {
    const std::size_t digits = std::size_t{2} * row.bytes;
    out.text = read_text(node, key, digits);
    if (out.text.size() != digits ||
        out.text.find_first_not_of("0123456789ABCDEF") != std::string::npos) {
      refuse(node, key, fmt::format("{} digits of 0 to 9, A to F", digits));
    }
    out.shown = out.text;
    return out;
  }
  out.number = load_row_number(node, key, row);
  out.shown = show_row_exactly(*out.number, row);
  return out;
}

Band load_row_tolerance(const TreeNode& node, std::string_view key, const Row& row) {
  const RowUnit unit = unit_of(row);
  if (node.kind == TreeNode::Kind::scalar) {
    const ParsedQuantity share = parse_quantity(node.text, {Dimension::ratio});
    if (share.quantity) {
      const double value = share.quantity->value();
      if (!(value >= 0 && value <= 1)) refuse(node, key, "0 % to 100 %");
      return {value, true, node.text};
    }
  }
  const ParsedQuantity parsed = parse_quantity(
      node.kind == TreeNode::Kind::scalar ? node.text : std::string(), {unit.dimension});
  if (!parsed.quantity) {
    refuse(node, key,
           fmt::format("a percentage, or {} such as {}", name_of(unit.dimension),
                       example_of(unit.dimension)));
  }
  const double value = parsed.quantity->value() / unit.base_units;
  if (!(value >= 0)) refuse(node, key, "a tolerance of at least 0");
  return {value, false, node.text};
}

RegisterWrite load_register_write(const TreeNode& node) {
  const SectionReader reader(node, section("write"));
  const TreeNode& address = reader.get("register");
  const Row& row = load_register(address, "register");
  using metrology::registers::Access;
  const Access access = metrology::registers::access(row, metrology::registers::Port::debug);
  if (access != Access::read_write && access != Access::write) {
    refuse(address, "register", "a register that can be written");
  }
  return load_write_value(reader.get("value"), row);
}

RegisterWrite load_write_value(const TreeNode& node_value, const Row& row) {
  RegisterWrite out;
  out.row = &row;
  const RowValue value = load_row_value(node_value, "value", row);
  out.shown = value.shown;
  out.number = value.number.value_or(0);
  std::uint32_t word = 0;
  if (out.row->type == ValueType::bits) {
    std::string digits = value.text;
    digits.resize(8 * out.words.size(), '0');
    for (std::size_t n = 0; n < out.words.size(); ++n) {
      out.words[n] = static_cast<std::uint32_t>(std::stoul(digits.substr(8 * n, 8), nullptr, 16));
    }
    return out;
  }
  if (out.row->type == ValueType::floating) {
    word = float_bits(*value.number);
  } else if (out.row->type == ValueType::bcd) {
    word = static_cast<std::uint32_t>(std::stoul(value.text, nullptr, 16));
  } else {
    const double number = value.number.value_or(0);
    if (!(number >= -32768 && number <= 65535) || number != static_cast<std::int32_t>(number)) {
      refuse(node_value, "value", "a whole number of 16 bits");
    }
    word = static_cast<std::uint32_t>(static_cast<std::int32_t>(number));
  }
  // Bytes stand big endian from the first word's upper end on.
  out.words[0] = out.row->bytes == 2 ? word << 16U : word;
  return out;
}

}  // namespace tools
