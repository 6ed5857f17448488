// What a load or store is about to access, read from its code: gdb takes it that a watchpoint of a
// RISC-V halts before the access, steps once and compares.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace tools::gdb {

struct DataAccess {
  std::uint32_t address;
  std::uint32_t length;  ///< bytes: 1, 2 or 4
  bool is_write;
};

/// Of the RV32IC instruction `code` (of a short one only the low half is looked at) with registers
/// `x`; nothing for all that are no load or store.
std::optional<DataAccess> data_access(std::uint32_t code, const std::array<std::uint32_t, 32>& x);

}  // namespace tools::gdb
