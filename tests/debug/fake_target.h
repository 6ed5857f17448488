// A target of plain variables, which keeps what was asked of it.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "tools/gdb/target.h"

namespace tests {

struct FakeTarget final : tools::gdb::Target {
  static constexpr std::uint32_t memory_base = 0x2000'0000;
  static constexpr std::uint32_t mstatus = tools::gdb::first_csr + 0x300;

  std::optional<std::uint32_t> read_register(std::uint32_t number) override {
    if (number <= tools::gdb::register_pc) return registers[number];
    if (number == mstatus) return csr;
    return std::nullopt;
  }
  bool write_register(std::uint32_t number, std::uint32_t value) override {
    if (number == mstatus) csr = value;
    if (number > tools::gdb::register_pc) return number == mstatus;
    registers[number] = value;
    return true;
  }
  std::string read_memory(std::uint32_t address, std::uint32_t length) override {
    const std::uint32_t offset = address - memory_base;
    return offset < memory.size() ? memory.substr(offset, length) : std::string();
  }
  bool write_memory(std::uint32_t address, std::string_view bytes) override {
    const std::uint32_t offset = address - memory_base;
    if (offset >= memory.size() || bytes.size() > memory.size() - offset) return false;
    memory.replace(offset, bytes.size(), bytes);
    return true;
  }
  void set(const tools::gdb::Point& point) override { points.push_back(point); }
  void clear(const tools::gdb::Point& point) override { cleared.push_back(point); }
  std::string monitor(std::string_view command) override {
    return command == "time" ? "1 s\n" : "";
  }

  std::array<std::uint32_t, 33> registers{};
  std::uint32_t csr = 0x1800;
  std::string memory = std::string("\x01\x02\x03\x04", 4) + std::string(60, '\0');
  std::vector<tools::gdb::Point> points;
  std::vector<tools::gdb::Point> cleared;
};

}  // namespace tests
