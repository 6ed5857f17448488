#include "tools/report/gtkwave.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "tools/report/vcd.h"

namespace tools {
namespace {

constexpr int window_width = 1400;
constexpr int names_width = 260;
constexpr int row_height = 25;
constexpr int window_height_most = 1000;

/// Trace flags of GTKWave: a bit in binary at the right, a comment, a comment that begins or ends a
/// group which can be folded.
constexpr const char* bit = "@28";
constexpr const char* group_begins = "@800200";
constexpr const char* group_ends = "@1000200";

struct Group {
  const char* title;
  std::vector<const char*> last_names;
};
/// A signal is in the first group that knows the last part of its name.
const Group groups[] = {
    {"serial",
     {"line", "current", "master_tx", "bus_tx", "bus_driver", "ir_line", "ir_reader_tx", "ir_tx"}},
    {"pulses", {"s0_forward", "s0_reverse", "led_active", "led_reactive"}},
    {"panel", {"led_tariff", "backlight"}}};

std::string last_name(const std::string& instance) {
  return instance.substr(instance.rfind('.') + 1);
}

}  // namespace

std::string gtkwave_document(const std::string& save_path, const std::string& vcd_path,
                             const std::vector<std::string>& signals, std::uint64_t steps) {
  const auto absolute = [](const std::string& path) {
    return std::filesystem::absolute(path).lexically_normal().string();
  };
  std::vector<std::string> scopes;
  scopes.reserve(signals.size());
  for (const std::string& signal : signals) scopes.push_back(VcdWriter::scope_name(signal));
  std::sort(scopes.begin(), scopes.end());
  scopes.erase(std::unique(scopes.begin(), scopes.end()), scopes.end());

  std::string rows;
  int count = 0;
  for (const std::string& scope : scopes) {
    for (const Group& group : groups) {
      std::string members;
      for (const char* name : group.last_names) {
        for (const std::string& signal : signals) {
          if (VcdWriter::scope_name(signal) != scope || last_name(signal) != name) continue;
          members += fmt::format("{}\n{}.{}\n", bit, scope, VcdWriter::wire_name(signal));
          ++count;
        }
      }
      if (members.empty()) continue;
      const std::string title = fmt::format("-{} {}\n", scope, group.title);
      rows += fmt::format("{}\n{}{}{}\n{}", group_begins, title, members, group_ends, title);
      count += 2;
    }
  }
  // GTKWave's zoom z shows 2^-z steps in 200 pixels.
  const double pixels = window_width - names_width;
  const double zoom = -std::log2(std::max(1.0, 200 * static_cast<double>(steps) / pixels));
  const int height = std::min(window_height_most, 200 + row_height * count);
  return fmt::format(
      "[*] made by vmeter\n[dumpfile] \"{}\"\n[savefile] \"{}\"\n[timestart] 0\n[size] {} {}\n"
      "[pos] -1 -1\n*{:.6f} 0 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 "
      "-1 -1 -1\n[sst_width] 0\n[signals_width] {}\n[sst_expanded] 0\n{}",
      absolute(vcd_path), absolute(save_path), window_width, height, zoom, names_width, rows);
}

}  // namespace tools
