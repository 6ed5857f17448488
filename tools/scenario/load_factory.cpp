#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "tools/scenario/load_parts.h"

namespace tools {
namespace {

namespace energy = metrology::energy;
namespace registers = metrology::registers;

/// One counter of a meter: 10⁶ kWh is where the display rolls over, a hundred times that is more
/// than any meter counts in its life, and all twelve of one kind together stay within 63 bits.
constexpr std::int64_t counter_max_uWh = std::int64_t{100'000'000} * 1'000'000'000;

registers::CombinedCode load_combined_code(const TreeNode& node) {
  const std::int64_t number = read_count(node, "combined_code", 0, INT32_MAX);
  for (const registers::CombinedCode code : registers::combined_codes) {
    if (static_cast<std::int64_t>(code) == number) return code;
  }
  refuse(node, "combined_code", "1, 4, 5, 6, 9 or 10");
}

std::uint8_t load_lcd_time(const TreeNode& node) {
  const std::optional<Int128> seconds = read_quantity(node, "lcd_time", "time").scaled(0);
  if (!seconds || *seconds < 1 || *seconds > registers::lcd_cycle_max_s) {
    refuse(node, "lcd_time", "whole seconds, 1 s to 30 s");
  }
  return static_cast<std::uint8_t>(*seconds);
}

std::array<std::uint8_t, registers::scroll_mask_bytes> load_scroll_pages(const TreeNode& node) {
  std::array<std::uint8_t, registers::scroll_mask_bytes> mask{};
  for (const TreeNode& item : read_list(node, "scroll_pages", "page_list")) {
    const auto bit = static_cast<std::size_t>(load_page_number(item, "scroll_pages") - 1);
    const auto flag = static_cast<std::uint8_t>(1U << (bit % 8));
    if ((mask[bit / 8] & flag) != 0) refuse(item, "scroll_pages", "each page once");
    mask[bit / 8] = static_cast<std::uint8_t>(mask[bit / 8] | flag);
  }
  return mask;
}

std::uint32_t load_time_scale(const TreeNode& node) {
  const std::optional<Int128> permille = read_quantity(node, "time_scale", "ratio").scaled(3);
  if (!permille || *permille < 1 || *permille > 10'000) {
    refuse(node, "time_scale", "0.1 % to 1000 %, in steps of 0.1 %");
  }
  return static_cast<std::uint32_t>(*permille);
}

struct CounterPlace {
  energy::Account& account;
  energy::Kind kind;
  energy::Direction direction;
  energy::Tariff tariff;
};

/// Where the counter stands that the key names; keys are those of the language's table.
CounterPlace place_of(const std::string& key, energy::Accounts& accounts) {
  energy::Account* account = &accounts.total;
  if (key[0] == 'L') account = &accounts.phase[key[1] - '1'];
  return {*account,
          key.find("reactive") != std::string::npos ? energy::Kind::reactive : energy::Kind::active,
          key.find("reverse") != std::string::npos ? energy::Direction::reverse
                                                   : energy::Direction::forward,
          key.back() == '2' ? energy::Tariff::t2 : energy::Tariff::t1};
}

void load_counters(const TreeNode& node, MeterSpec& meter) {
  const SectionReader reader(node, section("counters"));
  const bool aron = meter.page.connection == metrology::hal::Connection::aron;
  for (const Entry& entry : node.entries) {
    const Key& key = *section("counters").find(entry.key);
    const bool total = entry.key[0] == 't';
    if (total && !aron) {
      refuse(entry.value, entry.key, "none: the total is the phases' sum but in connection: aron");
    }
    const std::optional<Int128> uWh = read_quantity(entry.value, entry.key, key.type).scaled(6);
    if (!uWh || *uWh < 0 || *uWh > counter_max_uWh) {
      refuse(entry.value, entry.key, "0 to 1e8 kWh or kvarh, in steps of a millionth of 1 Wh");
    }
    const CounterPlace place = place_of(entry.key, meter.counters);
    place.account.of(place.kind, place.direction, place.tariff).counter_uWh =
        static_cast<std::int64_t>(*uWh);
    if (aron) continue;
    energy::EnergyCounter& sum = meter.counters.total.of(place.kind, place.direction, place.tariff);
    sum.counter_uWh += static_cast<std::int64_t>(*uWh);
  }
}

}  // namespace

void load_factory_settings(const SectionReader& settings, MeterSpec& meter) {
  SettingsChange& change = meter.settings;
  if (const TreeNode* n = settings.find("combined_code")) {
    change.combined_code = load_combined_code(*n);
  }
  if (const TreeNode* n = settings.find("lcd_time")) change.lcd_cycle_s = load_lcd_time(*n);
  if (const TreeNode* n = settings.find("scroll_pages")) {
    change.scroll_mask = load_scroll_pages(*n);
  }
  if (const TreeNode* n = settings.find("backlight")) {
    change.backlight =
        static_cast<registers::BacklightMode>(read_choice(*n, "backlight", "backlight_mode"));
  }
  if (const TreeNode* n = settings.find("tariff")) {
    change.saved_tariff = static_cast<energy::Tariff>(read_choice(*n, "tariff", "tariff_name"));
  }
  if (const TreeNode* n = settings.find("time_scale")) {
    meter.page.ui_time_permille = load_time_scale(*n);
  }
}

void load_factory(const SectionReader& reader, MeterSpec& meter) {
  if (const TreeNode* n = reader.find("counters")) load_counters(*n, meter);
  if (const TreeNode* n = reader.find("eeprom")) {
    const std::filesystem::path path = read_text(*n, "eeprom", 4096);
    // Beside the file that names it, like an include.
    const std::filesystem::path named_in = n->position.file ? *n->position.file : std::string();
    meter.eeprom_file = (named_in.parent_path() / path).string();
  }
  if (const TreeNode* n = reader.find("holdup")) {
    meter.holdup = read_time(*n, "holdup");
    if (meter.holdup > models::supply::longest_holdup_ps) refuse(*n, "holdup", "0 ms to 60 s");
  }
  if (const TreeNode* n = reader.find("tariff_input")) {
    meter.tariff_input = load_tariff_voltage(*n);
  }
}

}  // namespace tools
