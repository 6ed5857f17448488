#include "tools/profile/charge_table_file.h"

#include <fmt/format.h>

#include "metrology/app/charge_table.h"
#include "tools/profile/report.h"

namespace tools::profile {
namespace {

namespace app = metrology::app;

constexpr const char* head =
    R"(// The cycles of the firmware's pieces of code on the twin's core, in the order of their numbers.
// What each stands for says charges.h. Written by `vmeter charges --write`: for a new piece a row
// with a guess is added by hand, and the command replaces the guess.
#pragma once

#include <cstdint>

namespace metrology::app {{

struct ChargeRow {{
  const char* name;
  std::uint32_t cycles;
}};

/// The checksum of the flashed image that the cycles were measured with; 0: guesses.
inline constexpr std::uint32_t charge_table_image = 0x{:04X}'{:04X};

// clang-format off
inline constexpr ChargeRow charge_table[] = {{
)";

constexpr const char* tail = R"(};
// clang-format on

}  // namespace metrology::app
)";

/// 12345678 as 12'345'678.
std::string with_marks(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, '\'');
  }
  return digits;
}

}  // namespace

std::uint64_t charge_for(std::uint64_t measured) {
  const std::uint64_t wanted = measured + (measured + 15) / 16;
  std::uint64_t unit = 1;
  while (wanted >= 100 * unit) unit *= 10;
  return (wanted + unit - 1) / unit * unit;
}

std::vector<std::string> complaints(const ChargeRecord& record, std::uint32_t image) {
  std::vector<std::string> out;
  if (image != app::charge_table_image) {
    out.push_back(
        fmt::format("the table was measured with image {:08X}, this is {:08X}: write it anew",
                    app::charge_table_image, image));
  }
  std::vector<std::uint64_t> present;
  for (const app::ChargeRow& row : app::charge_table) present.push_back(row.cycles);
  for (const Shortfall& short_of : shortfalls(record, present)) {
    std::string what = charge_name(short_of.pair.base);
    if (short_of.pair.each != ChargeRecord::none) {
      what += fmt::format(" + {} {}", short_of.count, charge_name(short_of.pair.each));
    }
    out.push_back(fmt::format("{}: charged with {} cycles, and takes {}", what, short_of.charged,
                              short_of.measured));
  }
  return out;
}

std::vector<MeasuredRow> measured_rows(const ChargeRecord& record) {
  const std::vector<std::uint64_t> least = least_charges(record, std::size(app::charge_table));
  std::vector<MeasuredRow> out;
  for (std::uint32_t n = 0; n < std::size(app::charge_table); ++n) {
    const app::ChargeRow& row = app::charge_table[n];
    const std::uint64_t times = record.times(n);
    out.push_back(
        {row.name, times, least[n], row.cycles, times == 0 ? row.cycles : charge_for(least[n])});
  }
  return out;
}

std::string charge_table_text(const std::vector<MeasuredRow>& rows, std::uint32_t image) {
  std::string out = fmt::format(head, image >> 16, image & 0xFFFF);
  for (const MeasuredRow& row : rows) {
    out += fmt::format("    {{\"{}\", {}}},\n", row.name, with_marks(row.charge));
  }
  return out + tail;
}

}  // namespace tools::profile
