// What is debugged, as the protocol speaks of it: one thread of 32-bit registers before a memory of
// bytes, halted while it is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tools::gdb {

/// The protocol's Z0 … Z4, in their order. Both kinds of breakpoint are the simulator's own: memory
/// is never changed for them.
enum class PointKind : std::uint8_t {
  software_breakpoint,
  hardware_breakpoint,
  write_watchpoint,
  read_watchpoint,
  access_watchpoint
};
inline constexpr int point_kinds = 5;

struct Point {
  PointKind kind;
  std::uint32_t address;
  std::uint32_t length;  ///< bytes that are watched; of a breakpoint without meaning

  bool operator==(const Point& other) const {
    return kind == other.kind && address == other.address && length == other.length;
  }
};

/// Registers by number: x0 … x31, the program counter, and CSR n at `first_csr` + n.
inline constexpr std::uint32_t register_pc = 32;
inline constexpr std::uint32_t first_csr = 65;

class Target {
 public:
  Target() = default;
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  virtual ~Target() = default;

  /// Nothing: there is no such register.
  virtual std::optional<std::uint32_t> read_register(std::uint32_t number) = 0;
  /// False: there is none, or it cannot be written.
  virtual bool write_register(std::uint32_t number, std::uint32_t value) = 0;
  /// The bytes at `address`, as many of `length` as can be read from its begin on.
  virtual std::string read_memory(std::uint32_t address, std::uint32_t length) = 0;
  /// All or nothing.
  virtual bool write_memory(std::uint32_t address, std::string_view bytes) = 0;
  /// Setting one that is set changes nothing; so does clearing one that is not.
  virtual void set(const Point& point) = 0;
  virtual void clear(const Point& point) = 0;
  /// gdb's `monitor COMMAND`: what is to be printed, with its line ends.
  virtual std::string monitor(std::string_view command) = 0;
};

}  // namespace tools::gdb
